"""What the command palette offers: places, acts of the page that is open, and what concerns the one who works here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from shouhou.kernel.pinyin import typed_words
from shouhou.web.context import console
from shouhou.web.requests import ActorRequest
from shouhou.workorders.queries import find_page

type Label = str | Promise

_LANGUAGES = ("zh-hans", "en")
_ACTS_AT_MOST = 24
_ACT_LENGTH = 40
_THEMES: tuple[tuple[str, str, Label], ...] = (
    ("light", "light", gettext_lazy("Theme: light")),
    ("dark", "dark", gettext_lazy("Theme: dark")),
    ("system", "system", gettext_lazy("Theme: as the system")),
)


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette. Followed as a link, or sent as a form where it has `field` (its name and value).

    `act` is the place of an element of the page that is pressed instead, `theme` a theme that is put on, `opens` a dialog.
    """

    label: Label
    icon: str
    url: str = ""
    note: Label = ""
    field: tuple[str, str] | None = None
    new_tab: bool = False
    leaves: bool = False
    act: int | None = None
    theme: str = ""
    opens: str = ""

    @property
    def words(self) -> str:
        """All that may be typed for it: its name in both languages, its pinyin and the initials of it."""
        names = {str(self.label)}
        for language in _LANGUAGES:
            with translation.override(language):
                names.add(str(self.label))
        typed = [word for name in sorted(names) for word in (name, *typed_words(name))]
        return "|".join("".join(word.replace("|", "").casefold().split()) for word in typed)


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """Commands under one heading."""

    key: str
    title: Label
    commands: Sequence[Command]


def command_groups(request: ActorRequest, *, acts: Iterable[str], today: date) -> list[CommandGroup]:
    """What the actor may do from here. `acts` are the names of what the open page offers, in its order. At most one query.

    What the page itself offers is named once, by the page.
    """
    own = [
        Command(label=name.strip()[:_ACT_LENGTH], icon="next", act=place)
        for place, name in enumerate(list(acts)[:_ACTS_AT_MOST])
        if name.strip()
    ]
    taken = {command.label for command in own}
    groups = [
        CommandGroup("page", gettext_lazy("On this page"), own),
        CommandGroup("places", gettext_lazy("Go to"), _places(request, today=today)),
        CommandGroup("branches", gettext_lazy("Work in another branch"), _branches(request)),
        CommandGroup("own", gettext_lazy("Screen and sign-in"), _own(request)),
    ]
    left = [
        CommandGroup(one.key, one.title, [command for command in one.commands if _stays(command, taken)])
        for one in groups
    ]
    return [group for group in left if group.commands]


def _stays(command: Command, taken: set[Label]) -> bool:
    return command.act is not None or str(command.label) not in taken


def _places(request: ActorRequest, *, today: date) -> list[Command]:
    shell: dict[str, Any] = console(request)
    found = []
    if shell.get("intake_url"):
        found.append(Command(gettext_lazy("New call"), "add", shell["intake_url"]))
    found += [Command(entry.label, entry.icon, entry.url) for entry in shell["rail"]]
    found.append(Command(gettext_lazy("Rules and promises"), "form", reverse("policies")))
    branch = request.actor.branch
    if branch and request.actor.may("workorders.see_register"):
        found.append(Command(gettext_lazy("Today's page"), "register", reverse("register_page", args=[today])))
        if request.actor.may("forms.print_form") and find_page(branch, today):
            url = reverse("print_register_page", args=[today])
            found.append(Command(gettext_lazy("Print today's page"), "print", url, field=("print", "1"), new_tab=True))
    return found


def _branches(request: ActorRequest) -> list[Command]:
    here = request.actor.branch
    return [
        Command(one.name, "branch", reverse("set_branch"), note=one.code, field=("branch", str(one.id)))
        for one in request.actor.branches
        if here is None or one.id != here.id
    ]


def _own(request: ActorRequest) -> list[Command]:
    english = (translation.get_language() or "").startswith("en")
    language = ("zh-hans", "中文") if english else ("en", "English")
    return [
        *(Command(label, icon, theme=theme) for theme, icon, label in _THEMES),
        Command(
            pgettext_lazy("command", "Change the language"),
            "language",
            reverse("set_language"),
            note=language[1],
            field=("language", language[0]),
        ),
        Command(gettext_lazy("Keys"), "keyboard", opens="keys"),
        Command(gettext_lazy("Sign-in and security"), "security", reverse("mfa_index")),
        Command(gettext_lazy("Change password"), "password", reverse("account_change_password")),
        Command(gettext_lazy("Sign out"), "sign_out", reverse("account_logout"), field=("sign_out", "1"), leaves=True),
    ]
