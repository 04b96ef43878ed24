"""Refusals: the named errors with which an action says no.

An interface turns a refusal into its own form: a message beside the field, a problem document, a line on the terminal.
Texts are English templates; the interface translates the template first and fills in the parameters after.
"""

from collections.abc import Callable
from typing import Any, ClassVar


def gettext_noop(text: str) -> str:
    """Mark a text for the translation catalogue without translating it here; the name is the one that extractors know."""
    return text


class Wording(str):
    """A part of a message with words of its own: an English text that an interface can say in another language."""

    __slots__ = ("params", "template")

    def __new__(cls, template: str, **params: Any) -> "Wording":
        made = super().__new__(cls, template % params if params else template)
        made.template, made.params = template, params
        return made

    def __init__(self, template: str, **params: Any) -> None:
        # Both are set where the text is made, because a text cannot be changed afterwards.
        self.template: str
        self.params: dict[str, Any]

    def told(self, translate: Callable[[str], str]) -> str:
        """The same in the language of `translate`, words within it as well."""
        params = {name: one.told(translate) if isinstance(one, Wording) else one for name, one in self.params.items()}
        return translate(self.template) % params if params else translate(self.template)


class Refusal(Exception):
    """Something was asked that may not, or cannot, be done now.

    `code` is stable and part of the API; `field` names the input that has to change, where there is one.
    """

    code: ClassVar[str] = "refused"
    template: ClassVar[str] = gettext_noop("This cannot be done.")

    def __init__(self, *, field: str = "", **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        return self.template % self.params


class NotFound(Refusal):
    """It does not exist, or not for the one who asks: the two are never told apart."""

    code = "not_found"
    template = gettext_noop("This does not exist, or not in your branches.")


class NotPermitted(Refusal):
    """The actor's roles in this branch do not include the permission."""

    code = "not_permitted"
    template = gettext_noop("Your roles in this branch do not allow this (%(permission)s).")


class Invalid(Refusal):
    """The input itself is wrong, whatever the state of the record."""

    code = "invalid"
    template = gettext_noop("The input is not valid.")


class Conflict(Refusal):
    """The input is right, but the record is not in a state that allows the act."""

    code = "conflict"
    template = gettext_noop("The record has changed or is not in a state that allows this.")
