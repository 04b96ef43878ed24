"""The guarantee of a unit for the reader: as a sketch to be drawn, and the same facts as lines of a table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shouhou.assets.models import Asset
from shouhou.assets.warranty.facts import Guarantee
from shouhou.assets.warranty.segments import Moved, Step, WarrantySegment
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.policies.rules.plain import plain_rule
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import Segment
from shouhou.policies.wording import fact_name, fact_value, joined, word
from shouhou.web.cited_words import CitedWords, cited_words
from shouhou.web.warranty_picture import draw
from shouhou.web.warranty_shapes import Bar, Named, Picture, Repair, Row, Sketch, State, Still, StillKind

_STILLS: dict[Moved, StillKind] = {
    Moved.REPAIR: "repair",
    Moved.PARTS_WAIT: "parts_wait",
    Moved.INSTALLATION_PENDING: "installation_pending",
}
# These move an end that another step has set.
_MOVES = (Moved.REPAIR, Moved.PARTS_WAIT)
_ANEW = (Moved.REPLACEMENT, Moved.PART_REPAIR)
_TONES = {"open": "green", "over": "plain", "unsure": "gold"}


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """One period of guarantee. `steps` says what set its end and what moved it; `missing` what could still open it."""

    name: str
    note: str
    start: date
    last_day: date
    state: State
    state_words: str
    tone: str
    steps: list[str]
    rules: list[CitedWords]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class WarrantyWords:
    """A guarantee drawn in both layouts, said in one sentence, and as a table. No pictures: no rule gives a period."""

    pictures: tuple[Picture, ...]
    summary: str
    periods: list[PeriodWords]


def warranty_words(coverage: Coverage, *, unit: Asset | None = None) -> WarrantyWords | None:
    """The guarantee that a coverage rests on; None where its history is unclear.

    With the `unit` the certificate of its model is among the periods.
    """
    guarantee, today = coverage.guarantee, coverage.question.on
    if guarantee is None and coverage.unclear is not None:
        return None
    segments = guarantee.segments if guarantee else ()
    periods = [_period(group, today) for group in _alike(segments)]
    rows = list(_rows(segments, today))
    if (certificate := _certificate(coverage, unit)) is not None:
        periods.append(certificate)
        rows.append(Row(certificate.name, (_bar_of(certificate),)))
    if not rows:
        return WarrantyWords((), _("No rule gives goods of this kind a guarantee period."), [])
    sketch = Sketch(
        today=today,
        today_name=_("Today"),
        rows=tuple(rows),
        named=tuple(_named(guarantee)) if guarantee else (),
        pending=_pending(segments),
        repairs=tuple(_repairs(guarantee)) if guarantee else (),
    )
    return WarrantyWords(
        (draw(sketch, layout="wide"), draw(sketch, layout="narrow")),
        _("; ").join(_said(one) for one in periods),
        periods,
    )


def _alike(segments: Iterable[WarrantySegment]) -> list[list[WarrantySegment]]:
    """Periods that differ in nothing but the rule that gives them are one."""
    groups: dict[object, list[WarrantySegment]] = {}
    for one in segments:
        groups.setdefault((one.kind, one.parts, one.start, one.last_day, one.needs, one.km), []).append(one)
    return list(groups.values())


def _rows(segments: Iterable[WarrantySegment], today: date) -> Iterator[Row]:
    """A row for each kind of guarantee; those of repairs share one."""
    rows: dict[object, list[WarrantySegment]] = {}
    for one, *_others in _alike(segments):
        rows.setdefault(one.kind if one.kind is Segment.REPAIRED else (one.kind, one.parts), []).append(one)
    for group in rows.values():
        first = group[0]
        note = "" if first.kind is Segment.REPAIRED else _parts(first)
        yield Row(capfirst(word("segment", first.kind)), tuple(_bar(one, today) for one in group), note)


def _bar(one: WarrantySegment, today: date) -> Bar:
    stills = tuple(Still(_STILLS[step.why], step.on, step.until) for step in one.steps if _stood(step))
    return Bar(
        start=one.start,
        last_day=one.last_day,
        state=_state(one, today),
        own_end=next(step.end for step in reversed(one.steps) if step.why not in _MOVES),
        stills=tuple(still for still in stills if still.kind != "installation_pending"),
        anew=tuple(step.on for step in one.steps if step.why in _ANEW),
        rule_id=one.rule.id,
        words=f"{capfirst(word('segment', one.kind))} {one.start:%Y-%m-%d} – {one.last_day:%Y-%m-%d}",
    )


def _bar_of(period: PeriodWords) -> Bar:
    return Bar(start=period.start, last_day=period.last_day, state=period.state, words=_said(period))


def _stood(step: Step) -> bool:
    return step.why in _STILLS and step.days > 0


def _state(one: WarrantySegment, today: date) -> State:
    return {True: "open", False: "over", None: "unsure"}[one.is_open(today)]  # type: ignore[return-value]


def _period(group: list[WarrantySegment], today: date) -> PeriodWords:
    one = group[0]
    state = _state(one, today)
    return PeriodWords(
        name=capfirst(word("segment", one.kind)),
        note=_parts(one),
        start=one.start,
        last_day=one.last_day,
        state=state,
        state_words=_state_words(state, one),
        tone=_TONES[state],
        steps=[_step(step) for step in one.steps if step.why not in _STILLS or step.days],
        rules=[cited_words(plain_rule(rule)) for rule in _each_once(each.rule for each in group)],
        missing=joined(fact_name(name) for name in one.needs),
    )


def _state_words(state: State, one: WarrantySegment) -> str:
    if one.used_up_on is not None:
        return _("used up: more than %(km)s km on %(day)s") % {"km": f"{one.km:,}", "day": one.used_up_on}
    said = {
        "open": pgettext("guarantee", "open"),
        "over": pgettext("guarantee", "over"),
        "unsure": pgettext("guarantee", "not sure"),
    }[state]
    if one.km is not None and state == "unsure" and not one.needs:
        return _("not sure: up to %(km)s km, the meter was not read today") % {"km": f"{one.km:,}"}
    return said


def _certificate(coverage: Coverage, unit: Asset | None) -> PeriodWords | None:
    """The certificate of the model is no rule, but it is a promise as well."""
    ends = coverage.question.certificate_ends_on
    begins = (unit.installed_date or unit.sale_date) if unit else None
    if ends is None or begins is None or unit is None or ends <= begins:
        return None
    state: State = "open" if coverage.question.on < ends else "over"
    months = unit.product_model.guarantee_months
    return PeriodWords(
        name=_("Certificate"),
        note="",
        start=begins,
        last_day=ends - timedelta(days=1),
        state=state,
        state_words=pgettext("guarantee", "open") if state == "open" else pgettext("guarantee", "over"),
        tone=_TONES[state],
        steps=[_("%(months)s months from installation, or from the sale where none is known") % {"months": months}],
        rules=[],
    )


def _parts(one: WarrantySegment) -> str:
    if one.parts is None:
        return _("as listed on the certificate") if one.kind is Segment.MAIN_PARTS else ""
    return str(fact_value("faulty_part", one.parts))


def _step(step: Step) -> str:
    days = {"day": step.on, "until": step.until, "days": step.days, "end": step.end}
    repairs = f" ({joined(step.repairs)})" if step.repairs else ""
    match step.why:
        case Moved.START:
            return _("runs from %(day)s, so until %(end)s") % days + repairs
        case Moved.INSTALLATION_PENDING:
            return _("installed on %(until)s: the time before does not count, so until %(end)s") % days
        case Moved.LATER_START:
            return _("runs from %(until)s by a further rule, so until %(end)s") % days
        case Moved.REPLACEMENT:
            return _("unit replaced on %(day)s: begins anew, so until %(end)s") % days
        case Moved.PART_REPAIR:
            return _("part repaired on %(day)s: begins anew, so until %(end)s") % days + repairs
        case Moved.PARTS_WAIT:
            said = _("waited for a part since %(day)s: %(days)s days do not count, so until %(end)s")
            ended = _("waited for a part %(day)s – %(until)s: %(days)s days do not count, so until %(end)s")
        case Moved.REPAIR:
            said = _("in repair since %(day)s: %(days)s days do not count, so until %(end)s")
            ended = _("in repair %(day)s – %(until)s: %(days)s days do not count, so until %(end)s")
    return (said if step.lasts else ended) % days + repairs


def _named(guarantee: Guarantee) -> Iterator[Named]:
    life = guarantee.life
    for one, name in ((life.sold, _("Sold")), (life.delivered, _("Delivered")), (life.installed, _("Installed"))):
        if one is not None:
            yield Named(one.on, name)
    for day in life.replaced:
        yield Named(day, _("Replaced"))


def _pending(segments: Iterable[WarrantySegment]) -> Still | None:
    steps = (step for one in segments for step in one.steps if step.why is Moved.INSTALLATION_PENDING)
    return next((Still("installation_pending", step.on, step.until) for step in steps), None)


def _repairs(guarantee: Guarantee) -> Iterator[Repair]:
    life = guarantee.life
    for number, stay in enumerate((*life.earlier_stays, *life.stays), start=1):
        begun, ended = (life.history.day_of(moment) for moment in stay.until(life.at))
        said = {"number": number, "order": stay.repair, "day": begun, "until": ended}
        lasts = stay.ended_at is None
        words = (
            _("Repair %(number)s: %(order)s, since %(day)s")
            if lasts
            else _("Repair %(number)s: %(order)s, %(day)s – %(until)s")
        )
        yield Repair(number, begun, ended, lasts, words % said)


def _said(period: PeriodWords) -> str:
    name = f"{period.name} ({period.note})" if period.note else period.name
    said = {"what": name, "start": period.start, "end": period.last_day, "state": period.state_words}
    return _("%(what)s: %(start)s to %(end)s, %(state)s") % said


def _each_once(rules: Iterable[Rule]) -> list[Rule]:
    return list({rule.version: rule for rule in rules}.values())
