"""Who pays, and why: ask the rules, read what they said of an order, and rule on what people made of it."""

from functools import partial
from typing import cast
from uuid import UUID

from django.utils import timezone

from shouhou.access.permissions import SEE_CUSTOMER, SEE_REGISTER
from shouhou.api.auth import ActorRequest
from shouhou.api.paging import Cursor, Keyset, Limit
from shouhou.api.problems import RefusedQuestion
from shouhou.api.queries import get_override
from shouhou.api.routing import Routes
from shouhou.api.schemas.answers import SupposedTold
from shouhou.api.schemas.verdicts import (
    BESIDE_A_UNIT,
    OverrideAnswer,
    OverrideRulingInput,
    StoredVerdictAnswer,
    StoredVerdictPage,
    VerdictAnswer,
    VerdictInput,
)
from shouhou.assets.queries import get_asset
from shouhou.catalog.queries import UnknownFaultCode, get_fault_code
from shouhou.entitlements.models import Verdict
from shouhou.entitlements.queries import cited_texts, find_verdicts, get_verdict, question_about
from shouhou.entitlements.rules.answers import answer_of, cited_by, outlook_of, supposed_told, versions_in
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question, write_question
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.refused import supposed_without, without_fault_code
from shouhou.entitlements.rules.verdict import Supposed
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.queries import rules_in_force
from shouhou.workorders import actions as acts
from shouhou.workorders.queries import get_work_order

routes = Routes("entitlements")
_NEWEST_FIRST = Keyset(sequence=int).descending()


class FactBesideUnit(Invalid):
    code = "fact_beside_unit"
    template = gettext_noop("“%(fact)s” is not given beside a unit: its facts are what the books know of it.")


class FaultCodeWithoutUnit(Invalid):
    code = "fault_code_without_unit"
    template = gettext_noop("A fault code is one of the catalogue: name the unit, too. In a document it is “fault”.")


@routes.act("POST", "/entitlements/verdicts", VerdictAnswer, query=("outlook",))
def ask_for_verdict(request: ActorRequest, body: VerdictInput, outlook: bool = False) -> VerdictAnswer:
    """Ask who pays, and why. Nothing is stored.

    About a unit of yours (`asset_id`, with `work_type` and `fault_code`), or about facts: the keys are those of
    `shouhou entitle keys`. The rules in force answer, the company's own among them. `outlook` adds what would change the
    answer.
    """
    question, book = _question(request, body), rules_in_force()
    coverage = entitle(book, question)
    found = outlook_of(book, coverage) if outlook else None
    return VerdictAnswer.model_validate(
        {
            "question": write_question(question),
            "answer": answer_of(coverage),
            "rules": cited_by(coverage),
            "outlook": None if found is None else {name: getattr(found, name) for name in found.__slots__},
        }
    )


@routes.read("/work-orders/{uuid:order_id}/verdicts", StoredVerdictPage)
def list_verdicts(request: ActorRequest, order_id: UUID, cursor: Cursor = "", limit: Limit = 50) -> StoredVerdictPage:
    """List the verdicts given with an order, the newest first, with what people made of them."""
    order = get_work_order(order_id, by=request.auth)
    request.auth.require(SEE_REGISTER, order.branch_id)
    rows, next_cursor = _NEWEST_FIRST.page(find_verdicts(order.id, by=request.auth), cursor=cursor, limit=limit)
    return StoredVerdictPage(rows=_told(rows), next_cursor=next_cursor)


@routes.act("POST", "/work-orders/{uuid:order_id}/verdicts", StoredVerdictAnswer, status=201)
def judge_again(request: ActorRequest, order_id: UUID) -> StoredVerdictAnswer:
    """Ask the rules again with what is known now. The earlier verdicts and the work class stay as they are."""
    verdict = acts.judge_again(order_id, by=request.auth, at=timezone.now())
    (told,) = _told([get_verdict(verdict.id, by=request.auth)])
    return told


@routes.act("POST", "/overrides/{uuid:override_id}/ruling", OverrideAnswer, status=201)
def rule_on_override(request: ActorRequest, override_id: UUID, body: OverrideRulingInput) -> OverrideAnswer:
    """Confirm, or refuse with a reason, that another pays than the rules say. Confirmed, the order gets that class."""
    acts.rule_on_work_class(override_id, confirm=body.confirm, reason=body.reason, by=request.auth, at=timezone.now())
    return OverrideAnswer.of(get_override(override_id, by=request.auth))


def _question(request: ActorRequest, body: VerdictInput) -> Question:
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    asset_id, fault_code = given.pop("asset_id", None), given.pop("fault_code", "")
    now = timezone.now()
    if asset_id is None:
        if fault_code:
            raise FaultCodeWithoutUnit(field="fault_code")
        try:
            return read_question(given, at=now)
        except Invalid as refusal:
            ways = supposed_without(rules_in_force(), given, refusal, at=now)
            raise RefusedQuestion(refusal, [_way(one) for one in ways]) from refusal
    unit = get_asset(asset_id, by=request.auth)
    request.auth.require(SEE_CUSTOMER, unit.branch_id)
    for name in given:
        if name not in BESIDE_A_UNIT:
            raise FactBesideUnit(fact=name, field=name)
    asked = read_question(given, at=now)
    about = partial(question_about, unit, branch=unit.branch, at=now, work_type=asked.work_type)
    if not fault_code:
        return about()
    try:
        return about(fault_code=get_fault_code(fault_code, product_model=unit.product_model))
    except UnknownFaultCode as refusal:
        ways = without_fault_code(entitle(rules_in_force(), about()))
        raise RefusedQuestion(refusal, [_way(one) for one in ways]) from refusal


def _way(one: Supposed) -> SupposedTold:
    return cast(SupposedTold, supposed_told(one))


def _told(rows: list[Verdict]) -> list[StoredVerdictAnswer]:
    """With what they cite: one query for all of them."""
    named = {row.id: versions_in(row.answer) for row in rows}
    texts = cited_texts(version for versions in named.values() for version in versions)
    return [StoredVerdictAnswer.of(row, {one: texts[one] for one in sorted(named[row.id])}) for row in rows]
