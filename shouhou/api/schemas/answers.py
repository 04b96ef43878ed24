"""The verdict as `entitlements.rules.answers` writes it. Dictionaries with named keys: what it does not say is not there."""

from typing import Any, NotRequired, TypedDict

from shouhou.entitlements.rules.words import Charged, Ground, Payer, WorkClass


class TextTold(TypedDict):
    """A text in both languages."""

    zh: str
    en: str


class SourceTold(TypedDict):
    """Where a rule is from; an article that was not recorded is empty."""

    title: TextTold
    refs: list[str]
    article: str | None
    mark: str


class RuleTold(TypedDict):
    """What one version of a rule says."""

    rule: str
    version: str
    layer: str
    title: TextTold
    text: TextTold
    since: str | None
    until: str | None
    source: SourceTold
    verified: str


class ChargedLineTold(TypedDict):
    """Who pays one kind of line."""

    kind: Charged
    payer: Payer
    rules: list[str]


class RefundTold(TypedDict):
    """What is paid back: from the least to the most, where the source names a range."""

    least: str
    most: str


class RemedyTold(TypedDict):
    """Something that the customer can have now. `chooses_among`: remedies between which he chooses."""

    remedy: str
    rules: list[str]
    chooses_among: list[str]
    refund: NotRequired[RefundTold]
    less: NotRequired[str]
    needs: NotRequired[list[str]]
    bearer: NotRequired[str]


class DeadlineTold(TypedDict):
    """By when somebody has to act."""

    act: str
    side: str
    amount: int
    unit: str
    since: str
    rules: list[str]


class StepTold(TypedDict):
    """Why a guarantee period ends when it does: one step of the reckoning."""

    why: str
    rule: str
    on: str
    until: str | None
    days: int
    end: str
    repairs: list[str]


class SegmentTold(TypedDict):
    """A guarantee period: both days belong to it. `is_open` null: a missing fact decides."""

    kind: str
    rule: str
    parts: list[str] | None
    start: str
    last_day: str
    km: int | None
    used_up_on: str | None
    is_open: bool | None
    lasts: bool
    needs: list[str]
    steps: list[StepTold]


class CountsTold(TypedDict):
    """Repairs and days so far, as the rules count them."""

    repairs: int
    by_fault: dict[str, int]
    performance_repairs: int
    severe_repairs: int
    repair_days: int
    days_left_out: int
    parts_wait_days: int
    current_repair_days: int
    replaced_parts: dict[str, int]


class RightTold(TypedDict):
    """The answer to one question of the rules."""

    outcome: Any
    rules: list[str]
    lost: list[str]
    decided_by: str | None


class ConditionTold(TypedDict):
    """A condition that does not hold."""

    fact: str
    expects: str


class CandidateTold(TypedDict):
    """A rule that was looked at, and what became of it."""

    rule: str
    topic: str
    fate: str
    outcome: NotRequired[Any]
    condition: NotRequired[ConditionTold]
    needs: NotRequired[list[str]]
    beaten_by: NotRequired[str]


class UnclearTold(TypedDict):
    """Why nobody can say without a guess: the history can be read in several ways, or two rules contradict each other."""

    code: str
    params: dict[str, Any]
    template: str


class AssumptionTold(TypedDict):
    """Something that is supposed. About a fact: each of the `values`, or anything from the one to `to`."""

    template: str
    params: dict[str, Any]
    fact: NotRequired[str]
    values: NotRequired[list[Any]]
    to: NotRequired[Any]


class SupposedTold(TypedDict):
    """What it comes to under all of these assumptions together.

    `last_day_to` is set where several values come to the same and only the last free day differs, up to this one.
    """

    assumptions: list[AssumptionTold]
    work_class: WorkClass | None
    ground: Ground
    last_day: str | None
    last_day_to: NotRequired[str | None]
    remedies: NotRequired[list[str]]
    needs: list[str]
    rules: list[str]


class CoverageTold(TypedDict):
    """Who pays, and why. `work_class` is null while a missing fact decides it: `needs` names it."""

    work_class: WorkClass | None
    ground: Ground
    rules: list[str]
    lines: list[ChargedLineTold]
    last_day: str | None
    needs: list[str]
    remedies: list[RemedyTold]
    deadlines: list[DeadlineTold]
    segments: list[SegmentTold]
    counts: CountsTold | None
    missing: list[str]
    unsure: list[str]
    rights: dict[str, RightTold]
    trace: list[CandidateTold]
    unclear: UnclearTold | None
    supposed: list[SupposedTold]


class AlternativeTold(TypedDict):
    """The remedies if a fact were `value`, or anything up to `to`."""

    value: Any
    to: Any
    remedies: list[str]


class FailureTold(TypedDict):
    """What one more failed repair brings."""

    gained: list[str]
    rules: list[str]


class ComingTold(TypedDict):
    """A count that brings more rights once it is `at_least`."""

    count: str
    now: int
    at_least: int
    gained: list[str]
    rules: list[str]


class AheadTold(TypedDict):
    """What may still happen under one of the assumptions."""

    next_failure: FailureTold | None
    coming: list[ComingTold]


class UnfoundTold(TypedDict):
    """The verdict if a finding did not hold."""

    finding: str
    work_class: WorkClass | None
    last_day: str | None
    remedies: list[str]


class OutlookTold(TypedDict):
    """What would change the verdict: missing facts, known facts that could be otherwise, and what may still happen.

    `ways`: the same for the first assumptions of `supposed`, in their order.
    """

    under: dict[str, list[AlternativeTold]]
    changed: dict[str, list[AlternativeTold]]
    next_failure: FailureTold | None
    coming: list[ComingTold]
    ways: list[AheadTold]
    unfound: list[UnfoundTold]
