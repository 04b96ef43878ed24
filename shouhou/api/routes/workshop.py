"""The workshop: repair cards by where they are, and every act on one."""

from base64 import b64encode
from uuid import UUID

from django.utils import timezone

from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import BranchName
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.routing import Routes
from shouhou.api.schemas import workshop as schema
from shouhou.api.schemas.vouchers import PrintAnswer, PrintInput
from shouhou.forms import actions as forms
from shouhou.workshop import actions as acts
from shouhou.workshop.queries import find_cards, get_card
from shouhou.workshop.rules import CardStatus

routes = Routes("workshop")
_BY_TIME = Keyset(id=UUID)
_CARD = "/repair-cards/{uuid:card_id}"


@routes.read("/repair-cards", schema.CardPage)
def list_repair_cards(
    request: ActorRequest,
    branch: BranchName = "",
    status: CardStatus | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> schema.CardPage:
    """List the repair cards of a branch in the order in which they were written."""
    rows = find_cards(branch_named(request, branch), by=request.auth)
    rows = rows.filter(status=status) if status else rows
    return schema.CardPage(**paged(_BY_TIME, rows, schema.CardAnswer.of, cursor=cursor, limit=limit))


@routes.read(_CARD, schema.WholeCardAnswer)
def show_repair_card(request: ActorRequest, card_id: UUID) -> schema.WholeCardAnswer:
    """Show a card with everything that is written on it."""
    return schema.WholeCardAnswer.of(get_card(card_id, by=request.auth))


@routes.act("POST", "/work-orders/{uuid:order_id}/repair-cards", schema.CardAnswer, status=201)
def open_repair_card(request: ActorRequest, order_id: UUID, body: schema.OpenCardInput) -> schema.CardAnswer:
    """Write the card for the order's unit, which was taken in against a receipt."""
    card = acts.open_card(order_id, planned_on=body.planned_on, fault=body.fault, by=request.auth, at=timezone.now())
    return schema.CardAnswer.of(card)


@routes.act("PUT", _CARD + "/bench", schema.CardAnswer)
def assign_bench(request: ActorRequest, card_id: UUID, body: schema.BenchInput) -> schema.CardAnswer:
    """Give the card to a technician at a bench."""
    card = acts.assign_bench(
        card_id, technician_id=body.technician_id, bench=body.bench, by=request.auth, at=timezone.now()
    )
    return schema.CardAnswer.of(card)


@routes.act("POST", _CARD + "/work", schema.StretchAnswer, status=201)
def start_bench_work(request: ActorRequest, card_id: UUID, body: schema.StartInput) -> schema.StretchAnswer:
    """Begin to work on it."""
    stretch = acts.start_work(
        card_id,
        technician_id=body.technician_id,
        work_class=body.work_class or "",
        by=request.auth,
        at=timezone.now(),
    )
    return schema.StretchAnswer.of(stretch)


@routes.act("POST", _CARD + "/work-stop", schema.StretchAnswer)
def stop_bench_work(request: ActorRequest, card_id: UUID, body: schema.StopInput) -> schema.StretchAnswer:
    """Stop; what was worked is the time between."""
    stretch = acts.stop_work(card_id, technician_id=body.technician_id, by=request.auth, at=timezone.now())
    return schema.StretchAnswer.of(stretch)


@routes.act("PUT", _CARD + "/diagnosis", schema.CardAnswer)
def record_diagnosis(request: ActorRequest, card_id: UUID, body: schema.DiagnosisInput) -> schema.CardAnswer:
    """Write down what is wrong with it."""
    card = acts.record_diagnosis(
        card_id, diagnosis=body.diagnosis, fault_code=body.fault_code, by=request.auth, at=timezone.now()
    )
    return schema.CardAnswer.of(card)


@routes.act("POST", _CARD + "/parts", schema.PartUsedAnswer, status=201)
def use_part(request: ActorRequest, card_id: UUID, body: schema.PartUsedInput) -> schema.PartUsedAnswer:
    """Write a part onto the card that went into the unit."""
    used = acts.use_part(card_id, part=body.part, quantity=body.quantity, by=request.auth, at=timezone.now())
    return schema.PartUsedAnswer.of(used)


@routes.act("POST", _CARD + "/questions", schema.QuestionAnswer, status=201)
def ask_customer(request: ActorRequest, card_id: UUID, body: schema.QuestionInput) -> schema.QuestionAnswer:
    """Ask the customer before the repair goes on."""
    asked = acts.ask_customer(card_id, question=body.question, amount=body.amount, by=request.auth, at=timezone.now())
    return schema.QuestionAnswer.of(asked)


@routes.act("POST", _CARD + "/answer", schema.QuestionAnswer)
def record_answer(request: ActorRequest, card_id: UUID, body: schema.AnswerInput) -> schema.QuestionAnswer:
    """Write down what the customer answered, with what shows it."""
    asked = acts.record_answer(
        card_id,
        agreed=body.agreed,
        evidence=body.evidence,
        answered_by=body.answered_by,
        note=body.note,
        strokes=body.strokes,
        by=request.auth,
        at=timezone.now(),
    )
    return schema.QuestionAnswer.of(asked)


@routes.act("POST", _CARD + "/waits", schema.WaitAnswer, status=201)
def wait_for_parts(request: ActorRequest, card_id: UUID, body: schema.WaitInput) -> schema.WaitAnswer:
    """A part is not to be had: the repair stands still."""
    wait = acts.wait_for_parts(card_id, what=body.what, part=body.part, by=request.auth, at=timezone.now())
    return schema.WaitAnswer.of(wait)


@routes.act("POST", _CARD + "/parts-arrival", schema.WaitAnswer)
def parts_arrived(request: ActorRequest, card_id: UUID) -> schema.WaitAnswer:
    """The part is there: back to the bench."""
    return schema.WaitAnswer.of(acts.parts_arrived(card_id, by=request.auth, at=timezone.now()))


@routes.act("POST", _CARD + "/completion", schema.CardAnswer)
def finish_repair(request: ActorRequest, card_id: UUID, body: schema.FinishInput) -> schema.CardAnswer:
    """The bench is done with it: to the inspection."""
    card = acts.finish_repair(card_id, work_done=body.work_done, by=request.auth, at=timezone.now())
    return schema.CardAnswer.of(card)


@routes.act("POST", _CARD + "/giving-up", schema.CardAnswer)
def cannot_be_repaired(request: ActorRequest, card_id: UUID, body: schema.GiveUpInput) -> schema.CardAnswer:
    """It is not mended: back as it is, or a right to replacement or refund. To the inspection."""
    card = acts.cannot_be_repaired(
        card_id, outcome=body.outcome, reason=body.reason, by=request.auth, at=timezone.now()
    )
    return schema.CardAnswer.of(card)


@routes.act("POST", _CARD + "/inspection", schema.InspectionAnswer, status=201)
def inspect_repair(request: ActorRequest, card_id: UUID, body: schema.InspectionInput) -> schema.InspectionAnswer:
    """Pass it; not by anybody who mended it."""
    return schema.InspectionAnswer.of(acts.inspect(card_id, checks=body.checks, by=request.auth, at=timezone.now()))


@routes.act("POST", _CARD + "/return-to-bench", schema.InspectionAnswer, status=201)
def send_back_to_bench(request: ActorRequest, card_id: UUID, body: schema.SentBackInput) -> schema.InspectionAnswer:
    """It is not right yet."""
    failed = acts.send_back_to_bench(card_id, reason=body.reason, by=request.auth, at=timezone.now())
    return schema.InspectionAnswer.of(failed)


@routes.act("POST", _CARD + "/hand-back", schema.CardAnswer)
def hand_back_repaired(request: ActorRequest, card_id: UUID, body: schema.HandBackInput) -> schema.CardAnswer:
    """Hand the inspected unit back for its receipt; the card is closed."""
    card = acts.hand_back_repaired(
        card_id,
        giver=body.giver.side(),
        customer=body.customer.side(),
        receipt_code=body.receipt_code,
        declaration=body.declaration,
        by=request.auth,
        at=timezone.now(),
    )
    return schema.CardAnswer.of(card)


@routes.act("POST", _CARD + "/closing", schema.CardAnswer)
def close_card(request: ActorRequest, card_id: UUID) -> schema.CardAnswer:
    """Close the card of a unit that has been handed back already."""
    return schema.CardAnswer.of(acts.close_card(card_id, by=request.auth, at=timezone.now()))


@routes.act("POST", _CARD + "/prints", PrintAnswer, status=201)
def print_repair_card(request: ActorRequest, card_id: UUID, body: PrintInput) -> PrintAnswer:
    """Print form 服表005, the tag that hangs on the unit. Every print is counted and stands in the journal."""
    sheet, pdf = forms.print_card(card_id, second_line=body.second_line, by=request.auth, at=timezone.now())
    return PrintAnswer.of(sheet, b64encode(pdf).decode())
