"""One act for many lines: each is carried out for itself, and the answer says which went and why the others did not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from shouhou.access.actors import Actor
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.web.acting import sentence
from shouhou.workorders import actions
from shouhou.workorders.models import WorkOrder

_OUTCOME = "register_outcome"


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act that many lines may have at once. `done` says it afterwards, with the number of lines."""

    key: str
    label: str | Promise
    icon: str
    permission: str
    done: str | Promise


ACTS: Mapping[str, BulkAct] = {
    act.key: act
    for act in (
        BulkAct(
            "dispatch",
            pgettext_lazy("act", "Dispatch"),
            "dispatch",
            "workorders.dispatch_work_order",
            gettext_lazy("Dispatched: %(number)s"),
        ),
        BulkAct(
            "file",
            gettext_lazy("File the vouchers"),
            "archive",
            "workorders.file_voucher",
            gettext_lazy("Vouchers filed: %(number)s"),
        ),
        BulkAct(
            "strike_off",
            gettext_lazy("Strike off"),
            "done",
            "workorders.strike_off",
            gettext_lazy("Struck off: %(number)s"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one line; without a reason, the act was carried out."""

    order_id: str
    number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act for many lines."""

    act: str
    answers: tuple[Answer, ...]

    @property
    def went(self) -> list[Answer]:
        return [one for one in self.answers if not one.reason]

    @property
    def refused(self) -> list[Answer]:
        return [one for one in self.answers if one.reason]

    @property
    def said(self) -> str:
        return str(ACTS[self.act].done) % {"number": len(self.went)}


def offered_acts(actor: Actor) -> dict[str, BulkAct]:
    """The acts that the actor may do in the branch that he works in."""
    return {key: act for key, act in ACTS.items() if actor.may(act.permission)}


def act_on_each(
    orders: Iterable[WorkOrder], act: BulkAct, *, technician_id: UUID | None, by: Actor, at: datetime
) -> Outcome:
    """Carry out the act for each of the orders; a refusal of one leaves the others alone. A missing permission is a 403."""
    carry_out = _carrier(act, technician_id=technician_id, by=by, at=at)
    answers = {}
    # In the order of their keys, so that two who act on the same lines never wait for each other in a ring.
    for order in sorted(orders, key=lambda one: one.id):
        try:
            carry_out(order.id)
        except NotPermitted as refusal:
            raise PermissionDenied(sentence(refusal)) from refusal
        except Refusal as refusal:
            answers[order.id] = Answer(str(order.id), order.number, sentence(refusal))
        else:
            answers[order.id] = Answer(str(order.id), order.number)
    return Outcome(act.key, tuple(answers[order.id] for order in orders))


def keep_outcome(request: HttpRequest, outcome: Outcome) -> None:
    """For the page that is shown next."""
    request.session[_OUTCOME] = asdict(outcome)


def take_outcome(request: HttpRequest) -> Outcome | None:
    """What was kept for this page, once."""
    if _OUTCOME not in request.session:
        return None
    kept = request.session.pop(_OUTCOME)
    return Outcome(kept["act"], tuple(Answer(**one) for one in kept["answers"]))


def _carrier(act: BulkAct, *, technician_id: UUID | None, by: Actor, at: datetime) -> Callable[[UUID], Any]:
    match act.key, technician_id:
        case "file", _:
            return lambda order_id: actions.file_voucher(order_id, by=by, at=at)
        case "strike_off", _:
            return lambda order_id: actions.strike_off(order_id, by=by, at=at)
        case "dispatch", UUID() as who:
            return lambda order_id: actions.dispatch_work_order(order_id, technician_id=who, by=by, at=at)
    raise ValueError(f"nothing is done for many lines by {act.key!r}")
