"""What does not hold in the books of the branch, and what has not come back to zero."""

from itertools import islice

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_LEDGER
from shouhou.audit.snapshot import one_snapshot
from shouhou.ledger.rules import AccountKind
from shouhou.ledger.verifying import find_ledger_faults, find_on_their_way, find_open_clearings
from shouhou.web.desk import branch_at_work
from shouhou.web.ledger_faults import fault_words
from shouhou.web.owner_names import name_all
from shouhou.web.requests import ActorRequest

SHOWN = 100


@require_GET
def proof(request: ActorRequest) -> HttpResponse:
    """Clearing accounts and money on its way with their age; with `?state=proved` everything is added up anew."""
    branch, now = branch_at_work(request, SEE_LEDGER), timezone.now()
    proved = request.GET.get("state") == "proved"
    faults = []
    if proved:
        with one_snapshot():
            faults = list(islice(find_ledger_faults(branch), SHOWN + 1))
    clearings = find_open_clearings(branch, at=now)
    names = name_all((one.owner for one in clearings), branch=branch)
    on_their_way = find_on_their_way(branch, at=now)
    places = dict(Branch.objects.filter(id__in={one.to_branch_id for one in on_their_way}).values_list("id", "name"))
    context = {
        "proved": proved,
        "faults": [{"fault": one, "words": fault_words(one.kind)} for one in faults[:SHOWN]],
        "more": len(faults) > SHOWN,
        "clearings": [{"open": one, "owner": names[one.owner], "label": AccountKind(one.kind).label} for one in clearings],
        "on_their_way": [{"open": one, "to": places[one.to_branch_id], "amount": abs(one.amount.amount)} for one in on_their_way],
        "section": "ledger",
    }  # fmt: skip
    return render(request, "ledger/proof.html", context)
