"""A quick answer on the command line: when does a time limit end."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext

from shouhou.cli.administration import get_branch
from shouhou.cli.terminal import refusals_explained, stop, table
from shouhou.commitments.queries.calendars import clock_for, clock_of, get_shared, key_of
from shouhou.kernel.working_time.calendars import read_hours, read_window
from shouhou.kernel.working_time.china import chinese_calendar
from shouhou.kernel.working_time.clock import Clock, Due, Limit
from shouhou.kernel.working_time.lengths import CountFrom, Span
from shouhou.kernel.working_time.steps import Step, steps
from shouhou.policies.queries import book_in_force
from shouhou.policies.rules.limits import limit_of, rule_with_limit
from shouhou.policies.rules.plain import plain_rule
from shouhou.policies.rules.rights import SetsLimit
from shouhou.policies.rules.rule import Rule
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.wording import said, span_words, word


@click.command("clock")
@click.argument("moment")
@click.option("--policy", "rule_id", metavar="RULE", help="The rule that sets the limit.")
@click.option("--company", is_flag=True, help="With the company's own packs that are in force.")
@click.option("--amount", type=int, help="Without a rule: how much.")
@click.option("--unit", type=click.Choice([str(one) for one in Span]), help="Without a rule: of what.")
@click.option("--window", help="Without a rule: hours run only in it, e.g. 09:00-18:00.")
@click.option("--same-day", is_flag=True, help="Without a rule: the day itself is the first day.")
@click.option("--hours", help="What is worked on each working day of China, e.g. 09:00-18:00.")
@click.option("--branch", "branch_code", metavar="CODE", help="By the calendar of this branch, as it stands now.")
@click.option("--calendar", "calendar_code", metavar="CODE", help="By a calendar that all share, e.g. company.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def clock(
    moment: str,
    rule_id: str | None,
    company: bool,
    amount: int | None,
    unit: str | None,
    window: str | None,
    same_day: bool,
    hours: str | None,
    branch_code: str | None,
    calendar_code: str | None,
    as_json: bool,
) -> None:
    """When a time limit ends that begins at MOMENT (2026-09-30T16:30, in the calendar's time zone unless it says otherwise).

    Working days are those of the calendar that comes with the product, of a branch, or of a calendar that all share. The limit is
    that of a rule, or is given by --amount and --unit.
    """
    with refusals_explained():
        ours = _clock_named(hours, branch_code, calendar_code)
        asked = _moment(moment, ours.calendar.zone)
        if rule_id is not None:
            if amount is not None or unit or window or same_day:
                raise click.UsageError(gettext("The rule says itself how much of what."))
            book = book_in_force() if company else shipped_book()
            rule, then = rule_with_limit(book, rule_id, on=asked.date())
            limit, cited = limit_of(then, count=rule.count_days_from), (rule, then)
        elif amount is None or unit is None:
            raise click.UsageError(gettext("Give a rule, or an amount and a unit."))
        else:
            count = CountFrom.SAME_DAY if same_day else CountFrom.DAY_AFTER
            limit, cited = Limit(amount, Span(unit), read_window(window) if window else None, count), None
        due = ours.due(asked, limit)
        due = replace(due, at=due.at.astimezone(ours.calendar.zone))
    counted = steps(ours, asked, limit, due)
    if as_json:
        click.echo(json.dumps(_as_json(asked, limit, due, counted, cited), ensure_ascii=False, indent=2))
    else:
        click.echo(_as_text(asked, limit, due, counted, cited))


def _clock_named(hours: str | None, branch_code: str | None, calendar_code: str | None) -> Clock:
    if sum(one is not None for one in (hours, branch_code, calendar_code)) > 1:
        raise click.UsageError(gettext("Give hours, or a branch, or a calendar."))
    if branch_code is not None:
        return clock_of(get_branch(branch_code))
    if calendar_code is not None:
        return clock_for(key_of(get_shared(calendar_code)))
    return clock_for("") if hours is None else Clock(chinese_calendar(read_hours(hours)))


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        stop(gettext("“%(text)s” is no moment; one is written like 2026-09-30T16:30.") % {"text": text})
    return given.astimezone(zone) if given.tzinfo else given.replace(tzinfo=zone)


type Cited = tuple[Rule, SetsLimit] | None


def _as_json(asked: datetime, limit: Limit, due: Due, counted: list[Step], cited: Cited) -> dict[str, Any]:
    return {
        "asked": asked.isoformat(),
        "amount": limit.amount,
        "unit": str(limit.unit),
        "window": None if limit.window is None else str(limit.window),
        "count_days_from": str(limit.count),
        "due": due.at.isoformat(),
        "last_day": due.last_day.isoformat(),
        "unpublished_years": list(due.unpublished),
        "steps": [
            {
                "day": one.day.isoformat(),
                "start": one.start and one.start.isoformat(),
                "end": one.end and one.end.isoformat(),
                "counted": one.counted.total_seconds() if isinstance(one.counted, timedelta) else one.counted,
                "name": one.name,
            }
            for one in counted
        ],
        "since": cited and cited[1].since,
        "rule": cited and plain_rule(cited[0]),
    }


def _as_text(asked: datetime, limit: Limit, due: Due, counted: list[Step], cited: Cited) -> str:
    length = span_words(limit.amount, limit.unit)
    if limit.window is not None:
        length = f"{length} ({limit.window})"
    rows = [(gettext("asked"), _at(asked)), (gettext("time limit"), length), (gettext("due"), _due(limit, due))]
    if cited is not None:
        rule = cited[0]
        rows += [
            (gettext("rule"), f"{said(rule.title)} [{rule.version}]"),
            (gettext("text"), said(rule.text)),
            (gettext("source"), said(rule.source.title)),
            (gettext("article"), rule.source.article or gettext("not recorded")),
            (gettext("checked"), f"{word('verified', rule.verified)} ({rule.source.mark})"),
        ]
    lines = [table(rows, indent="")]
    if counted and limit.unit not in (Span.DAYS, Span.MONTHS, Span.YEARS):
        lines += [gettext("Counted:"), table(map(_step, counted))]
    if due.unpublished:
        years = ", ".join(map(str, due.unpublished))
        lines.append(
            gettext("Not published for %(years)s: days off and make-up days may still change.") % {"years": years}
        )
    return "\n".join(lines)


def _due(limit: Limit, due: Due) -> str:
    if limit.unit in (Span.HOURS, Span.WORKING_HOURS):
        return _at(due.at)
    return gettext("end of %(day)s") % {"day": _day(due.last_day)}


def _step(one: Step) -> tuple[str, str, str, str]:
    if one.start is None or one.end is None:
        return _day(one.day), "", "–" if one.counted is None else str(one.counted), one.name
    end = "24:00" if one.end.date() > one.day else _clock(one.end)
    return _day(one.day), f"{_clock(one.start)}-{end}", _length(one.counted), one.name


def _length(counted: timedelta | int | None) -> str:
    seconds = int(counted.total_seconds()) if isinstance(counted, timedelta) else 0
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def _at(moment: datetime) -> str:
    return f"{_day(moment.date())} {_clock(moment)}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _day(day: date) -> str:
    return f"{day.isoformat()} {WEEKDAYS_ABBR[day.weekday()]}"
