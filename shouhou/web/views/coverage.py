"""Who pays for a work order, and why: the page of it, asking the rules again, the ruling of a second person, the paper."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.entitlements.models import Override
from shouhou.entitlements.queries import OverrideNotFound
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question
from shouhou.policies.queries import rules_in_force
from shouhou.web.acting import perform
from shouhou.web.coverage_inputs import RulingForm
from shouhou.web.order_coverage import WhoPays, read_who_pays
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found, show
from shouhou.web.verdict_reasons import ahead_of, failed_rules, lost_rules
from shouhou.web.views.work_orders import find_order, plain_act
from shouhou.web.warranty_words import warranty_words
from shouhou.workorders import actions
from shouhou.workorders.models import WorkOrder

TEMPLATE = "coverage/order_verdict.html"
LANGUAGES = {"zh-hans": "中文", "en": "English"}


@require_GET
def order_verdict(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The reasons behind what the rules say of the order, and everything that was said of it before."""
    return _show(request, find_order(request, order_id))


@require_POST
def order_verdict_again(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Ask the rules with what is known now; the verdict of then stays beside the new one."""
    return plain_act(request, order_id, "judge_again", actions.judge_again, _("The rules have been asked again."))


@require_POST
def override_ruling(request: ActorRequest, order_id: UUID, override_id: UUID) -> HttpResponse:
    """Confirm, or refuse with a reason, that another pays than the rules say."""
    order = find_order(request, order_id)
    found(partial(_of_order, override_id, order))
    form = RulingForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        done = perform(
            request,
            lambda: actions.rule_on_work_class(
                override_id,
                confirm=given["ruling"] == "confirm",
                reason=given["reason"],
                by=request.actor,
                at=timezone.now(),
            ),
            form=form,
        )
        if done is not None:
            return SeeOther(reverse("order", args=[order_id], fragment="order-pays"))
    return _show(request, order, ruling=form, ruled_on=override_id, status=422)


@require_GET
def order_explanation(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """What the customer is told, on one page of paper, in the language that he reads (`?language=`)."""
    order = find_order(request, order_id)
    language = request.GET.get("language", "")
    if language not in LANGUAGES:
        language = "zh-hans" if translation.get_language().startswith("zh") else "en"
    with translation.override(language):
        pays = read_who_pays(order, by=request.actor)
        context = {
            "order": order,
            "pays": pays,
            "language": language,
            "languages": LANGUAGES,
            "today": timezone.localdate(),
        }
        return render(request, "coverage/explanation.html", context | {"words": pays.standing and pays.standing.words})


def _of_order(override_id: UUID, order: WorkOrder) -> Override:
    """The override, if it is one of the order's; whoever may see the order may see it."""
    row = Override.objects.filter(branch_id=order.branch_id, id=override_id, verdict__about=order.id).first()
    if row is None:
        raise OverrideNotFound()
    return row


def _show(request: ActorRequest, order: WorkOrder, *, status: int = 200, **more: Any) -> HttpResponse:
    pays = read_who_pays(order, by=request.actor)
    context: dict[str, Any] = {"order": order, "pays": pays, "section": "register"} | _reasons(pays)
    return show(request, TEMPLATE, context | more, region="why", status=status)


def _reasons(pays: WhoPays) -> dict[str, Any]:
    """The reasons as they were given; what would change them, by the rules of today on the same question."""
    if pays.standing is None:
        return {"words": None}
    words, verdict = pays.standing.words, pays.standing.verdict
    book = rules_in_force()
    coverage = entitle(book, read_question(verdict.question, at=verdict.judged_at))
    return {
        "words": words,
        "lost": lost_rules(words),
        "failed": failed_rules(words),
        "ahead": ahead_of(book, coverage),
        "warranty": warranty_words(coverage),
    }
