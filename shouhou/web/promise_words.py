"""Promises as people read them: how much of the time is used, what remains, by which rule, and what happened to the clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext

from shouhou.access.permissions import Role
from shouhou.commitments.models import Commitment
from shouhou.commitments.queries import clock_for, commitments_of
from shouhou.commitments.rules.reading import shipped_definitions
from shouhou.commitments.rules.terms import Terms, read_terms
from shouhou.commitments.rules.words import Band, Cause, State
from shouhou.kernel.working_time.clock import Limit
from shouhou.kernel.working_time.lengths import Span
from shouhou.policies.queries import book_in_force
from shouhou.policies.rules.plain import plain_rule
from shouhou.policies.wording import is_chinese
from shouhou.web.cited_words import CitedWords, cited_words
from shouhou.web.times import short_time

# The band of a commitment → how the bar of a promise is drawn.
BARS: Mapping[Band, str] = {
    Band.GREEN: "kept",
    Band.YELLOW: "half",
    Band.ORANGE: "risk",
    Band.RED: "late",
    Band.GREY: "paused",
}
TONES: Mapping[Band, str] = {
    Band.GREEN: "green",
    Band.YELLOW: "gold",
    Band.ORANGE: "amber",
    Band.RED: "red",
    Band.GREY: "plain",
}
_LIMITS: Mapping[Span, Promise] = {
    Span.HOURS: ngettext_lazy("%(number)s hour", "%(number)s hours", "number"),
    Span.WORKING_HOURS: ngettext_lazy("%(number)s working hour", "%(number)s working hours", "number"),
    Span.DAYS: ngettext_lazy("%(number)s day", "%(number)s days", "number"),
    Span.WORKING_DAYS: ngettext_lazy("%(number)s working day", "%(number)s working days", "number"),
    Span.MONTHS: ngettext_lazy("%(number)s month", "%(number)s months", "number"),
    Span.YEARS: ngettext_lazy("%(number)s year", "%(number)s years", "number"),
}
# What a promise is made to → the page of it.
_PAGES: Mapping[str, str] = {"work_order": "order"}
_FACTS: Mapping[str, Promise] = {
    "area": gettext_lazy("whether the address is in the city or outside"),
    "region": gettext_lazy("the region"),
}


@dataclass(frozen=True)
class PromiseWords:
    """One commitment at one moment, for a bar, a row or a page."""

    row: Commitment
    now: datetime

    @property
    def id(self) -> object:
        return self.row.id

    @cached_property
    def title(self) -> str:
        return definition_name(self.row.definition)

    @cached_property
    def terms(self) -> Terms:
        return read_terms(self.row.terms)

    @cached_property
    def band(self) -> Band:
        return self.row.band(self.now)

    @property
    def bar(self) -> str:
        return BARS[self.band]

    @property
    def tone(self) -> str:
        return TONES[self.band]

    @property
    def state(self) -> str:
        """The colour as a word; of what is over, how it ended."""
        if self.row.state == State.RUNNING or (self.row.state == State.BREACHED and self.row.ended_at is None):
            return str(self.band.label)
        if self.row.state == State.BREACHED:
            return pgettext("promise", "Kept too late")
        return str(State(self.row.state).label)

    @cached_property
    def fraction(self) -> float:
        """The share of its time that is used: straight lines between the moments at which the share is known."""
        at = self.row.ended_at or self.row.paused_since or self.now
        known = [(self.row.started_at, Decimal(0)), (self.row.yellow_at, self.terms.yellow)]
        known += [(self.row.orange_at, self.terms.orange), (self.row.due_at, Decimal(1))]
        passed = [(moment, float(share)) for moment, share in known if moment is not None]
        for (since, low), (until, high) in pairwise(passed):
            if at < until and since < until:
                return low + (high - low) * max((at - since) / (until - since), 0.0)
        return passed[-1][1]

    @cached_property
    def rest(self) -> str:
        """What remains, or how late it is, in words."""
        row = self.row
        match row.state:
            case State.RUNNING if row.due_at and row.due_at > self.now:
                return _("%(time)s left") % {"time": self._between(self.now, row.due_at)}
            case State.PAUSED if row.paused_since:
                return _("stands still since %(at)s") % {"at": short_time(row.paused_since, now=self.now)}
            case State.RUNNING | State.BREACHED if row.due_at and row.ended_at is None:
                return _("%(time)s overdue") % {"time": self._between(row.due_at, self.now)}
            case State.BREACHED if row.due_at and row.ended_at:
                return _("kept %(time)s late") % {"time": self._between(row.due_at, row.ended_at)}
            case State.MET if row.ended_at:
                return _("kept %(at)s") % {"at": short_time(row.ended_at, now=self.now)}
            case State.EXCUSED:
                return _("the excuse was accepted")
        return pgettext("promise", "no longer owed")

    @property
    def due(self) -> str:
        """When it falls due, in words; empty while it stands still."""
        return short_time(self.row.due_at, now=self.now) if self.row.due_at else ""

    @property
    def limit(self) -> str:
        """How long was promised; empty where a moment was agreed."""
        return limit_words(self.terms.limit) if self.terms.limit else ""

    @property
    def url(self) -> str:
        return reverse("promise", args=[self.row.id])

    @property
    def subject_url(self) -> str:
        """The page of what it was promised for, where there is one."""
        page = _PAGES.get(self.row.subject_kind)
        return reverse(page, args=[self.row.subject_id]) if page else ""

    @cached_property
    def rule(self) -> CitedWords | None:
        """The rule that says how long; None where it was agreed. A version no longer in force is found as well."""
        rule_id, _at, _rest = self.terms.rule.partition("@")
        versions = book_in_force().by_id.get(rule_id, [])
        known = next((one for one in versions if one.version == self.terms.rule), versions[-1] if versions else None)
        return cited_words(plain_rule(known)) if known else None

    @property
    def assumed(self) -> list[str]:
        """What was not known when it was promised, so that the strictest rule was taken."""
        return [str(_FACTS.get(fact, fact)) for fact in self.terms.assumed]

    @property
    def stops_for(self) -> str:
        """Whose doing lets the clock stand still."""
        return _(", ").join(str(cause.label) for cause in Cause if cause in self.terms.stops_for)

    @property
    def owner(self) -> str:
        return str(Role(self.row.owner).label)

    def _between(self, start: datetime, end: datetime) -> str:
        """How far two moments lie apart, in the time in which was promised."""
        limit = self.terms.limit
        clock = clock_for(self.row.calendar)
        if limit is not None and limit.unit is Span.WORKING_HOURS and (timeline := clock.timeline(limit)):
            return _("%(time)s of working time") % {"time": span_words(timeline.measure(start, end))}
        return span_words(end - start)


def definition_name(definition: str) -> str:
    """What a promise is called; one that no longer comes with the product by its code."""
    known = shipped_definitions().by_id.get(definition)
    if known is None:
        return definition
    return known.title.zh if is_chinese() else known.title.en


def limit_words(limit: Limit) -> str:
    """“6 working hours”, “1 month”, “24 hours (8:00-20:00)”."""
    words = _LIMITS[limit.unit] % {"number": limit.amount}
    return f"{words} ({limit.window})" if limit.window else words


def span_words(length: timedelta) -> str:
    """“42 min”, “2 h 10 min”; from two days on whole days: nobody counts minutes there."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        said = {"hours": hours, "minutes": minutes}
        return _("%(hours)s h %(minutes)s min") % said if minutes else _("%(hours)s h") % said
    return ngettext("%(number)s day", "%(number)s days", hours // 24) % {"number": hours // 24}


def in_words(rows: Iterable[Commitment], *, now: datetime) -> list[PromiseWords]:
    """The commitments for the reader."""
    return [PromiseWords(row, now) for row in rows]


def pressing_of(subjects: Collection[UUID], *, branch_id: UUID, kind: str, now: datetime) -> dict[UUID, PromiseWords]:
    """Of each of several subjects the promise that falls due first. One query."""
    found = commitments_of(subjects, branch_id=branch_id, kind=kind)
    pressing = {key: most_pressing(rows, now=now) for key, rows in found.items()}
    return {key: one for key, one in pressing.items() if one is not None}


def most_pressing(rows: Iterable[Commitment], *, now: datetime) -> PromiseWords | None:
    """Of several the one that falls due first and is still owed; what stands still only where nothing runs."""
    owed = [row for row in rows if row.ended_at is None and row.state in (State.RUNNING, State.PAUSED, State.BREACHED)]
    if not owed:
        return None
    return PromiseWords(min(owed, key=lambda row: (row.due_at is None, row.due_at or row.started_at)), now)
