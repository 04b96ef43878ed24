from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.workorders.ink import draw_signature
from shouhou.workorders.rules import (
    CHECK_ANSWERS,
    CHECKLISTS,
    LIVE_VISIT,
    OPEN,
    ORDER_ACTS,
    VISIT_MOVES,
    VOUCHER_MOVES,
    ChecklistIncomplete,
    CheckUnknown,
    OrderStatus,
    SignatureEmpty,
    SignatureMalformed,
    VisitStatus,
    VoucherState,
    WorkType,
    check_checklist,
    check_strokes,
)

points = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 60_000)).map(list)
strokes = st.lists(st.lists(points, max_size=6), max_size=5)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4),
)


@given(strokes)
def test_strokes_are_ink_when_one_of_them_moves(drawn: list[list[list[int]]]) -> None:
    moves = any(point[:2] != stroke[0][:2] for stroke in drawn for point in stroke)
    if moves:
        check_strokes(drawn)
        assert draw_signature(drawn) == draw_signature(drawn)
        assert draw_signature(drawn).startswith(b"\x89PNG")
    else:
        with pytest.raises(SignatureEmpty):
            check_strokes(drawn)


@given(junk)
def test_whatever_else_is_sent_is_refused_by_name(sent: Any) -> None:
    try:
        check_strokes(sent)
    except (SignatureEmpty, SignatureMalformed) as refusal:
        assert refusal.field == "strokes"  # noqa: PT017


@given(st.sampled_from(list(WorkType)), st.data())
def test_a_checklist_is_done_when_all_required_points_are_answered(work_type: WorkType, draw: st.DataObject) -> None:
    codes = [point.code for point in CHECKLISTS[work_type]]
    answers = draw.draw(st.dictionaries(st.sampled_from(codes), st.sampled_from(CHECK_ANSWERS)))
    missing = [point.code for point in CHECKLISTS[work_type] if point.required and point.code not in answers]
    if not missing:
        check_checklist(work_type, answers)
        return
    with pytest.raises(ChecklistIncomplete) as caught:
        check_checklist(work_type, answers)
    assert caught.value.params["codes"] == missing


@pytest.mark.parametrize("answers", [{"works": "yes"}, {"wroks": "ok"}, {"works": ""}, {"inspected": "ok"}])
def test_it_refuses_answers_that_are_not_on_the_list(answers: dict[str, str]) -> None:
    with pytest.raises(CheckUnknown):
        check_checklist(WorkType.REPAIR, answers)


def test_every_status_has_its_acts_and_every_work_type_its_checklist() -> None:
    assert set(ORDER_ACTS) == set(OrderStatus)
    assert set(CHECKLISTS) == set(WorkType)
    assert all(any(point.required for point in points) for points in CHECKLISTS.values())


def test_an_ended_visit_never_moves_again() -> None:
    ended = set(VisitStatus) - set(LIVE_VISIT)
    assert not ended & {start for starts, _ in VISIT_MOVES.values() for start in starts}


def test_a_voucher_can_reach_every_state_and_leave_it() -> None:
    sources = {start for starts, _ in VOUCHER_MOVES.values() for start in starts}
    assert sources == {target for _, target in VOUCHER_MOVES.values()} == set(VoucherState)


def test_only_reopening_leads_out_of_a_closed_order() -> None:
    for status in set(OrderStatus) - set(OPEN):
        assert ORDER_ACTS[status] == {"reopen"}
