"""The books, to be read: accounts and their statements, entries, holds, and the proof that all of it is right."""

from itertools import islice
from uuid import UUID

from django.utils import timezone

from shouhou.access.permissions import SEE_LEDGER
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import BranchName, Moment
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.routing import Routes
from shouhou.api.schemas.ledger import (
    AccountAnswer,
    AccountPage,
    ClearingAnswer,
    HoldAnswer,
    HoldPage,
    LedgerEntryAnswer,
    LedgerFaultAnswer,
    LedgerProofAnswer,
    StatementLineAnswer,
    StatementPage,
)
from shouhou.audit.snapshot import one_snapshot
from shouhou.kernel.money import Money
from shouhou.ledger.queries import (
    balance_before,
    find_accounts,
    find_holds,
    find_lines_of,
    find_postings_on,
    find_reversal_of,
    get_account,
    get_entry,
    get_hold,
)
from shouhou.ledger.rules import AccountKind, HoldStatus, growth
from shouhou.ledger.verifying import find_ledger_faults, find_open_clearings

routes = Routes("ledger")
_IN_ORDER = Keyset(id=UUID)
_NEWEST_FIRST = Keyset(id=UUID).descending()
_AS_POSTED = Keyset(at=Moment, id=UUID)
_FAULTS_SHOWN = 100


@routes.read("/ledger/accounts", AccountPage)
def list_accounts(
    request: ActorRequest,
    branch: BranchName = "",
    kind: AccountKind | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> AccountPage:
    """List the accounts of a branch in the order in which they were opened."""
    where = branch_named(request, branch)
    rows = find_accounts(where, by=request.auth, kinds=[kind] if kind else [])
    return AccountPage(**paged(_IN_ORDER, rows, AccountAnswer.of, cursor=cursor, limit=limit))


@routes.read("/ledger/accounts/{uuid:account_id}", AccountAnswer)
def show_account(request: ActorRequest, account_id: UUID) -> AccountAnswer:
    """Show one account."""
    return AccountAnswer.of(get_account(account_id, by=request.auth))


@routes.read("/ledger/accounts/{uuid:account_id}/statement", StatementPage)
def show_statement(
    request: ActorRequest,
    account_id: UUID,
    since: Moment | None = None,
    until: Moment | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> StatementPage:
    """Show what happened on an account from `since` up to, and without, `until`, the oldest first."""
    with one_snapshot():
        account = get_account(account_id, by=request.auth)
        rows, next_cursor = _AS_POSTED.page(find_postings_on(account, since, until), cursor=cursor, limit=limit)
        opening = balance = balance_before(account, rows[0] if rows else None, at=since)
    lines = []
    for row in rows:
        balance += growth(account.normal_side, row.amount_minor)
        lines.append(StatementLineAnswer.of(row, account, balance))
    return StatementPage(
        account=AccountAnswer.of(account),
        opening=Money.of_minor_units(opening, account.currency).amount,
        rows=lines,
        next_cursor=next_cursor,
    )


@routes.read("/ledger/entries/{uuid:journal_id}", LedgerEntryAnswer)
def show_entry(request: ActorRequest, journal_id: UUID) -> LedgerEntryAnswer:
    """Show one entry with its lines, what it comes from, and what it takes back or was taken back by."""
    row = get_entry(journal_id, by=request.auth)
    return LedgerEntryAnswer.of(row, list(find_lines_of(row)), find_reversal_of(row))


@routes.read("/ledger/holds", HoldPage)
def list_holds(
    request: ActorRequest,
    branch: BranchName = "",
    status: HoldStatus | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HoldPage:
    """List what is set aside on the accounts of a branch, the newest first."""
    rows = find_holds(branch_named(request, branch), by=request.auth, status=status or "")
    return HoldPage(**paged(_NEWEST_FIRST, rows, HoldAnswer.of, cursor=cursor, limit=limit))


@routes.read("/ledger/holds/{uuid:hold_id}", HoldAnswer)
def show_hold(request: ActorRequest, hold_id: UUID) -> HoldAnswer:
    """Show one hold."""
    return HoldAnswer.of(get_hold(hold_id, by=request.auth))


@routes.read("/ledger/proof", LedgerProofAnswer)
def prove_books(request: ActorRequest, branch: BranchName = "") -> LedgerProofAnswer:
    """Add up everything in the books of a branch anew, and say what does not hold and what has not come back to zero."""
    where = branch_named(request, branch)
    request.auth.require(SEE_LEDGER, where.id)
    with one_snapshot():
        faults = list(islice(find_ledger_faults(where), _FAULTS_SHOWN + 1))
        clearings = find_open_clearings(where, at=timezone.now())
    return LedgerProofAnswer(
        right=not faults,
        faults=[LedgerFaultAnswer.of(one) for one in faults[:_FAULTS_SHOWN]],
        more=len(faults) > _FAULTS_SHOWN,
        open_clearings=[ClearingAnswer.of(one) for one in clearings],
    )
