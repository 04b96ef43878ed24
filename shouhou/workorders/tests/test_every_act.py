"""What holds for every act on a work order: where it is possible, who may do it, and what it leaves in the journal."""

from datetime import datetime
from typing import get_args

import pytest
from django.db import transaction

from shouhou.access.actors import Actor
from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.audit.queries import find_faults
from shouhou.kernel.errors import NotFound, NotPermitted, Refusal
from shouhou.workorders.rules import ORDER_ACTS, VISIT_MOVES
from shouhou.workorders.tests.repertoire import ACTS, WORK, Act
from tests.cast import STEP, Cast, Crew, Life, Stage, all_rows

_WAITING = {"assign_work_class", "dispatch", "hold", "cancel", "issue_voucher", "attach_photo"}
_CALLED_BACK = {"assign_work_class", "withdraw", "hold", "attach_photo"}

# What is possible at each stage of an order's life. Everything else is refused.
POSSIBLE: dict[Stage, set[str]] = {
    "unclassed": _WAITING - {"dispatch"},
    "received": _WAITING,
    "dispatched": _CALLED_BACK | {"accept", "refuse", "issue_voucher"},
    "accepted": _CALLED_BACK | {"refuse", "depart", "issue_voucher"},
    "travelling": _CALLED_BACK | {"arrive", "add_line"},
    "on_site": {"assign_work_class", "add_line", "complete", "leave_incomplete", "attach_photo"},
    "completed": {"sign", "refuse_signature", "return_voucher", "reopen", "attach_photo"},
    "signed": {"hand_in", "reopen", "attach_photo"},
    "handed_in": {"file", "reopen", "attach_photo"},
    "filed": {"strike_off", "issue_voucher", "reopen", "attach_photo"},
    "struck_off": {"reopen"},
    "cancelled": {"reopen"},
    "on_hold": {"assign_work_class", "resume", "cancel", "issue_voucher", "attach_photo"},
    "refused": _WAITING,
    "withdrawn": _WAITING,
    # The voucher is still with the technician, the visit's line on it can be signed.
    "left_incomplete": _WAITING - {"cancel", "issue_voucher"} | {"sign", "refuse_signature", "return_voucher"},
}

# How it is refused, where the reason is another than the state of order, visit or voucher.
NAMED = {
    ("unclassed", "dispatch"): "work_class_missing",
    ("on_site", "hold"): "technician_on_site",
    ("travelling", "return_voucher"): "visit_under_way",
    ("on_site", "return_voucher"): "visit_under_way",
    ("left_incomplete", "cancel"): "voucher_still_out",
    ("completed", "strike_off"): "still_open",
    ("signed", "strike_off"): "still_open",
    ("handed_in", "strike_off"): "still_open",
}
STATES = {"wrong_state", "visit_in_wrong_state", "visit_not_found"}
CUSTODY = {"voucher_in_wrong_state", "voucher_not_in_folder", "nothing_to_sign"}


def outcome(act: Act, life: Life, by: Actor, at: datetime) -> Refusal | None:
    """Try an act and take it back; a refused one must not have written anything."""
    before, refused = all_rows(), None
    try:
        with transaction.atomic():
            act.do(life, by, at)
            transaction.set_rollback(True)
    except Refusal as refusal:
        refused = refusal
    assert all_rows() == before, act.name
    return refused


def test_every_stage_is_in_the_table() -> None:
    assert set(POSSIBLE) == set(get_args(Stage.__value__))


@pytest.mark.parametrize("stage", POSSIBLE)
def test_what_is_possible_at_a_stage_and_what_is_refused_by_name(stage: Stage, cast: Cast, qd: Crew) -> None:
    life = qd.order(stage)
    refusals = {act.name: outcome(act, life, cast.root, life.at + STEP) for act in ACTS}
    assert {name for name, refusal in refusals.items() if refusal is None} == POSSIBLE[stage]
    for name, refusal in refusals.items():
        if refusal:
            expected = {NAMED[stage, name]} if (stage, name) in NAMED else STATES | CUSTODY
            assert refusal.code in expected, name
            assert str(refusal)


def test_the_table_agrees_with_the_rules() -> None:
    custody = {"issue_voucher", "return_voucher", "hand_in", "file"}  # depend on where the paper is, not on the status
    possible = {
        (_status(stage), name.replace("refuse_signature", "sign"))
        for stage, allowed in POSSIBLE.items()
        for name in allowed - custody
    }
    ruled = {(status, act) for status, allowed in ORDER_ACTS.items() for act in allowed}
    # The one cell without a stage of its own has its own test: a held order whose voucher is signed.
    assert possible == ruled - {("on_hold", "sign")}


def _status(stage: Stage) -> str:
    if stage in ("struck_off", "cancelled", "on_hold", "dispatched"):
        return stage
    if stage == "accepted":
        return "dispatched"
    if stage in ("travelling", "on_site"):
        return "in_progress"
    return "completed" if stage in ("completed", "signed", "handed_in", "filed") else "received"


def test_every_visit_move_has_an_act() -> None:
    assert set(VISIT_MOVES) <= {act.name for act in ACTS}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_who_may_do_it(act: Act, cast: Cast, qd: Crew) -> None:
    life = qd.order(act.stage)
    found = {}
    for branch, role, actor in cast.everyone:
        refusal = outcome(act, life, actor, life.at + STEP)
        found[branch, role] = "done" if refusal is None else _kind(refusal)
    assert found == {(branch, role): _expected(act, branch, role, actor, qd) for branch, role, actor in cast.everyone}


def _kind(refusal: Refusal) -> str:
    if isinstance(refusal, NotFound):
        return "not found"
    return "not permitted" if isinstance(refusal, NotPermitted) else refusal.code


def _expected(act: Act, branch: str, role: Role, actor: Actor, qd: Crew) -> str:
    if branch == "JN":
        return "not found"
    codes = actor.codes[qd.branch.id]
    if act.permission == WORK:
        return "done" if {WORK, "workorders.work_for_technician"} & codes else "not permitted"
    return "done" if act.permission in codes else "not permitted"


def _count() -> int:
    """All events but those of what was promised, which hears of the acts."""
    return Event.objects.exclude(subject_kind="commitment").count()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_it_leaves_its_event_and_no_other(act: Act, cast: Cast, qd: Crew) -> None:
    life = qd.order(act.stage)
    before, count = len(life.events), _count()
    by = qd.technician_actor if act.permission == WORK else qd.supervisor
    act.do(life, by, life.next())
    written = life.events[before:]
    assert tuple(event.verb.removeprefix("workorders.") for event in written) == act.events
    assert _count() == count + len(act.events)
    for event in written:
        assert (event.actor_id, event.channel, event.at) == (by.user_id, "web", life.at)
        assert event.branch_id == qd.branch.id
    assert not list(find_faults())


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_it_refuses_a_time_before_the_call(act: Act, cast: Cast, qd: Crew) -> None:
    life = qd.order(act.stage)
    refusal = outcome(act, life, cast.root, life.first.received_at - STEP)
    assert refusal is not None
    assert refusal.code == ("signed_before_entry" if act.name in ("sign", "refuse_signature") else "act_before_call")
