from django.db import transaction

from shouhou.access.actions import take_number
from tests.cast import Cast


def test_each_branch_kind_and_period_counts_for_itself(cast: Cast) -> None:
    series = [
        (cast.qd.branch.id, "a", "1"),
        (cast.jn.branch.id, "a", "1"),
        (cast.qd.branch.id, "b", "1"),
        (cast.qd.branch.id, "a", "2"),
    ]
    for expected in (1, 2, 3):
        assert [take_number(branch, kind=kind, period=period) for branch, kind, period in series] == [expected] * 4


def test_a_number_of_an_act_that_failed_is_given_again(cast: Cast) -> None:
    with transaction.atomic():
        assert take_number(cast.qd.branch.id, kind="a", period="") == 1
        transaction.set_rollback(True)
    assert take_number(cast.qd.branch.id, kind="a", period="") == 1
