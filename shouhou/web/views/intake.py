"""叫修登记: one screen, under a minute, without the mouse."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhou.access.models import Branch
from shouhou.assets.queries import UnknownSerial, get_asset_by_serial
from shouhou.catalog.queries import find_fault_codes, find_product_models
from shouhou.customers.queries import CustomerNotFound, get_customer
from shouhou.kernel.texts import sought
from shouhou.web.acting import perform, sentence
from shouhou.web.desk import branch_at_work
from shouhou.web.intake_desk import (
    Caller,
    find_folders_with,
    find_matches,
    find_offers,
    key_of,
    product_class_of,
    read_caller,
)
from shouhou.web.intake_inputs import BY_SERIAL, NEW, IntakeForm
from shouhou.web.intake_verdict import ask_who_pays
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, show
from shouhou.workorders.actions import NewAsset, receive_call
from shouhou.workorders.actions.calls import ReceivedAlready
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import get_work_order_by_source
from shouhou.workorders.rules import WorkType

TEMPLATE = "desk/call_form.html"
MAY = "workorders.receive_call"


@require_http_methods(["GET", "POST"])
def intake(request: ActorRequest) -> HttpResponse:
    """The form; `?customer=` and `?asset=` choose, `?caller=` looks up (without a script), `?new=1` opens a new folder,

    `?serial=` is that of a unit that was scanned.
    """
    branch = branch_at_work(request, MAY)
    if request.method == "GET":
        now = timezone.localtime()
        form = _fresh(request, received_at=now.replace(second=0, microsecond=0))
        return _show(request, branch, form)
    form = IntakeForm(request.POST, is_new=not request.POST.get("customer"))
    order = _receive(request, branch, form) if form.is_valid() and not _is_known(form, branch) else None
    if order is None:
        return _show(request, branch, form, status=422)
    messages.success(request, _("%(number)s is in the register.") % {"number": order.number})
    return SeeOther(reverse("order", args=[order.id]))


@require_GET
def intake_customers(request: ActorRequest) -> HttpResponse:
    """Who it may be, while the clerk types."""
    return _piece(request, _looked_up, region="matches")


@require_GET
def intake_slots(request: ActorRequest) -> HttpResponse:
    """When somebody could go, for the unit and the kind of work that are chosen."""
    return _piece(request, lambda request, branch: _offered(branch, request.GET, _fresh(request)), region="slots")


@require_POST
def intake_known(request: ActorRequest) -> HttpResponse:
    """Whether the number that is typed for a new folder has one. A POST, so that the number stands in no address."""
    branch = branch_at_work(request, MAY)
    folders = find_folders_with(request.POST.get("phone", ""), branch=branch)
    return show(request, TEMPLATE, {"folders": folders, "form": _fresh(request)}, region="known")


@require_GET
def intake_units(request: ActorRequest) -> HttpResponse:
    """The customer chosen, with his units; or a new one; or the look-up again."""
    return _piece(
        request, lambda request, branch: _context(request, branch, _fresh(request)) | {"oob": True}, region="who"
    )


def _piece(
    request: ActorRequest, read: Callable[[ActorRequest, Branch], dict[str, Any]], *, region: str
) -> HttpResponse:
    """A region of the form for htmx; whoever comes without it (an address opened again) gets the whole form."""
    branch = branch_at_work(request, MAY)
    if request.htmx and not request.htmx.boosted:
        return show(request, TEMPLATE, read(request, branch), region=region)
    return _show(request, branch, _fresh(request))


def _fresh(request: ActorRequest, **initial: Any) -> IntakeForm:
    initial |= {"key": uuid4(), "serial": request.GET.get("serial", "")[:60]}
    return IntakeForm(initial=initial, is_new=not request.GET.get("customer"))


def _is_known(form: IntakeForm, branch: Branch) -> bool:
    """A new folder for a number that has one is opened only on purpose."""
    given = form.cleaned_data
    if given["customer"] or given["anew"] or not find_folders_with(given["phone"], branch=branch):
        return False
    form.add_error("phone", _("This number has a folder already."))
    return True


def _offered(branch: Branch, asked: Mapping[str, str], form: IntakeForm) -> dict[str, Any]:
    """The times on offer; the one that was chosen stays chosen as long as it is among them."""
    kind = product_class_of(asked.get("asset", ""), sought(asked.get("product_model", "")), branch=branch)
    work_type = asked.get("work_type", "")
    if work_type not in WorkType:
        work_type = WorkType.REPAIR
    offers = find_offers(branch=branch, product_class_id=kind, work_type=work_type, at=timezone.now()) if kind else []
    return {"form": form, "offers": offers, "offers_for": bool(kind), "wish": asked.get("wish", "")}


def _receive(request: ActorRequest, branch: Branch, form: IntakeForm) -> WorkOrder | None:
    asset = _asset(branch, form)
    if asset is None:
        return None

    def receive() -> WorkOrder:
        call = form.call()
        try:
            return receive_call(
                branch=branch,
                customer=form.cleaned_data["customer"] or form.new_customer(),
                asset=asset,
                by=request.actor,
                at=timezone.now(),
                **call,
            )
        except ReceivedAlready:
            # Sent twice: both get the one line that came of it.
            return get_work_order_by_source(call["source"], branch=branch)

    return perform(request, receive, form=form)


def _asset(branch: Branch, form: IntakeForm) -> UUID | NewAsset | None:
    """The unit that was chosen; None, and the reason beside the field, for a serial number that nobody knows."""
    chosen = form.cleaned_data["asset"]
    if chosen == NEW:
        return form.new_asset()
    if chosen != BY_SERIAL:
        return UUID(chosen)
    try:
        return get_asset_by_serial(form.cleaned_data["serial"], branch=branch).id
    except UnknownSerial as unknown:
        form.add_error("serial", sentence(unknown))
        return None


def _show(request: ActorRequest, branch: Branch, form: IntakeForm, *, status: int = 200) -> HttpResponse:
    context = _context(request, branch, form) | {"fault_codes": find_fault_codes(), "section": "register"}
    return render(request, TEMPLATE, context, status=status)


def _context(request: ActorRequest, branch: Branch, form: IntakeForm) -> dict[str, Any]:
    """The upper part: looking up, a customer chosen, or a new one."""
    asked = request.POST if form.is_bound else request.GET
    caller = _caller(request, branch, str(asked.get("customer", "")))
    unit = str(asked.get("asset", ""))
    if form.is_bound and unit == BY_SERIAL and form.has_error("serial"):
        unit = NEW  # what was typed stays; the fields of a new unit are opened below it
    if not unit and caller and len(caller.units) == 1:
        unit = str(caller.units[0].asset.id)
    text = asked.get("caller", "").strip()[:80]
    is_new = not caller and (form.is_bound or "new" in asked)
    if is_new and not form.is_bound and not _is_tail(text):
        form.initial["phone" if _is_phone(text) else "name"] = text
    unit = unit or ("" if caller and caller.units else NEW)
    chosen = {name: asked.get(name, "") for name in ("product_model", "work_type", "wish")} | {"asset": unit}
    phone = form["phone"].value() or ""
    return (
        _looked_up(request, branch)
        | _offered(branch, chosen, form)
        | {
            "folders": find_folders_with(phone, branch=branch) if is_new and phone else [],
            "form": form,
            "caller": caller,
            "is_new": is_new,
            "unit": unit,
            "asked": ask_who_pays(asked.dict() | {"asset": unit}, branch=branch, at=timezone.now()),
            "models": find_product_models(),
        }
    )


def _looked_up(request: ActorRequest, branch: Branch) -> dict[str, Any]:
    text = (request.POST if request.method == "POST" else request.GET).get("caller", "").strip()[:80]
    return {"text": text, "matches": find_matches(text, branch=branch) if text else []}


def _caller(request: ActorRequest, branch: Branch, key: str) -> Caller | None:
    customer_id = key_of(key)
    if customer_id is None:
        return None
    try:
        customer = get_customer(customer_id, by=request.actor)
    except CustomerNotFound:
        return None
    return read_caller(customer, by=request.actor, at=timezone.now()) if customer.branch_id == branch.id else None


def _is_phone(text: str) -> bool:
    return bool(text) and text.translate(str.maketrans("", "", "+-() ")).isdigit()


def _is_tail(text: str) -> bool:
    """The last digits of a number find a folder; they do not open one."""
    return text.isdigit() and len(text) < 7
