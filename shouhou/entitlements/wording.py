"""What a verdict keeps as a template with its words, said in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from shouhou.policies.rules.facts import NAMES
from shouhou.policies.wording import fact_name, fact_value, joined

_NAMED = 6


def told_words(told: Mapping[str, Any]) -> str:
    """A kept template filled in; what stands in it may be words of the product as well."""
    params = {name: _(value) if isinstance(value, str) and value else value for name, value in told["params"].items()}
    if isinstance(needs := told["params"].get("needs"), str):
        params["needs"] = joined(fact_name(name) if name in NAMES else name for name in needs.split(", "))
    if told["params"].get("fact") in NAMES:
        params["fact"] = fact_name(told["params"]["fact"])
    template: str = told["template"]
    return _(template) % params


def assumption_words(told: Mapping[str, Any]) -> str:
    """What is supposed. About a fact: its name and what it would be."""
    fact = told.get("fact")
    if not fact:
        return told_words(told)
    values, to = told["values"], told["to"]
    if to is not None:
        between = {"fact": fact_name(fact), "first": fact_value(fact, values[0]), "last": fact_value(fact, to)}
        return _("%(fact)s: %(first)s to %(last)s") % between
    said = [fact_value(fact, one) for one in values]
    if len(said) > _NAMED:
        more = {"values": joined(said[: _NAMED - 1]), "number": len(said) - _NAMED + 1}
        listed = _("%(values)s and %(number)s more") % more
    else:
        listed = joined(said)
    return _("%(fact)s: %(values)s") % {"fact": fact_name(fact), "values": listed}
