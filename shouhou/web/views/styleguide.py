"""The living page of the design system: each component in each state, in both themes, with the lines that make it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.web import icons
from shouhou.web.requests import ActorRequest

SPECIMENS = Path(__file__).parent.parent / "templates" / "styleguide"


@dataclass(frozen=True)
class Specimen:
    name: str
    title: str | Promise

    @property
    def template(self) -> str:
        return f"styleguide/{self.name}.html"

    @property
    def source(self) -> str:
        """The template itself: what one copies."""
        lines = (SPECIMENS / f"{self.name}.html").read_text(encoding="utf-8").splitlines()
        return "\n".join(line for line in lines if not line.startswith("{% load"))


GUIDE = (
    Specimen("colours", _("Paper, ink and tones")),
    Specimen("type", pgettext_lazy("typography", "Type")),
    Specimen("icons", _("Icons")),
    Specimen("buttons", _("Buttons")),
    Specimen("tags", _("Tags, work classes, times")),
    Specimen("bars", _("Promise bar")),
    Specimen("fields", _("Fields")),
    Specimen("notices", _("Notices and checklists")),
    Specimen("cards", _("Cards and figures")),
    Specimen("tables", _("Tables")),
    Specimen("paths", _("Stepper and timeline")),
    Specimen("empty", _("Empty states")),
    Specimen("overlays", _("Dialog, drawer, toast")),
    Specimen("sheet", _("Paper form and seal")),
    Specimen("signature", _("Signature and photos")),
)


class SampleForm(forms.Form):
    """Each kind of field, right and wrong."""

    phone = forms.CharField(label=_("Telephone"), help_text=_("Area code and number, or a mobile number."))
    fault = forms.CharField(label=_("Fault"), widget=forms.Textarea, required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("phone", _("Telephone")), ("walk_in", _("At the counter"))]
    )
    urgent = forms.BooleanField(label=_("Leads tomorrow's list"), required=False)
    work_class = forms.ChoiceField(
        label=_("Work class"), choices=list(zip("ABCD", "ABCD", strict=True)), widget=forms.RadioSelect
    )


def _samples(theme: str) -> dict[str, Any]:
    now = timezone.now()
    wrong = SampleForm({"phone": "12", "channel": "letter"}, prefix=f"wrong-{theme}")
    wrong.add_error("phone", _("“12” is not a telephone number. Type area code and number, or a mobile number."))
    return {
        "theme": theme,
        "form": SampleForm(prefix=f"right-{theme}", initial={"phone": "138 1234 2071", "work_class": "C"}),
        "wrong": wrong,
        "now": now,
        "amount": Decimal("1234.5"),
        "yesterday": now - timedelta(hours=26),
        "tomorrow": now + timedelta(days=1),
        "earlier": now - timedelta(days=40),
        "long_ago": datetime(2024, 3, 5, 8, 30, tzinfo=now.tzinfo),
        "day_of_sale": date(2026, 3, 15),
        "icon_names": sorted(icons.FILES),
    }


def styleguide(request: ActorRequest) -> HttpResponse:
    """For administrators of any branch. A POST shows a toast of each kind after a redirect, as a screen would."""
    if not any(request.actor.may("access.change_user", branch.id) for branch in request.actor.branches):
        raise PermissionDenied
    if request.method == "POST":
        messages.success(request, _("The call has been entered as %(number)s.") % {"number": "QD261123-0043"})
        messages.warning(request, _("The voucher is still with its technician."))
        messages.error(request, _("This work order has been dispatched by someone else in the meantime."))
        return redirect("styleguide")
    return render(
        request, "styleguide/index.html", {"guide": GUIDE, "light": _samples("light"), "dark": _samples("dark")}
    )
