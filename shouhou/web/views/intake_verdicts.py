"""The live verdict of the intake: who pays, and why, while the customer is still on the telephone. Writes nothing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from shouhou.policies.queries import rules_in_force
from shouhou.web.desk import branch_at_work
from shouhou.web.intake_verdict import ask_who_pays
from shouhou.web.requests import ActorRequest
from shouhou.web.verdict_reasons import ahead_of, failed_rules, lost_rules
from shouhou.web.views.intake import MAY
from shouhou.web.warranty_words import warranty_words


@require_GET
def intake_verdict(request: ActorRequest) -> HttpResponse:
    """Who pays for what is chosen and typed so far."""
    branch = branch_at_work(request, MAY)
    asked = ask_who_pays(request.GET, branch=branch, at=timezone.now())
    return render(request, "coverage/strip.html", {"asked": asked})


@require_GET
def intake_why(request: ActorRequest) -> HttpResponse:
    """The reasons of that verdict, with what would change it, for the drawer."""
    branch = branch_at_work(request, MAY)
    asked = ask_who_pays(request.GET, branch=branch, at=timezone.now())
    context: dict[str, object] = {"asked": asked, "words": asked.words}
    if asked.coverage and asked.words:
        context |= {
            "lost": lost_rules(asked.words),
            "failed": failed_rules(asked.words),
            "ahead": ahead_of(rules_in_force(), asked.coverage),
            "warranty": warranty_words(asked.coverage),
        }
    return render(request, "coverage/why.html", context)
