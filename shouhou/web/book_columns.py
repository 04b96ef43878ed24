"""The columns that a list of the register may show, and what each of them writes into a sheet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shouhou.kernel.phones import masked_phone as masked
from shouhou.web.book import BookLine
from shouhou.web.components.leaves import NOTHING, bar, masked_phone, tag, when, work_class
from shouhou.web.components.trade import order_status
from shouhou.workorders.models import WorkOrder

type Cell = SafeString | str


@dataclass(frozen=True, slots=True)
class Part:
    """What one column of a sheet holds."""

    label: str | Promise
    text: Callable[[BookLine], str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list: its name, its cell on the screen, and the columns that it is in a sheet."""

    key: str
    label: str | Promise
    cell: Callable[[BookLine], Cell]
    parts: tuple[Part, ...]
    classes: str = ""


def _customer(line: BookLine) -> Cell:
    return format_html("{}<small>{}</small>", line.order.contact_name, masked_phone(line.order.phone))


def _product(line: BookLine) -> Cell:
    order = line.order
    return format_html(
        '<span class="cut">{}</span><small class="cut">{}</small>', order.asset.product_model.name, order.fault
    )


def _state(line: BookLine) -> Cell:
    tags = [order_status(line.order.status)]
    if line.order.urgent and not line.struck:
        tags.append(tag(_("Urgent"), tone="red"))
    if line.carried_over:
        tags.append(tag(pgettext("tag", "Carried over"), tone="gold"))
    if line.repair >= 2:
        tags.append(tag(_repeat(line), tone="red"))
    return SafeString(" ".join(tags))


def _repeat(line: BookLine) -> str:
    if line.repair == 2:
        return pgettext("tag", "2nd repair")
    return _("Call no. %(number)s") % {"number": line.repair}


def _waits_for(line: BookLine) -> Cell:
    return format_html("{}<small>{}</small>", line.waits_for, line.voucher)


def _promise(line: BookLine) -> Cell:
    one = line.promise
    if one is None:
        return NOTHING
    return format_html('<a class="plain" href="{}">{}</a>', one.url, bar(one.fraction, one.bar, rest=one.rest))


def _plain(text: Callable[[WorkOrder], str]) -> Callable[[BookLine], Cell]:
    return lambda line: text(line.order) or NOTHING


def _at(moment: Callable[[WorkOrder], datetime | None]) -> Callable[[BookLine], str]:
    """A moment as a sheet has it: one form in every language, so that it can be sorted."""

    def text(line: BookLine) -> str:
        at = moment(line.order)
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""

    return text


def _due(line: BookLine) -> str:
    due_at = line.promise.row.due_at if line.promise else None
    return f"{timezone.localtime(due_at):%Y-%m-%d %H:%M}" if due_at else ""


def _simple(key: str, label: str | Promise, text: Callable[[WorkOrder], str], classes: str = "slip-named") -> Column:
    return Column(key, label, _plain(text), (Part(label, lambda line: text(line.order)),), classes)


def _moment(key: str, label: str | Promise, moment: Callable[[WorkOrder], datetime | None]) -> Column:
    return Column(key, label, lambda line: when(moment(line.order)), (Part(label, _at(moment)),), "slip-named nowrap")


def _yes(said: bool) -> str:
    return _("Yes") if said else ""


# The number leads every line and cannot be left out; a sheet has it and the time of the call first.
NUMBER = (
    Part(pgettext_lazy("work order", "Number"), lambda line: line.order.number),
    Part(gettext_lazy("Received at"), _at(lambda order: order.received_at)),
)

COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column(
            "customer",
            gettext_lazy("Customer"),
            _customer,
            (
                Part(gettext_lazy("Customer"), lambda line: line.order.contact_name),
                Part(gettext_lazy("Phone"), lambda line: masked(line.order.phone) if line.order.phone else ""),
            ),
            "cell-customer",
        ),
        Column(
            "product",
            pgettext_lazy("register", "Product / fault"),
            _product,
            (
                Part(gettext_lazy("Model"), lambda line: line.order.asset.product_model.name),
                Part(pgettext_lazy("work order", "Fault"), lambda line: line.order.fault),
            ),
            "slip-wide cell-fault",
        ),
        Column(
            "work_class",
            pgettext_lazy("work order", "Class"),
            lambda line: work_class(line.order.work_class),
            (Part(pgettext_lazy("work order", "Class"), lambda line: line.order.work_class),),
            "cell-class",
        ),
        Column(
            "state",
            pgettext_lazy("work order", "State"),
            _state,
            (
                Part(pgettext_lazy("work order", "State"), lambda line: str(line.order.get_status_display())),
                Part(gettext_lazy("Urgent"), lambda line: _yes(line.order.urgent)),
                Part(pgettext_lazy("tag", "Carried over"), lambda line: _yes(line.carried_over)),
                Part(gettext_lazy("Repairs of the unit within 90 days"), lambda line: str(line.repair)),
            ),
            "cell-state",
        ),
        Column(
            "promise",
            pgettext_lazy("register", "Time promised"),
            _promise,
            (
                Part(pgettext_lazy("promise", "Promise"), lambda line: line.promise.title if line.promise else ""),
                Part(pgettext_lazy("promise", "Standing"), lambda line: line.promise.state if line.promise else ""),
                Part(pgettext_lazy("promise", "Due"), _due),
            ),
            "cell-promise",
        ),
        Column(
            "waits_for",
            pgettext_lazy("register", "Waits for / voucher"),
            _waits_for,
            (
                Part(pgettext_lazy("register", "Waits for"), lambda line: line.waits_for),
                Part(gettext_lazy("Voucher"), lambda line: line.voucher),
            ),
            "slip-wide cell-open",
        ),
        _simple(
            "technician", gettext_lazy("Technician"), lambda order: order.technician.name if order.technician else ""
        ),
        _simple("work_type", gettext_lazy("Type of work"), lambda order: str(order.get_work_type_display())),
        _simple("product_class", gettext_lazy("Product class"), lambda order: order.product_class.name),
        _simple("serial", gettext_lazy("Serial number"), lambda order: order.asset.serial),
        _simple("zone", gettext_lazy("Zone"), lambda order: str(order.get_zone_display())),
        _simple("channel", gettext_lazy("Came in by"), lambda order: str(order.get_channel_display())),
        _simple("visits", pgettext_lazy("register", "Visits"), lambda order: str(order.visit_count), "slip-named num"),
        _moment("dispatched_at", gettext_lazy("Dispatched at"), lambda order: order.dispatched_at),
        _moment("arrived_at", gettext_lazy("Arrived at"), lambda order: order.arrived_at),
        _moment("completed_at", gettext_lazy("Completed at"), lambda order: order.completed_at),
        _moment("closed_at", gettext_lazy("Closed at"), lambda order: order.closed_at),
    )
}
USUAL = ("customer", "product", "work_class", "state", "promise", "waits_for")


def chosen_columns(keys: Iterable[str]) -> tuple[Column, ...]:
    """The columns with these keys, in their order, each once; the usual ones where none is known."""
    known = [COLUMNS[key] for key in dict.fromkeys(keys) if key in COLUMNS]
    return tuple(known or (COLUMNS[key] for key in USUAL))


def offered_columns(chosen: Sequence[Column]) -> list[tuple[Column, bool]]:
    """All columns to choose from, the chosen ones first and in their order."""
    shown = {column.key for column in chosen}
    return [(column, True) for column in chosen] + [(one, False) for one in COLUMNS.values() if one.key not in shown]


def sheet_head(columns: Sequence[Column]) -> list[str]:
    """The first row of a sheet."""
    return [str(part.label) for part in (*NUMBER, *_parts(columns))]


def sheet_row(line: BookLine, columns: Sequence[Column]) -> list[str]:
    """The row of a line; phones stay masked."""
    return [part.text(line) for part in (*NUMBER, *_parts(columns))]


def _parts(columns: Sequence[Column]) -> list[Part]:
    return [part for column in columns for part in column.parts]
