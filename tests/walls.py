"""What the route tests of all interfaces share: who may do what, what a request of one branch names, and how it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from PIL import Image

from shouhou.access.actions import assign_role
from shouhou.access.actors import Actor, actor_for
from shouhou.access.permissions import Role
from shouhou.assets.actions import read_meter
from shouhou.commitments.actions import claim_excuse
from shouhou.commitments.models import Commitment, Excuse
from shouhou.entitlements.actions import record_finding
from shouhou.entitlements.models import Finding, Override
from shouhou.ledger.rules import Reference
from shouhou.workforce.actions import record_absence
from shouhou.workforce.models import Absence, Certificate
from shouhou.workorders.actions import add_line, assign_work_class, attach_photo, judge_again
from tests.award_acts import small_award
from tests.cast import Cast, Crew, Life
from tests.workshop_acts import card

EVERYBODY = frozenset(Role)
DESK = frozenset({Role.CLERK, Role.SUPERVISOR})
LEAD = frozenset({Role.SUPERVISOR, Role.MANAGER})
FIELD = LEAD | {Role.TECHNICIAN}
DESK_AND_FIELD = DESK | {Role.TECHNICIAN}
PHONES = DESK | {Role.TECHNICIAN, Role.MANAGER}
WORKSHOP = PHONES | {Role.PARTS_KEEPER, Role.HQ}
PRINTERS = PHONES | {Role.ACCOUNTANT, Role.HQ}
EXPORTERS = DESK | {Role.MANAGER, Role.HQ, Role.ACCOUNTANT}
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class World:
    """What a request of one branch names. `own` are ids by name, `personal` those of each user by name and user."""

    crew: Crew
    life: Life
    own: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, Mapping[UUID | None, Any]] = field(default_factory=dict)

    @property
    def branch(self) -> str:
        return self.crew.branch.code

    def of(self, actor: Actor) -> World:
        """The same as the actor means it: with his personal ids."""
        return replace(self, own={**self.own, **{name: ids[actor.user_id] for name, ids in self.personal.items()}})

    def id_of(self, name: str) -> str:
        """The value of a path parameter or of an id field."""
        match name:
            case _ if name in self.own:
                return str(self.own[name])
            case "order_id" | "order":
                return str(self.life.id)
            case "visit_id" | "visit":
                return str(self.life.visit.id)
            case "voucher_id":
                return str(self.life.voucher.id)
            case "entry_id":
                return str(self.life.entry.id)
            case "customer_id" | "customer":
                return str(self.crew.customer.id)
            case "site_id":
                return str(self.crew.site.id)
            case "asset_id" | "asset":
                return str(self.crew.unit.id)
            case "technician_id" | "technician":
                return str(self.crew.technician.id)
            case "day":
                return self.life.order.received_on.isoformat()
            case "branch" | "code" | "calendar":
                return self.branch
            case "branch_id":
                return str(self.crew.branch.id)
            case "user_id":
                return str(self.crew.clerk.user_id)
            case "certificate_id":
                return str(Certificate.objects.filter(technician=self.crew.technician).earliest("starts_on").id)
            case "absence_id":
                return str(Absence.objects.filter(technician=self.crew.technician).earliest("starts_at").id)
        raise LookupError(name)


def written_down(life: Life, name: str) -> UUID | None:
    """The id of a line or a photo, made for the route that names one."""
    now = timezone.now()
    if name == "line_id":
        line = add_line(life.visit.id, kind="labour", quantity=Decimal(1), description="检修", by=life.worker, at=now)
        return line.id
    if name == "absence_id":
        away = {"starts_at": now, "ends_at": now + timedelta(days=2), "reason": "年假"}
        return record_absence(life.crew.technician.id, **away, by=life.crew.supervisor, at=now).id  # type: ignore[arg-type]
    if name == "photo_id":
        return attach_photo(life.id, file=BytesIO(picture()), by=life.crew.clerk, at=now).id
    if name == "finding_id":
        return _finding(life).id
    if name == "override_id":
        # For more than the clerk may give away alone, and no more than a supervisor may confirm.
        _finding(life)
        judge_again(life.id, by=life.crew.clerk, at=now)
        given: dict[str, Any] = {"work_class": "C", "reason": "客户投诉升级", "amount": Decimal(1500)}
        assign_work_class(life.id, **given, by=life.crew.clerk, at=now)
        return Override.objects.filter(verdict__about=life.id).latest("made_at", "id").id
    if name in ("commitment_id", "excuse_id", "evidence_id"):
        return _promise(life, name)
    if name == "card_id":
        return card(life.crew, at=life.at).card.id
    if name == "award_id":
        return small_award(life.crew, Reference("work_order", str(life.id))).id
    if name == "happening_id":
        return read_meter(life.first.asset_id, km=12, read_at=now, by=life.crew.clerk, at=now).id
    return None


def _promise(life: Life, name: str) -> UUID:
    """Of the promise to arrive at the order: itself, its one excuse, or what proves that."""
    promise = Commitment.objects.get(branch=life.crew.branch, subject_id=life.id, definition="arrival")
    if name == "commitment_id":
        return promise.id
    excuse = Excuse.objects.filter(branch=life.crew.branch, commitment=promise).first()
    if excuse is None:
        told: dict[str, Any] = {"kind": "weather", "account": "台风", "evidence": [BytesIO(picture())]}
        excuse = claim_excuse(promise.id, **told, by=life.worker, at=timezone.now())
    return excuse.id if name == "excuse_id" else excuse.evidence.get().id


def _finding(life: Life) -> Finding:
    unit = life.first.asset_id
    return record_finding(unit, exclusion="misuse", evidence="控制板进水", by=life.crew.clerk, at=timezone.now())


def at_headquarters(cast: Cast, actor: Actor, role: Role) -> Actor:
    """The same person with the same role, for both branches."""
    assert actor.user
    assign_role(actor.user, role=role, branch=cast.hq, by=cast.root, at=timezone.now())
    return actor_for(actor.user, channel="web")


def yesterday() -> datetime:
    """So that all acts up to now lie before what the interface does; the cast's own time may lie ahead of the clock."""
    return timezone.now() - timedelta(days=1)


def picture(colour: str = "white") -> bytes:
    """A small JPEG."""
    file = BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "JPEG")
    return file.getvalue()


class rolled_back:  # noqa: N801 - reads as a word of the sentence
    """What happens inside leaves nothing behind, so that one set-up serves all roles."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*error)
