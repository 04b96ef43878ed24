"""The company's own packs: one person proposes a version, another approves it. Nothing is ever edited in place."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch, User
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, NotPermitted, gettext_noop
from shouhou.kernel.texts import written
from shouhou.policies.examples import deviations
from shouhou.policies.models import CompanyPack, PackRuling
from shouhou.policies.queries import CompanyPackNotFound, find_packs_in_force, read_company_pack
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import Layer
from shouhou.policies.schema.loading import Pack, book_of, shipped_packs

PROPOSE_PACK, APPROVE_PACK = "policies.propose_pack", "policies.approve_pack"
_OF_THE_COMPANY = {Layer.BRAND, Layer.SELLER, Layer.CONTRACT}
_LONGEST = 200_000


class NoReasonGiven(Invalid):
    code = "pack_reason_missing"
    template = gettext_noop("Please say why the pack is to be so.")


class PackNameTaken(Invalid):
    code = "pack_name_taken"
    template = gettext_noop("“%(name)s” is a pack of the product; the company's own packs have other names.")


class NotTheCompanysLayer(Invalid):
    code = "not_the_companys_layer"
    template = gettext_noop(
        "The company can promise as brand, as seller and by contract; it cannot make rules of %(layer)s."
    )


class ExampleComesOutOtherwise(Invalid):
    code = "example_comes_out_otherwise"
    template = gettext_noop("%(place)s %(rule)s: %(question)s should be %(expected)s and is %(found)s.")


class RuleRewritten(Invalid):
    code = "rule_rewritten"
    template = gettext_noop(
        "The rule %(rule)s counts since %(since)s. It can be ended from today on and followed by a new version, not rewritten."
    )


class PackUnchanged(Conflict):
    code = "pack_unchanged"
    template = gettext_noop("The newest version says the same already.")


class ProposalOpen(Conflict):
    code = "pack_proposal_open"
    template = gettext_noop("Version %(version)s is proposed and not ruled on yet.")


class PackRuledOn(Conflict):
    code = "pack_ruled_on"
    template = gettext_noop("This version has been ruled on already.")


class PersonNeeded(Conflict):
    code = "pack_needs_a_person"
    template = gettext_noop("Packs are proposed and approved by people who are signed in.")


class OwnProposal(Conflict):
    code = "pack_own_proposal"
    template = gettext_noop("Who proposed a pack cannot rule on it.")


def propose_pack(text: str, *, reason: str, branch: Branch, by: Actor, at: datetime, today: date) -> CompanyPack:
    """Write down the next version of a company pack. It counts for nothing until another person approves it.

    Raises PackRefused (file, line, reason), TextTooLong, NoReasonGiven, PackNameTaken, NotTheCompanysLayer, RuleRewritten,
    ExampleComesOutOtherwise, OverlappingVersions, PacksContradict, UnknownRule, PackUnchanged, ProposalOpen, PersonNeeded,
    NotPermitted.
    """
    user = _person(by, PROPOSE_PACK, branch)
    text, reason = written(text, most=_LONGEST, field="text"), _said(reason, owed=True)
    pack = read_company_pack("pack", text)
    with act_transaction():
        versions = list(CompanyPack.objects.select_for_update().filter(name=pack.id).order_by("version", "id"))
        latest = versions[-1] if versions else None
        if latest is not None:
            ruling = PackRuling.objects.filter(pack=latest).first()
            if ruling is None:
                raise ProposalOpen(version=latest.version)
            if latest.text == text and ruling.approved:
                raise PackUnchanged(field="text")
        check_pack(pack, today=today)
        number = latest.version + 1 if latest else 1
        row = CompanyPack(name=pack.id, version=number, text=text, reason=reason, proposed_by=user, proposed_at=at)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            # Somebody proposed the same version in the same moment.
            raise ProposalOpen(version=number) from None
        _journal(row, "proposed", {"version": number, "reason": row.reason}, branch=branch, by=by, at=at)
        return row


def rule_on_pack(
    pack_id: UUID, *, approve: bool, reason: str, branch: Branch, by: Actor, at: datetime, today: date
) -> PackRuling:
    """Approve a proposed version, with which it is in force, or refuse it, which needs a reason.

    Raises CompanyPackNotFound, PackRuledOn, OwnProposal, NoReasonGiven, NotPermitted, and what propose_pack raises where
    other packs have changed meanwhile.
    """
    user = _person(by, APPROVE_PACK, branch)
    reason = _said(reason, owed=not approve)
    with act_transaction():
        row = CompanyPack.objects.select_for_update().filter(id=pack_id).first()
        if row is None:
            raise CompanyPackNotFound()
        if PackRuling.objects.filter(pack=row).exists():
            raise PackRuledOn()
        if row.proposed_by_id == user.id:
            raise OwnProposal()
        if approve:
            # Company packs are approved one after the other, so that no two of them contradict each other unseen.
            list(CompanyPack.objects.select_for_update().order_by("id").values_list("id", flat=True))
            check_pack(read_company_pack(row.name, row.text), today=today)
        ruling = PackRuling(pack=row, approved=approve, reason=reason, ruled_by=user, ruled_at=at)
        ruling.save(force_insert=True)
        said = {"version": row.version, "reason": ruling.reason}
        _journal(row, "approved" if approve else "refused", said, branch=branch, by=by, at=at)
        return ruling


def _person(by: Actor, permission: str, branch: Branch) -> User:
    """Packs count for the whole company: only who may do so at the headquarters proposes and approves them."""
    by.require(permission, branch.id)
    if branch.parent_id is not None:
        raise NotPermitted(permission=permission)
    if by.user is None:
        raise PersonNeeded()
    return by.user


def _said(reason: str, *, owed: bool) -> str:
    reason = written(reason, most=300, field="reason")
    if owed and not reason:
        raise NoReasonGiven(field="reason")
    return reason


def check_pack(pack: Pack, *, today: date) -> None:
    """That the pack may be the company's, keeps what counts already, fits to the others, and does what its examples say.

    It writes nothing: a preview asks the same. Raises what propose_pack raises against a text.
    """
    shipped = shipped_packs()
    if pack.id in {one.id for one in shipped}:
        raise PackNameTaken(name=pack.id, field="text")
    if pack.layer not in _OF_THE_COMPANY:
        raise NotTheCompanysLayer(layer=pack.layer.name.lower(), field="text")
    in_force = {row.name: read_company_pack(row.name, row.text) for row in find_packs_in_force()}
    if pack.id in in_force:
        _keep(in_force[pack.id].rules, pack.rules, today=today)
    book = book_of([*shipped, *(other for name, other in in_force.items() if name != pack.id), pack])
    for example in pack.examples:
        for one in deviations(book, example):
            raise ExampleComesOutOtherwise(
                place=one.place,
                rule=one.rule,
                question=one.question,
                expected=one.expected,
                found=one.found,
                field="text",
            )


def _keep(before: tuple[Rule, ...], after: tuple[Rule, ...], *, today: date) -> None:
    """A rule that counts already keeps what it says. It may get an end that has not passed, or another such end."""
    kept = {(rule.id, rule.substance): rule for rule in after}
    for rule in before:
        if rule.since is not None and rule.since > today:
            continue
        now = kept.get((rule.id, rule.substance))
        if now is not None and now.until == rule.until:
            continue
        ended = rule.until is not None and rule.until <= today
        if now is None or ended or (now.until is not None and now.until < today):
            raise RuleRewritten(rule=rule.id, since=rule.in_force_since or "–", field="text")


def _journal(row: CompanyPack, what: str, data: dict[str, object], *, branch: Branch, by: Actor, at: datetime) -> None:
    record(
        branch_id=branch.id,
        chain_id=row.id,
        verb=f"policies.company_pack.{what}",
        subject=("company_pack", row.id),
        by=by,
        at=at,
        data={"name": row.name} | data,
        opens=what == "proposed",
    )
