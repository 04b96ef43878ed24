"""Bad input, case by case: a named reason, and the verdict under each assumption; never a guess presented as a fact."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shouhou.entitlements.rules.answers import outlook_of
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question
from shouhou.entitlements.rules.refused import supposed_without
from shouhou.entitlements.rules.verdict import Coverage, Supposed
from shouhou.entitlements.tests.examples import FRIDGE, Document
from shouhou.kernel.errors import Invalid
from shouhou.policies.rules.book import OverlappingVersions, PacksContradict, RuleBook
from shouhou.policies.rules.divided import DividedBook, read_book
from shouhou.policies.rules.rule import Rule
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.tests.cast import entry, house

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BOOK = shipped_book()
SOLD = [{"what": "sold", "on": "2023-03-01"}, {"what": "delivered", "on": "2023-03-01"}]
HOUSE = "kind: guarantee, segment: whole_unit, months: {}"


def asked(document: Document, book: RuleBook | DividedBook = BOOK, **more: Any) -> Coverage:
    return entitle(book, read_question(document | more, at=NOW))


def without(document: Document, *names: str) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def classes(ways: tuple[Supposed, ...]) -> list[tuple[str, str]]:
    """What is supposed of facts, and the class that follows."""
    return [
        (
            "; ".join(
                f"{each.fact}={'/'.join(map(str, each.values))}" if each.fact else str(each) for each in one.assumptions
            ),
            str(one.coverage.work_class or "?"),
        )
        for one in ways
    ]


class TestMissing:
    def test_a_day_of_sale(self) -> None:
        coverage = asked(FRIDGE, on="2024-01-10", history=[])
        assert coverage.unclear
        assert coverage.unclear.code == "start_not_known"
        assert (coverage.work_class, coverage.needs[0]) == (None, "sold_on")
        assert coverage.supposed

    def test_a_day_of_sale_of_facts_alone(self) -> None:
        """Without a history the days are facts like others: a span of days for each class."""
        known = {"performance_fault": True, "delivered_on": None, "on": "2024-01-10"}
        coverage = asked(without(FRIDGE, "fault") | known, faulty_part="compressor")
        assert coverage.work_class is None
        assert "sold_on" in coverage.needs
        assert {one.coverage.work_class for one in coverage.supposed} >= {"A", "C"}
        free = next(one for one in coverage.supposed if one.coverage.work_class == "C" and one.last_day_to)
        assert any(each.to is not None for each in free.assumptions)
        assert free.coverage.last_day
        assert free.last_day_to
        assert free.coverage.last_day < free.last_day_to

    def test_a_class_of_goods_is_each_class_that_there_is(self) -> None:
        coverage = asked(without(FRIDGE, "product_class"), on="2024-06-01", history=SOLD)
        assert coverage.work_class is None
        told = dict(classes(coverage.supposed))
        assert told["product_class=air_conditioner/refrigerator"] == "C"
        every = {word for one in coverage.supposed for word in one.assumptions[0].values}
        assert every >= {"refrigerator", "family_car", "clothes", "mobile_phone"}

    def test_a_yes_or_no(self) -> None:
        """Furniture whose seller stated no period: free if it is a defect."""
        document = without(FRIDGE, "defect", "fault") | {"product_class": "furniture", "period_agreed": False}
        coverage = asked(document, on="2023-05-01", history=SOLD)
        assert (coverage.work_class, coverage.needs) == (None, ("defect",))
        assert classes(coverage.supposed) == [("defect=True", "C"), ("defect=False", "A")]

    def test_three_unknowns_at_once_are_all_supposed(self) -> None:
        coverage = asked(without(FRIDGE, "product_class", "defect"), on="2026-02-10", history=[])
        deepest = max(len(one.assumptions) for one in coverage.supposed)
        assert deepest >= 3
        assert coverage.work_class is None
        assert {"sold_on", "product_class", "period_agreed"} <= set(coverage.needs)

    def test_what_comes_out_under_every_assumption_is_the_class(self) -> None:
        """Sold thirty years ago: whatever it is, it is over."""
        day = "1996-03-01"
        coverage = asked(
            without(FRIDGE, "fault") | {"performance_fault": True},
            on="2026-06-01",
            history=[{"what": "sold", "on": day}, {"what": "delivered", "on": day}],
        )
        assert coverage.work_class == "A"

    def test_nothing_is_supposed_where_nothing_is_missing(self) -> None:
        assert asked(FRIDGE, on="2024-01-10", history=SOLD).supposed == ()

    def test_the_outlook_speaks_of_each_way_when_the_start_is_not_known(self) -> None:
        coverage = asked(FRIDGE, on="2024-01-10", history=[{"what": "installed", "on": "2023-05-01"}])
        outlook = outlook_of(BOOK, coverage)
        assert len(outlook.ways) == min(len(coverage.supposed), 4)
        assert any(one["coming"] for one in outlook.ways)


class TestRefusedDocuments:
    @pytest.mark.parametrize(
        ("given", "code", "ways"),
        [
            ({"product_class": "refrigeraton"}, "unknown_word", [("product_class=refrigerator", "C")]),
            ({"delivered_on": "2023-03-01", "replaced_on": "2023-02-01"}, "facts_out_of_order", []),
            ({"sold_on": "2024-03-01"}, "facts_out_of_order", []),
        ],
        ids=["unknown class", "dates in the wrong order", "sold after the question"],
    )
    def test_a_refused_fact_is_told_with_the_ways_to_mend_it(
        self, given: Document, code: str, ways: list[tuple[str, str]]
    ) -> None:
        document = FRIDGE | {"on": "2024-01-10", "sold_on": "2023-03-01", "delivered_on": "2023-03-01"} | given
        with pytest.raises(Invalid) as refused:
            read_question(document, at=NOW)
        assert refused.value.code == code
        found = supposed_without(BOOK, document, refused.value, at=NOW)
        assert found
        assert set(classes(found)) >= set(ways)
        assert any("is wrong, and it is not known" in str(one.assumptions[0]) for one in found)

    def test_a_key_that_nobody_knows_leaves_no_way(self) -> None:
        document = FRIDGE | {"colour": "red"}
        with pytest.raises(Invalid) as refused:
            read_question(document, at=NOW)
        assert supposed_without(BOOK, document, refused.value, at=NOW) == ()

    def test_a_serial_that_does_not_match_is_told_with_the_verdict_if_it_did(self) -> None:
        coverage = asked(FRIDGE, on="2024-01-10", history=SOLD, exclusions=["serial_mismatch"])
        assert (coverage.work_class, coverage.ground) == ("A", "excluded")
        (told,) = outlook_of(BOOK, coverage).unfound
        assert (told["finding"], told["work_class"], told["last_day"]) == ("serial_mismatch", "C", "2026-02-28")


class TestRulesThatClash:
    def rules(self, *more: str) -> list[Rule]:
        return [*BOOK.rules, *house(*more)]

    def test_packs_that_contradict_each_other_are_told_with_the_verdict_under_each(self) -> None:
        """Both say how long a repair may take, in units that nobody can compare."""
        limit = "kind: limit, act: repair_goods, side: trader, amount: {}, unit: {}, since: call"
        divided = read_book(
            self.rules(entry("one", limit.format(5, "working_days")), entry("two", limit.format(6, "days")))
        )
        assert isinstance(divided, DividedBook)
        assert isinstance(divided.refusal, PacksContradict)
        coverage = asked(FRIDGE, divided, on="2024-01-10", history=SOLD)
        assert coverage.unclear is divided.refusal
        assert len(coverage.supposed) == 2
        # What is in dispute has no bearing on who pays.
        assert coverage.work_class == "C"

    def test_overlapping_versions_leave_the_class_open_where_it_hangs_on_them(self) -> None:
        divided = read_book(
            self.rules(
                entry("one", HOUSE.format(6), 'until: "2025-01-01"'),
                entry("one", HOUSE.format(60), 'since: "2020-01-01"'),
                entry("free", "kind: remedy, options: [repair]", "when: {in_guarantee: [whole_unit]}"),
            )
        )
        assert isinstance(divided, DividedBook)
        assert isinstance(divided.refusal, OverlappingVersions)
        document = FRIDGE | {"fault": {"code": "noise", "part": "shell"}}
        coverage = asked(document, divided, on="2026-01-10", history=SOLD)
        assert coverage.work_class is None
        assert sorted(str(one.coverage.work_class) for one in coverage.supposed) == ["A", "C"]
        assert outlook_of(divided, coverage).ways == []

    def test_too_many_clashes_stay_undecided(self) -> None:
        limit = "kind: limit, act: repair_goods, side: trader, amount: {}, unit: {}, since: call"
        more = [entry(f"r{n}", limit.format(5 + n, "working_days" if n % 2 else "days")) for n in range(12)]
        divided = read_book(self.rules(*more))
        assert isinstance(divided, DividedBook)
        coverage = asked(FRIDGE, divided, on="2024-01-10", history=SOLD)
        assert coverage.unclear

    def test_rules_that_agree_are_one_book(self) -> None:
        assert isinstance(read_book(BOOK.rules), RuleBook)
