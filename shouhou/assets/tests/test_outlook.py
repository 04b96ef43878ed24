import pytest

from shouhou.assets.tests.lives import BOOK, BRAKES, LEAK, car, fridge, guarantee, moment, of, repair, sold
from shouhou.assets.warranty.outlook import coming_rights, next_failure
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge

LATER = moment(6, 30)


def after(times: int) -> Facts:
    """A refrigerator that leaks again after so many repairs."""
    life = [repair(f"R{day}", moment(5, day), moment(5, day + 1)) for day in range(1, 1 + 3 * times, 3)]
    return guarantee(of(sold(), *life), at=LATER, fault=LEAK).facts


@pytest.mark.parametrize(
    ("times", "has_now", "next_brings"),
    [(0, False, set()), (1, False, {"replace"}), (2, True, set()), (3, True, set())],
)
def test_the_second_repair_that_fails_brings_a_replacement(times: int, has_now: bool, next_brings: set[str]) -> None:
    facts = after(times)
    assert judge(BOOK, facts).has("remedy.replace") is has_now
    coming = next_failure(BOOK, facts)
    assert coming.gained == next_brings
    assert [one.id for one in coming.rules] == (["cn-sanbao-general-1995.two-repairs"] if next_brings else [])


def test_the_second_repair_of_a_dangerous_fault_of_a_car() -> None:
    life = of(sold(), repair("R1", moment(5, 1), moment(5, 2), BRAKES))
    facts = guarantee(life, car(km=9000), at=LATER, fault=BRAKES).facts
    assert next_failure(BOOK, facts, severe=True).gained >= {"replace", "refund"}
    assert "refund" not in next_failure(BOOK, facts).gained


def test_every_count_says_at_which_number_it_brings_more() -> None:
    coming = {one.count: (one.now, one.at_least, set(one.gained)) for one in coming_rights(BOOK, after(1))}
    assert coming == {
        "failed_repairs": (1, 2, {"replace"}),
        "current_parts_wait_days": (0, 91, {"replace"}),
        "repairer_delay_days": (0, 31, {"replace"}),
    }
    life = of(sold(), repair("R1", moment(5, 1), moment(5, 3)))
    of_car = {one.count: one for one in coming_rights(BOOK, guarantee(life, car(km=9000), at=LATER, fault=LEAK).facts)}
    assert (of_car["same_fault_repairs"].at_least, of_car["repair_days"].now, of_car["repair_days"].at_least) == (
        5,
        2,
        31,
    )
    assert [one.id for one in of_car["repair_days"].rules if one.topic == "remedy.replace"] == [
        "cn-family-cars-2022.thirty-days"
    ]
    loan = of_car["current_repair_days"]
    assert (loan.at_least, set(loan.gained)) == (6, {"loan", "transport_money"})


def test_what_is_not_counted_stays_unknown() -> None:
    facts = fridge(on="2023-06-30", sold_on="2023-03-01", delivered_on="2023-03-01").but(repairer_delay_days=None)
    assert next_failure(BOOK, facts).gained == frozenset()
    assert coming_rights(BOOK, facts) == ()
