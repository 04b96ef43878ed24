"""Facts that several tests start from, and a pack to write small rules into."""

from typing import Any

from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Candidate, Verdict
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import read_pack, shipped_book

FRIDGE: dict[str, Any] = {
    "matter": "defect",
    "on": "2023-12-01",
    "product_class": "refrigerator",
    "region": "hunan",
    "channel": "store",
    "platform": "none",
    "brand": "other",
    "price": "2000",
    "sold_on": "2023-03-01",
    "delivered_on": "2023-03-01",
    "performance_fault": True,
    "defect": True,
    "fraud": False,
    "repaired": False,
    "failed_repairs": 0,
    "repair_days": 0,
    "parts_wait_days": 0,
    "current_parts_wait_days": 0,
    "repairer_delay_days": 0,
    "faulty_part": "door_seal",
}

HEAD = """\
pack: house
title: {zh: 本公司, en: The house}
layer: seller
source: {title: {zh: 本公司规定, en: Rule of the house}, refs: [Seed]}
matters: [defect]
since: null
mark: Seed
verified: verified
rules:
"""
RULE = """\
  - id: one
    title: {zh: 一, en: One}
    text: {zh: 一。, en: One.}
    then: {kind: limit, act: repair, side: trader, amount: 3, unit: days, since: hand_in}
"""


def fridge(**facts: Any) -> Facts:
    """The refrigerator from Hunan, with other facts; None takes one away."""
    return read_facts({name: value for name, value in (FRIDGE | facts).items() if value is not None})


def verdict_on(book: RuleBook | None = None, **facts: Any) -> Verdict:
    return judge(book or shipped_book(), fridge(**facts))


def candidate(verdict: Verdict, rule_id: str) -> Candidate:
    """The only line of the trace about the rule."""
    (found,) = [one for one in verdict.candidates if one.rule.id == rule_id]
    return found


def house(*rules: str, head: str = HEAD) -> tuple[Rule, ...]:
    """The rules of a pack of the house: each the lines of a rule after its first RULE line, or a whole entry."""
    return read_pack(head + "".join(rules), file="house.yaml").rules


def entry(name: str, then: str, *more: str) -> str:
    """A rule of the house in a few words."""
    lines = [
        f"  - id: {name}",
        "    title: {zh: 一, en: One}",
        "    text: {zh: 一。, en: One.}",
        f"    then: {{{then}}}",
    ]
    return "\n".join([*lines, *(f"    {line}" for line in more)]) + "\n"


def book_with(*rules: str, head: str = HEAD) -> RuleBook:
    """The book of the product with rules of the house added."""
    return RuleBook([*shipped_book().rules, *house(*rules, head=head)])
