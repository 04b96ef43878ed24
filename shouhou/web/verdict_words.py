"""A verdict in words, in the reader's language: the same for one that is asked now and for one that was stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouhou.assets.rules import HappeningKind
from shouhou.entitlements.models import Verdict
from shouhou.entitlements.queries import cited_texts
from shouhou.entitlements.rules.answers import answer_of, cited_by, versions_in
from shouhou.entitlements.rules.documents import BESIDE, write_question
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.entitlements.rules.words import Charged, Ground, Payer
from shouhou.entitlements.wording import assumption_words, told_words
from shouhou.policies.rules.book import OverlappingVersions, PacksContradict
from shouhou.policies.rules.facts import NAMES
from shouhou.policies.wording import fact_name, fact_value, is_chinese, joined, number_words, span_words, word
from shouhou.web.cited_words import CitedWords, LineWords, RemedyWords, WayWords, cited_words
from shouhou.web.components.trade import CLASS_NAMES

KINDS = {
    Charged.LABOUR: gettext_lazy("Labour"),
    Charged.PART: gettext_lazy("Parts"),
    Charged.TRAVEL: gettext_lazy("Travel to the customer"),
}
PAYERS = {
    Payer.CUSTOMER: gettext_lazy("the customer pays"),
    Payer.COMPANY: gettext_lazy("free for the customer"),
    Payer.CONTRACT: gettext_lazy("under the contract"),
    Payer.OPEN: gettext_lazy("not decided yet"),
}
# The same, said to him.
TOLD = {
    Payer.CUSTOMER: gettext_lazy("you pay"),
    Payer.COMPANY: gettext_lazy("free for you"),
    Payer.CONTRACT: gettext_lazy("paid by your contract"),
    Payer.OPEN: gettext_lazy("not decided yet"),
}
# Of these the lines speak already.
_IN_THE_LINES = {"repair", "on_site", "transport_cost"}
_STANDSTILLS = {"repair", "parts_wait", "installation_pending"}
_CLASHES = {PacksContradict.code, OverlappingVersions.code}
_SHOWN_WAYS = 4
_ON_PAPER = 6


@dataclass(frozen=True)
class VerdictWords:
    """A verdict for a template. `cited` holds what every version that the answer names says."""

    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    cited: Mapping[str, Mapping[str, Any]]

    @property
    def work_class(self) -> str:
        return self.answer["work_class"] or ""

    @property
    def class_name(self) -> str:
        return str(CLASS_NAMES[self.work_class]) if self.work_class else _("Not decided yet")

    @property
    def ground(self) -> str:
        return str(Ground(self.answer["ground"]).label)

    @property
    def is_free(self) -> bool:
        return self.work_class == "C"

    @property
    def is_repair(self) -> bool:
        return bool(self.question.get("work_type", "repair") == "repair")

    @property
    def last_day(self) -> date | None:
        return _day(self.answer["last_day"])

    @cached_property
    def period(self) -> str:
        """Which guarantee it rests on, as a noun: the whole unit, the main parts, the certificate."""
        ends = self.answer["last_day"]
        certificate = _day(self.question.get("certificate_ends_on"))
        if certificate and ends and _day(ends) == certificate - timedelta(days=1):
            return _("certificate of the model")
        named = [one["kind"] for one in self.answer["segments"] if one["last_day"] == ends]
        return _("guarantee: %(what)s") % {"what": word("segment", named[0])} if named else _("guarantee")

    @cached_property
    def lines(self) -> list[LineWords]:
        return [
            LineWords(
                str(KINDS[Charged(one["kind"])]),
                one["payer"],
                str(PAYERS[Payer(one["payer"])]),
                str(TOLD[Payer(one["payer"])]),
            )
            for one in self.answer["lines"]
        ]

    @cached_property
    def rules(self) -> list[CitedWords]:
        """The rules that the class rests on, then those of single lines."""
        versions = [*self.answer["rules"], *(name for line in self.answer["lines"] for name in line["rules"])]
        return self.cite(versions)

    @property
    def paper_rules(self) -> list[CitedWords]:
        """As many of them as fit on one sheet with all the rest; and the rules of what the customer may ask for."""
        every = [*self.rules, *(cited for one in self.further for cited in one.cited)]
        return list({one.version: one for one in every}.values())[:_ON_PAPER]

    @property
    def by(self) -> CitedWords | None:
        """The first of them: the one to name where there is room for one."""
        return self.rules[0] if self.rules else None

    @cached_property
    def remedies(self) -> list[RemedyWords]:
        return [
            RemedyWords(
                one["remedy"], word("remedy", one["remedy"]), _terms(one), tuple(self.cite(one.get("rules", ())))
            )
            for one in self.answer["remedies"]
        ]

    @property
    def further(self) -> list[RemedyWords]:
        """What he may ask for beside the free repair."""
        return [one for one in self.remedies if one.code not in _IN_THE_LINES]

    @cached_property
    def deadlines(self) -> list[str]:
        return [
            _("%(what)s: %(who)s has %(time)s, counted from: %(since)s")
            % {
                "who": word("side", one["side"]),
                "what": word("act", one["act"]),
                "time": span_words(one["amount"], one["unit"]),
                "since": word("since", one["since"]),
            }
            for one in self.answer["deadlines"]
        ]

    @cached_property
    def because(self) -> list[str]:
        """What is known of the unit and counted here, a few words each."""
        said = [
            template % {"day": _day(one["on"]) or one["on"]}
            for what, template in _dated().items()
            for one in self.question.get("history") or ()
            if one["what"] == what
        ]
        counts = self.answer["counts"] or {}
        if repairs := counts.get("repairs"):
            said.append(_("repaired %(times)s×") % {"times": repairs})
        if days := counts.get("days_left_out"):
            said.append(_("%(days)s days in repair left out") % {"days": days})
        if days := self._standstill():
            said.append(_("%(days)s days do not count") % {"days": days})
        if found := self.question.get("exclusions"):
            said.append(_("found: %(what)s") % {"what": fact_value("exclusions", found)})
        if contract := self.question.get("contract"):
            said.append(_("contract %(number)s") % {"number": contract})
        return said

    @cached_property
    def missing(self) -> list[str]:
        """The facts that decide it and are not known."""
        return [fact_name(name) for name in self.answer["needs"] if name in NAMES]

    @property
    def unclear(self) -> str:
        """What is wrong with the history, in a sentence; empty where nothing is."""
        refusal = self.answer["unclear"]
        if refusal is None:
            return ""
        return told_words(refusal)

    @property
    def is_clash(self) -> bool:
        """Whether rules contradict each other: then facts that are missing beside come second."""
        return bool(self.answer["unclear"]) and self.answer["unclear"]["code"] in _CLASHES

    @cached_property
    def ways(self) -> list[WayWords]:
        """What it would be under each assumption."""
        return [
            WayWords(
                _("; ").join(assumption_words(each) for each in one["assumptions"]),
                one["work_class"] or "",
                str(CLASS_NAMES[one["work_class"]]) if one["work_class"] else _("Not decided yet"),
                str(Ground(one["ground"]).label),
                _day(one["last_day"]),
                _day(one.get("last_day_to")),
                tuple(word("remedy", code) for code in one.get("remedies", ()) if code not in _IN_THE_LINES),
            )
            for one in self.answer["supposed"]
        ]

    @property
    def first_ways(self) -> list[WayWords]:
        return self.ways[:_SHOWN_WAYS]

    @property
    def unsure(self) -> list[CitedWords]:
        """Rules of the answer that nobody has checked against the full text."""
        every = {one.version: one for one in [*self.rules, *(cited for each in self.remedies for cited in each.cited)]}
        return [one for one in every.values() if not one.is_checked]

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """All facts that were used, by name; what happened to the unit comes apart (`life`)."""
        given = [(fact_name(name), fact_value(name, value)) for name, value in self.question.items() if name in NAMES]
        beside = [
            ((BESIDE[name].zh if is_chinese() else BESIDE[name].en).partition(";")[0].partition("；")[0], str(value))
            for name, value in self.question.items()
            if name in BESIDE and name in ("contract", "certificate_ends_on")
        ]
        return [*given, *beside]

    @cached_property
    def life(self) -> list[tuple[str, str]]:
        """What happened to the unit: the day, and what it was."""
        names = {"sold": _("sold"), "delivered": _("delivered"), "installed": _("installed")}
        names |= {kind.value: str(kind.label) for kind in HappeningKind}
        lines = []
        for one in self.question.get("history") or ():
            day = str(one.get("on") or one.get("at") or one.get("starts_at"))[:10]
            fault = (one.get("fault") or {}).get("code", "")
            what = names.get(one["what"], one["what"].replace("_", " "))
            lines.append((day, f"{what} · {fault}" if fault else what))
        return lines

    def cite(self, versions: Iterable[str]) -> list[CitedWords]:
        """What these versions say, each once, in their order."""
        return [cited_words(self.cited[one]) for one in dict.fromkeys(versions) if one in self.cited]

    def _standstill(self) -> int:
        """Days by which the end of the period that counts was moved."""
        ends = self.answer["last_day"]
        for one in self.answer["segments"]:
            if one["last_day"] == ends:
                return sum(step["days"] for step in one["steps"] if step["why"] in _STANDSTILLS)
        return 0


def words_of(coverage: Coverage) -> VerdictWords:
    """A verdict that was asked for now and is stored nowhere."""
    return VerdictWords(write_question(coverage.question), answer_of(coverage), cited_by(coverage))


def words_stored(verdicts: Iterable[Verdict]) -> list[VerdictWords]:
    """Verdicts as they were given, with the texts of that time. One query for all of them."""
    rows = list(verdicts)
    texts = cited_texts(version for row in rows for version in versions_in(row.answer))
    return [VerdictWords(row.question, row.answer, texts) for row in rows]


def _dated() -> dict[str, str]:
    return {
        "sold": _("sold %(day)s"),
        "delivered": _("delivered %(day)s"),
        "installed": _("installed %(day)s"),
        "replaced": _("replaced %(day)s"),
    }


def _terms(one: Mapping[str, Any]) -> str:
    said = []
    if refund := one.get("refund"):
        ends = [f"¥{number_words(Decimal(refund[end]))}" for end in ("least", "most") if refund[end] is not None]
        said.append("–".join(dict.fromkeys(ends)))
        if one["less"] != "nothing":
            said.append(_("less %(what)s") % {"what": word("less", one["less"])})
    if bearer := one.get("bearer"):
        said.append(_("%(who)s pays") % {"who": word("bearer", bearer)})
    if len(others := one.get("chooses_among", ())) > 1:
        choice = joined(word("remedy", each) for each in others)
        said.append(_("the customer chooses among: %(what)s") % {"what": choice})
    if needs := one.get("needs"):
        said.append(_("the amount needs: %(facts)s") % {"facts": joined(fact_name(name) for name in needs)})
    return joined(said)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
