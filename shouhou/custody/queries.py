"""Reads: where a unit is, how it came there, and the book of a branch."""

from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_CUSTODY
from shouhou.access.wall import BranchQuerySet
from shouhou.audit.looks import Look
from shouhou.custody.models import Custody, GoodsReceipt, HandOver
from shouhou.custody.rules import ReceiptStatus
from shouhou.kernel.errors import NotFound, gettext_noop

_UNVOIDED = Look(
    lambda branch_id, asset_id: GoodsReceipt.objects.filter(branch_id=branch_id, asset_id=asset_id).exclude(
        status=ReceiptStatus.VOIDED
    )
)


class ReceiptNotFound(NotFound):
    code = "receipt_not_found"


class CodeNotOurs(NotFound):
    code = "code_not_ours"
    template = gettext_noop("This code is not on anything that a customer has left with your branches.")


def unvoided_receipt(branch_id: UUID, asset_id: UUID) -> GoodsReceipt | None:
    """The receipt of a unit that has not been voided yet, whether the unit is back already or not."""
    return _UNVOIDED.first(branch_id=branch_id, asset_id=asset_id)


def find_trail(asset_id: UUID, *, by: Actor) -> BranchQuerySet[HandOver]:
    """Every hand-over of a unit, in order: who had it, since when, who signed."""
    rows = HandOver.objects.visible_to(by).filter(custody__asset_id=asset_id)
    return rows.select_related("receipt", "from_technician", "to_technician").order_by("sequence", "id")


def find_hand_overs(branch: Branch, *, by: Actor) -> BranchQuerySet[HandOver]:
    """The in/out register of a branch, newest first. Raises NotPermitted."""
    by.require(SEE_CUSTODY, branch.id)
    rows = HandOver.objects.at(branch).select_related("receipt__asset", "from_technician", "to_technician")
    return rows.order_by("-at", "-id")


def find_receipts(branch: Branch, *, by: Actor) -> BranchQuerySet[GoodsReceipt]:
    """The receipts of a branch, newest first. Raises NotPermitted."""
    by.require(SEE_CUSTODY, branch.id)
    return GoodsReceipt.objects.at(branch).select_related("asset").order_by("-issued_at", "-id")


def get_by_code(code: str, *, by: Actor) -> Custody:
    """The unit away from its customer whose receipt number or serial number was scanned. Raises CodeNotOurs."""
    code = code.strip()
    away = Custody.objects.visible_to(by).filter(receipt__isnull=False).select_related("asset", "receipt", "technician")
    for found in (away.filter(receipt__number=code), away.filter(asset__serial=code)):
        rows = list(found[:2]) if code else []
        # Two models may share a serial number: then only the number on the receipt tells them apart.
        if len(rows) == 1:
            by.require(SEE_CUSTODY, rows[0].branch_id)
            return rows[0]
    raise CodeNotOurs(field="code")
