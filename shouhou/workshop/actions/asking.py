"""What the repair waits for: the customer's word, with what shows it, or a part."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import write
from shouhou.catalog.queries import get_part
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.ink import Strokes, check_strokes
from shouhou.kernel.texts import written
from shouhou.workorders.actions.bench import end_wait_for_part, wait_for_part
from shouhou.workshop.actions._card import (
    journal,
    lock_card,
    lock_own_card,
    move_card,
    nobody_at_work,
    order_of,
    owed,
)
from shouhou.workshop.models import CustomerQuestion, PartWait
from shouhou.workshop.rules import Evidence

_ASK = "workshop.ask_customer"
_SUPPLY = "workshop.supply_parts"
_MOST_AMOUNT = Decimal(10_000_000)


class QuotedAmountInvalid(Invalid):
    code = "quoted_amount_invalid"
    template = gettext_noop("The price must not be negative or more than %(most)s, with two decimals at most.")


class AnswerUnproved(Invalid):
    code = "answer_unproved"
    template = gettext_noop("Write down what he said or wrote, or let him sign.")


class EndedBeforeItBegan(Invalid):
    code = "ended_before_it_began"
    template = gettext_noop("It began at %(start)s; it cannot have ended before.")


def ask_customer(
    card_id: UUID, *, question: str, by: Actor, at: datetime, amount: Decimal | None = None
) -> CustomerQuestion:
    """Ask before going on: what would be done, and what it would cost him. The bench waits for the answer.

    Raises TextOwed, QuotedAmountInvalid, WorkStillOpen, CardInWrongState, CardNotFound, NotPermitted.
    """
    question = owed(question, field="question", most=500)
    if amount is not None and not (amount.is_finite() and 0 <= amount < _MOST_AMOUNT and round(amount, 2) == amount):
        raise QuotedAmountInvalid(most=_MOST_AMOUNT, field="amount")
    with act_transaction():
        card = lock_card(card_id, act="ask_customer", permission=_ASK, by=by, at=at)
        nobody_at_work(card)
        asked = CustomerQuestion.objects.create(
            branch_id=card.branch_id, card=card, question=question, amount=amount, asked_at=at
        )
        step = move_card(card, "ask_customer")
        told = {"question": question, "amount": None if amount is None else str(amount)}
        journal(card, "customer.asked", by=by, at=at, data={**step, **told})
        return asked


def record_answer(
    card_id: UUID,
    *,
    agreed: bool,
    evidence: str,
    answered_by: str,
    by: Actor,
    at: datetime,
    note: str = "",
    strokes: Strokes = (),
) -> CustomerQuestion:
    """The customer's yes or no, and what shows it: his answer to our message or a noted call (both in words), or his signature.

    Raises UnknownChoice, TextOwed, AnswerUnproved, SignatureEmpty, SignatureMalformed, EndedBeforeItBegan, CardInWrongState,
    CardNotFound, NotPermitted.
    """
    check_choice("evidence", evidence, Evidence.values)
    answered_by = owed(answered_by, field="answered_by", most=80)
    note = written(note, most=500, field="note")
    if evidence == Evidence.SIGNATURE:
        check_strokes(strokes)
    elif not note:
        raise AnswerUnproved(field="note")
    with act_transaction():
        card = lock_card(card_id, act="record_answer", permission=_ASK, by=by, at=at)
        asked = CustomerQuestion.objects.get(branch_id=card.branch_id, card_id=card.id, answered_at=None)
        if at < asked.asked_at:
            raise EndedBeforeItBegan(start=asked.asked_at.isoformat())
        asked.agreed, asked.answered_at, asked.evidence = agreed, at, evidence
        asked.answered_by, asked.note = answered_by, note
        asked.strokes = [[[*point] for point in stroke] for stroke in strokes]
        write(asked, "agreed", "answered_at", "evidence", "answered_by", "note", "strokes")
        step = move_card(card, "record_answer")
        told = {"agreed": agreed, "evidence": evidence, "answered_by": answered_by, "note": note}
        journal(card, "customer.answered", by=by, at=at, data={**step, **told})
        return asked


def wait_for_parts(card_id: UUID, *, what: str, by: Actor, at: datetime, part: str = "") -> PartWait:
    """A part is not to be had: the repair stands still, and so do its days in the guarantee.

    Raises TextOwed, UnknownPart, EntryRetired, WorkStillOpen, NotYourCard, CardInWrongState, CardNotFound, NotPermitted.
    """
    named = get_part(part) if part else None
    what = owed(what or (named.name if named else ""), field="what", most=200)
    with act_transaction():
        card, _technician = lock_own_card(card_id, act="wait_for_parts", by=by, at=at)
        nobody_at_work(card)
        wait = PartWait.objects.create(branch_id=card.branch_id, card=card, part=named, what=what, starts_at=at)
        step = move_card(card, "wait_for_parts")
        wait_for_part(order_of(card), at=at)
        journal(card, "parts.awaited", by=by, at=at, data={**step, "what": what, "part": part})
        return wait


def parts_arrived(card_id: UUID, *, by: Actor, at: datetime) -> PartWait:
    """The part is there, the card goes back to its bench.

    Raises EndedBeforeItBegan, CardInWrongState, CardNotFound, NotPermitted.
    """
    with act_transaction():
        card = lock_card(card_id, act="parts_arrived", permission=_SUPPLY, by=by, at=at)
        wait = PartWait.objects.get(branch_id=card.branch_id, card_id=card.id, ends_at=None)
        if at < wait.starts_at:
            raise EndedBeforeItBegan(start=wait.starts_at.isoformat())
        wait.ends_at = at
        write(wait, "ends_at")
        step = move_card(card, "parts_arrived")
        end_wait_for_part(order_of(card), at=at)
        journal(card, "parts.arrived", by=by, at=at, data={**step, "what": wait.what})
        return wait
