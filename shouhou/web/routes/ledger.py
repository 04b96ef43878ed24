"""The books: accounts, statements, entries, holds, and the proof that they are right."""

from django.urls import path

from shouhou.web.views.ledger import entries, holds, proof, statements

_ACCOUNT = "ledger/accounts/<uuid:account_id>/"
_ENTRY = "ledger/entries/<uuid:journal_id>/"
_HOLD = "ledger/holds/<uuid:hold_id>/"

urlpatterns = [
    path("ledger/", statements.account_list, name="ledger"),
    path(_ACCOUNT, statements.account_statement, name="ledger_account"),
    path(f"{_ACCOUNT}sheet/", statements.account_sheet, name="ledger_sheet"),
    path(f"{_ACCOUNT}holds/", holds.hold_place, name="ledger_hold_place"),
    path("ledger/entries/new/", entries.entry_new, name="ledger_entry_new"),
    path(_ENTRY, entries.entry, name="ledger_entry"),
    path(f"{_ENTRY}reversal/", entries.entry_reverse, name="ledger_entry_reverse"),
    path("ledger/crossings/", entries.send, name="ledger_send"),
    path("ledger/holds/", holds.holds, name="ledger_holds"),
    path(_HOLD, holds.hold, name="ledger_hold"),
    path(f"{_HOLD}payment/", holds.hold_pay, name="ledger_hold_pay"),
    path(f"{_HOLD}release/", holds.hold_void, name="ledger_hold_void"),
    path("ledger/proof/", proof.proof, name="ledger_proof"),
]
