"""Time that does not count towards a guarantee period, by the rule that says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shouhou.assets.warranty.happenings import LeftOut
from shouhou.assets.warranty.periods import Periods
from shouhou.assets.warranty.reading import Life
from shouhou.assets.warranty.spans import Span, days_in, merged, nights, within, without
from shouhou.assets.warranty.stays import Stay, Wait
from shouhou.policies.rules.rights import CountsRepairDays
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import Pause


@dataclass(frozen=True, slots=True)
class Standstill:
    """A stretch that does not count, and the days that it makes. `lasts`: it goes on."""

    pause: Pause
    rule: Rule
    span: Span
    days: int
    repairs: tuple[str, ...]
    lasts: bool


def standstills(
    stays: Iterable[Stay], waits: Iterable[Wait], frame: Span, life: Life, periods: Periods
) -> list[Standstill]:
    """What stops the clocks within the frame, in turn. Waiting within a repair is repair and not counted twice."""
    stays, waits = list(stays), list(waits)
    if frame[1] <= frame[0]:
        return []
    in_shop = merged(one.until(frame[1]) for one in stays)
    found: list[Standstill] = []
    if (rule := periods.rule_of_pause(Pause.REPAIR)) is not None:
        found += _stood(Pause.REPAIR, rule, within(in_shop, frame), stays, frame[1], life, periods)
    if (rule := periods.rule_of_pause(Pause.PARTS_WAIT)) is not None:
        waited = within(without(merged(one.until(frame[1]) for one in waits), in_shop), frame)
        found += _stood(Pause.PARTS_WAIT, rule, waited, waits, frame[1], life, periods)
    return sorted(found, key=lambda one: one.span)


def _stood(
    pause: Pause,
    rule: Rule,
    spans: list[Span],
    of: list[Stay] | list[Wait],
    end: datetime,
    life: Life,
    periods: Periods,
) -> Iterator[Standstill]:
    zone = life.history.zone
    counting = periods.counting_rule if pause is Pause.REPAIR else None
    for span in spans:
        held = [one for one in of if within([one.until(end)], span)]
        left_out = spans_left_out([one for one in held if isinstance(one, Stay)], counting)
        lasts = span[1] == end == life.at and any(one.ended_at is None or one.ended_at > end for one in held)
        yield Standstill(
            pause,
            rule,
            span,
            days_in(span, left_out, zone=zone, counting=counting) if pause is Pause.REPAIR else nights(span, zone),
            tuple(dict.fromkeys(one.repair for one in held)),
            lasts,
        )


def spans_left_out(stays: Iterable[Stay], counting: CountsRepairDays | None) -> list[Span]:
    """The time within the stays that the rule in force takes out."""
    return [(one.starts_at, one.ends_at) for stay in stays for one in stay.left_out if is_left_out(one, counting)]


def is_left_out(one: LeftOut, counting: CountsRepairDays | None) -> bool:
    """Whether the rule in force names the reason. Without a rule that does, nothing is taken out, whatever the reason."""
    return counting is not None and one.reason in counting.excludes
