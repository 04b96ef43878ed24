"""What a verdict is asked about: a unit with all that is known of it, and the work that is wanted."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from shouhou.assets.warranty.happenings import Fault, UnitHistory
from shouhou.entitlements.rules.words import WorkType
from shouhou.policies.rules.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that the verdict depends on, beside the rules.

    `facts` is what the life of the unit does not tell (class, region, price, findings); its `on` is the day of `at`. Without
    a `history` the facts stand for themselves, counts and dates included.
    `contract`: the number of the maintenance contract that covers the unit, empty if none does. `certificate_ends_on`: the
    first day on which the certificate of the model is no longer good, None where no certificate or no date is known.
    """

    facts: Facts
    history: UnitHistory | None
    at: datetime
    work_type: WorkType = WorkType.REPAIR
    fault: Fault | None = None
    contract: str = ""
    certificate_ends_on: date | None = None
    internal: bool = False

    @property
    def on(self) -> date:
        """The day of the question where the unit is."""
        return self.history.day_of(self.at) if self.history else self.facts.on

    def supposing(self, history: UnitHistory) -> "Question":
        """The same question about a life that is read otherwise."""
        return replace(self, history=history)

    def with_fact(self, name: str, value: Any) -> "Question":
        """The same question with one fact known, or another. Raises DatesOutOfOrder."""
        history = self.history
        if name == "trader_installs" and history is not None:
            history = replace(history, trader_installs=value)
        return replace(self, facts=self.facts.but(**{name: value}), history=history)
