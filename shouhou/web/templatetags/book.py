"""Lines of the register as rows of a table: `{% load book %}`."""

from collections.abc import Collection, Sequence

from django.template import Library
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shouhou.web.book import BookLine
from shouhou.web.book_columns import Column, chosen_columns
from shouhou.web.components.leaves import when

register = Library()


@register.simple_tag
def book_head(columns: Sequence[Column] | str = "", without: str = "", chooses: bool = False) -> SafeString:
    """The names of the columns; `without` leaves one out, `chooses` adds the box that marks all lines."""
    box = SafeString("")
    if chooses:
        box = format_html(
            '<label class="choose needs-script"><input type="checkbox" data-choose-all>'
            '<span class="visually-hidden">{}</span></label>',
            _("Mark all lines of this page"),
        )
    return format_html(
        '<th scope="col">{}{}</th>{}',
        box,
        pgettext("register", "Number / time"),
        format_html_join(
            "", '<th scope="col"{}>{}</th>', ((_numeric(one), one.label) for one in _shown(columns, without))
        ),
    )


@register.simple_tag
def book_cells(
    line: BookLine,
    columns: Sequence[Column] | str = "",
    clock: bool = False,
    without: str = "",
    chooses: bool = False,
    marked: Collection[str] = (),
) -> SafeString:
    """The cells of a line, its number first. `clock` shows only the hour of the call, on the page of one day.

    `chooses` adds a box by which the line is marked, ticked where `marked` has its key.
    """
    order, box = line.order, SafeString("")
    if chooses:
        box = format_html(
            '<label class="choose"><input type="checkbox" name="order" value="{}" form="chosen" data-choose{}>'
            '<span class="visually-hidden">{}</span></label>',
            order.id,
            SafeString(" checked") if str(order.id) in marked else "",
            _("Mark %(number)s") % {"number": order.number},
        )
    struck = SafeString(' class="struck-through"') if line.struck else SafeString("")
    return format_html(
        '<th scope="row">{}<a class="row-link{}" href="{}"{}>{}</a><small{}>{}</small></th>{}',
        box,
        " struck-through" if line.struck else "",
        reverse("order", args=[order.id]),
        SafeString(" data-list-item") if chooses else "",
        order.number,
        struck,
        when(order.received_at, clock=clock),
        format_html_join(
            "",
            "<td{}{}>{}</td>",
            (
                (
                    format_html(' class="{}"', one.classes) if one.classes else "",
                    format_html(' data-label="{}"', one.label) if "slip-named" in one.classes else "",
                    one.cell(line),
                )
                for one in _shown(columns, without)
            ),
        ),
    )


def _shown(columns: Sequence[Column] | str, without: str) -> list[Column]:
    """The columns to show; a template that knows of none gets the usual ones."""
    return [
        one
        for one in (columns if columns and not isinstance(columns, str) else chosen_columns(()))
        if one.key != without
    ]


def _numeric(column: Column) -> SafeString:
    return SafeString(' class="num"') if "num" in column.classes.split() else SafeString("")
