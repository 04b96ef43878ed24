"""Leaves that know the trade: where a work order is."""

from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from shouhou.web.components.leaves import day, tag
from shouhou.web.components.library import register
from shouhou.workorders.rules import OrderStatus

STATUS_TONES = {
    OrderStatus.RECEIVED: "amber",
    OrderStatus.DISPATCHED: "blue",
    OrderStatus.IN_PROGRESS: "blue",
    OrderStatus.ON_HOLD: "plain",
    OrderStatus.COMPLETED: "gold",
    OrderStatus.STRUCK_OFF: "green",
    OrderStatus.CANCELLED: "plain",
}

CLASS_NAMES = {
    "A": pgettext_lazy("work class", "Charged"),
    "B": pgettext_lazy("work class", "Contract"),
    "C": pgettext_lazy("work class", "Free"),
    "D": pgettext_lazy("work class", "Internal"),
}


@register.simple_tag
def order_status(status: str) -> SafeString:
    """The status of a work order, in the same words and tone on every screen."""
    known = OrderStatus(status)
    return tag(str(known.label), tone=STATUS_TONES[known])


@register.simple_tag
def work_class_name(letter: str) -> str:
    """What a work class is called, without its letter: “charged”."""
    return str(CLASS_NAMES[letter])


@register.simple_tag
def free_until(guarantee_until: date | None) -> SafeString | str:
    """The last free day, as the paper says it; the row keeps the first that is not."""
    return day(guarantee_until - timedelta(days=1) if guarantee_until else None)
