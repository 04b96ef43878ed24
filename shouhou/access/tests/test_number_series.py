from datetime import date, timedelta
from typing import Any

import pytest

from shouhou.access.actions import (
    NotPrefixed,
    NumberGoesBack,
    PrefixInvalid,
    PrefixTaken,
    change_prefix,
    raise_next_number,
    take_document_number,
)
from shouhou.access.actors import BranchNotVisible
from shouhou.access.queries import find_series
from shouhou.access.rules import NumberKind
from shouhou.kernel.errors import NotPermitted
from tests.cast import NOW, Cast, refuses

DAY = date(2026, 11, 23)


def take(cast: Cast, kind: str = "voucher", day: date = DAY) -> str:
    return take_document_number(cast.qd.branch.id, kind=kind, day=day)


def prefix(cast: Cast, text: str, *, kind: str = "voucher", by: Any = None, later: int = 0) -> None:
    change_prefix(
        cast.qd.branch.id, kind=kind, prefix=text, by=by or cast.qd.administrator, at=NOW + timedelta(minutes=later)
    )


def test_what_the_page_says_is_what_comes_next(cast: Cast) -> None:
    for kind in NumberKind:
        for _ in range(2):
            said = {one.kind: one.next_text for one in find_series([cast.qd.branch], at=NOW)}
            assert take(cast, kind) == said[kind]


def test_orders_are_counted_anew_every_day_and_vouchers_without_end(cast: Cast) -> None:
    assert [take(cast, "work_order", day) for day in (DAY, DAY, DAY + timedelta(1))] == [
        "QD261123-0001",
        "QD261123-0002",
        "QD261124-0001",
    ]
    assert [take(cast, day=day) for day in (DAY, DAY + timedelta(1))] == ["QD-000001", "QD-000002"]


def test_a_new_prefix_counts_from_the_next_number_on_and_the_counter_goes_on(cast: Cast) -> None:
    assert take(cast) == "QD-000001"
    prefix(cast, "QDFW", later=1)
    assert take(cast) == "QDFW-000002"
    assert take(cast, "work_order") == "QD261123-0001"  # the other kind keeps its own
    prefix(cast, "QD", later=2)  # one's own may come back, the number does not
    assert take(cast) == "QD-000003"


def test_a_prefix_that_another_branch_has_or_had_is_refused(cast: Cast) -> None:
    with refuses(PrefixTaken):
        prefix(cast, "JN")
    change_prefix(cast.jn.branch.id, kind="voucher", prefix="JNAN", by=cast.jn.administrator, at=NOW)
    change_prefix(cast.jn.branch.id, kind="voucher", prefix="JNX", by=cast.jn.administrator, at=NOW + timedelta(1))
    with refuses(PrefixTaken):
        prefix(cast, "JNAN")


@pytest.mark.parametrize("text", ["", "qd", "Q-D", "QINGDAO99", "青岛", "QD\n"])
def test_it_refuses_what_is_no_prefix(text: str, cast: Cast) -> None:
    with refuses(PrefixInvalid):
        prefix(cast, text)


def test_pages_have_no_prefix(cast: Cast) -> None:
    with refuses(NotPrefixed):
        prefix(cast, "QDX", kind="register_page")


def test_a_series_only_goes_forward(cast: Cast) -> None:
    acting: dict[str, Any] = {"kind": "voucher", "by": cast.qd.administrator, "at": NOW}
    take(cast)
    for behind in (0, 1, -5, 10**12):
        with refuses(NumberGoesBack):
            raise_next_number(cast.qd.branch.id, next_number=behind, **acting)
    assert raise_next_number(cast.qd.branch.id, next_number=2, **acting) == 2  # where it stands anyway
    raise_next_number(cast.qd.branch.id, next_number=500, **acting)
    assert [take(cast), take(cast)] == ["QD-000500", "QD-000501"]


def test_only_its_administrators_change_a_series(cast: Cast) -> None:
    acting: dict[str, Any] = {"kind": "voucher", "at": NOW}
    for by, refusal in ((cast.qd.supervisor, NotPermitted), (cast.jn.administrator, BranchNotVisible)):
        with refuses(refusal):
            prefix(cast, "QDX", by=by)
        with refuses(refusal):
            raise_next_number(cast.qd.branch.id, next_number=9, by=by, **acting)
