"""The service package of a model: what is done for its units, the adviser, and the decision."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.catalog.models import ProductModel
from shouhou.catalog.queries import get_entry
from shouhou.entitlements.actions import decide_package
from shouhou.entitlements.models import ServicePackage
from shouhou.entitlements.package_queries import PackageCourse, package_course
from shouhou.entitlements.rules.figures import COST_LABELS, FORMULAS, Figures
from shouhou.entitlements.rules.scope import DECIDE_PACKAGE, Strategy, usual_lines
from shouhou.entitlements.rules.strategy import Advice, advise
from shouhou.web.administration import where
from shouhou.web.catalogue_lists import LISTS
from shouhou.web.desk_inputs import error_lines
from shouhou.web.one_act import one_act
from shouhou.web.package_figures import measure
from shouhou.web.package_inputs import FiguresForm, PackageForm, begun_with, whole_years
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found


@require_GET
def package(request: ActorRequest, subject_id: UUID) -> HttpResponse:
    """What counts, what did, what is to come. Who may decide asks the adviser by the address, which changes nothing."""
    return _show(request, subject_id)


@require_POST
def package_decide(request: ActorRequest, subject_id: UUID) -> HttpResponse:
    """Decide what is done for the units of the model from a day on."""
    model = found(lambda: get_entry(ProductModel, subject_id))
    headquarters = _headquarters(request.actor)
    if headquarters is None:
        raise PermissionDenied(_("Service packages are decided at the headquarters."))
    form, told = PackageForm(request.POST), FiguresForm(request.POST)
    if not told.is_valid():
        return _show(request, subject_id, refused=form, told=told)

    def decide(given: dict[str, Any]) -> ServicePackage:
        figures = told.figures()
        return decide_package(
            model,
            strategy=Strategy(given["strategy"]),
            lines=form.lines(),
            reason=given["reason"],
            valid_from=given["valid_from"],
            figures=figures if figures != Figures() else None,
            branch=headquarters,
            by=request.actor,
            at=timezone.now(),
        )

    return one_act(
        request,
        form,
        decide,
        said=_("The service package is decided."),
        leads_to=reverse("catalogue_package", args=[subject_id]),
        refused=lambda form: _show(request, subject_id, refused=form, told=told),
    )


def may_decide(actor: Actor) -> bool:
    """Whether he decides for the whole company."""
    return _headquarters(actor) is not None


def _headquarters(actor: Actor) -> Branch | None:
    return next((branch for branch in where(actor, DECIDE_PACKAGE) if branch.parent_id is None), None)


def _show(
    request: ActorRequest, subject_id: UUID, *, refused: PackageForm | None = None, told: FiguresForm | None = None
) -> HttpResponse:
    model, today = found(lambda: get_entry(ProductModel, subject_id)), timezone.localdate()
    course = package_course(model, day=today)
    context = {
        "list": LISTS["products"],
        "entry": model,
        "course": course,
        "today": today,
        "may_decide": may_decide(request.actor) and not model.retired,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "section": "administration",
    }
    if context["may_decide"]:
        context |= _desk(request, model, course, refused=refused, told=told)
    return render(request, "catalogue/package_detail.html", context, status=422 if refused else 200)


def _desk(
    request: ActorRequest,
    model: ProductModel,
    course: PackageCourse,
    *,
    refused: PackageForm | None,
    told: FiguresForm | None,
) -> dict[str, Any]:
    """Adviser and decision; the adviser begins with what can be measured."""
    today = timezone.localdate()
    measured = measure(model, by=request.actor, today=today)
    asked = told or (FiguresForm(request.GET) if set(request.GET) & set(FiguresForm.base_fields) else None)
    asked = asked or FiguresForm(measured.figures)
    advice = advise(asked.figures()) if asked.is_valid() else None
    form = refused or PackageForm(initial={**_begun(advice, course), "valid_from": today})
    return {
        "measured": measured,
        "figures_form": asked,
        "figures": asked.asked() if advice else {},
        "advice": advice,
        "asked_for": [asked.label_of(name) for name in advice.missing] if advice else [],
        "possible": [one.label for one in Strategy if advice and one in advice.possible],
        "points": list(zip(Strategy.labels, advice.totals, strict=True)) if advice else [],
        "costs": _costs(advice),
        "form": form,
    }


def _begun(advice: Advice | None, course: PackageCourse) -> dict[str, Any]:
    """What is proposed; without a proposal what counts now, and of a model without a package all six kinds of work."""
    if advice and advice.proposed:
        lines = usual_lines(advice.proposed, life_years=whole_years(advice.figures.life_years))
        return dict(begun_with(advice.proposed, lines))
    if course.now:
        return dict(begun_with(course.now.strategy, course.now.scope))
    return {**begun_with("", usual_lines(Strategy.FULL)), "strategy": None}


def _costs(advice: Advice | None) -> list[dict[str, Any]]:
    if advice is None:
        return []
    return [
        {"label": label, "formula": FORMULAS[name], "value": getattr(advice.costs, name), "percent": name == "share"}
        for name, label in COST_LABELS.items()
    ]
