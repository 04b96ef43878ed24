"""What the address of the register list says: what narrows it, the columns it shows, the saved view it came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.catalog.queries import find_product_classes
from shouhou.customers.models import Site
from shouhou.web.book_columns import Column, chosen_columns
from shouhou.web.days import DayField
from shouhou.web.desk import DESK_NAMES
from shouhou.web.models import SavedView
from shouhou.web.queries import find_opening_view, find_views
from shouhou.web.times import short_date
from shouhou.workforce.queries import find_former_and_present
from shouhou.workorders.register import NO_CLASS, NOT_STRUCK_OFF, RegisterFilter
from shouhou.workorders.rules import OrderStatus, WorkClass, WorkType

STATES: Sequence[tuple[str, str | Promise]] = (
    ("", _("All")),
    (NOT_STRUCK_OFF, _("Not struck off")),
    *OrderStatus.choices,
    *DESK_NAMES.items(),
)
_ANY = ("", pgettext_lazy("filter", "Any"))
_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """What narrows the list. All of it may be left out; what is no choice is said beside its field and narrows nothing."""

    state = forms.ChoiceField(label=pgettext_lazy("work order", "State"), choices=STATES, required=False)
    received_from = DayField(label=_("Received from"), required=False, widget=_DAY)
    received_to = DayField(label=_("Received up to"), required=False, widget=_DAY)
    technician = forms.ChoiceField(label=_("Technician"), required=False)
    work_class = forms.ChoiceField(
        label=_("Work class"),
        choices=[_ANY, *WorkClass.choices, (NO_CLASS, _("Not yet assigned"))],
        required=False,
    )
    work_type = forms.ChoiceField(label=_("Type of work"), choices=[_ANY, *WorkType.choices], required=False)
    product_class = forms.ChoiceField(label=_("Product class"), required=False)
    zone = forms.ChoiceField(label=_("Zone"), choices=[_ANY, *Site.Zone.choices], required=False)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    carried_over = forms.BooleanField(label=pgettext_lazy("tag", "Carried over"), required=False)

    def __init__(self, asked: QueryDict, *, branch: Branch) -> None:
        super().__init__(asked, auto_id="filter-%s")
        people = [(str(one.id), one.name) for one in find_former_and_present(branch)]
        self._classes = {one.code: one for one in find_product_classes()}
        kinds = [(one.code, one.name) for one in self._classes.values()]
        for name, choices in (("technician", people), ("product_class", kinds)):
            self.fields[name].choices = [_ANY, *choices]  # type: ignore[attr-defined]  # both are choice fields
        for bound in self:
            if not isinstance(bound.field, forms.BooleanField):
                bound.field.widget.attrs["class"] = "input"

    def clean(self) -> None:
        start, end = self.cleaned_data.get("received_from"), self.cleaned_data.get("received_to")
        if start and end and start > end:
            self.add_error("received_to", _("The last day lies before the first."))

    def wanted(self) -> RegisterFilter:
        """What the valid fields narrow the register to."""
        self.is_valid()
        given = self.cleaned_data
        kind = self._classes.get(given.get("product_class", ""))
        return RegisterFilter(
            state=given.get("state", ""),
            work_class=given.get("work_class", ""),
            work_type=given.get("work_type", ""),
            technician_id=UUID(given["technician"]) if given.get("technician") else None,
            received_from=given.get("received_from"),
            received_to=given.get("received_to"),
            urgent=given.get("urgent", False),
            carried_over=given.get("carried_over", False),
            product_class_id=kind.id if kind else None,
            zone=given.get("zone", ""),
        )

    def given(self) -> dict[str, str]:
        """The valid fields that narrow, as they stand in the address."""
        return {name: _in_address(value) for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows the list, in words, and the address of the list without it."""

    label: str | Promise
    said: str | Promise
    without: str


@dataclass(frozen=True, slots=True)
class RegisterList:
    """The list as its address describes it. `view` is the saved view that it came from, `changed` whether it still is that."""

    form: FilterForm
    wanted: RegisterFilter
    columns: tuple[Column, ...]
    own_columns: tuple[str, ...]
    views: list[SavedView]
    view: SavedView | None
    opening_id: UUID | None
    given: dict[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        return bool(self.given)

    @property
    def changed(self) -> bool:
        return self.view is not None and self.view.address != self.content

    @property
    def content(self) -> str:
        """What a saved view keeps of it."""
        return urlencode([*self.given.items(), *(("columns", key) for key in self.own_columns)])

    def fields(self, *, without: str = "", **changes: str) -> list[tuple[str, str]]:
        """Name and value of everything that leads here again, some of it left out or changed."""
        given = {name: value for name, value in (self.given | changes).items() if value and name != without}
        pairs = [*given.items(), *(("columns", key) for key in self.own_columns if without != "columns")]
        pairs += [("view", str(self.view.id))] if self.view else []
        # An address that says nothing opens with the view that was chosen for that.
        return pairs if len(pairs) > bool(self.view) else [("state", ""), *pairs]

    def address(self, *, without: str = "", **changes: str) -> str:
        """The address of the list, some of it left out or changed."""
        return "?" + urlencode(self.fields(without=without, **changes))

    @property
    def form_fields(self) -> list[tuple[str, str]]:
        """What a form that changes the columns has to carry along."""
        return self.fields(without="columns")

    @property
    def usual_columns(self) -> str:
        """The address of the same lines with the usual columns."""
        return self.address(without="columns")

    @property
    def cleared(self) -> str:
        """The address of the list with nothing taken away but with its columns."""
        return "?" + urlencode([("state", ""), *(("columns", key) for key in self.own_columns)])

    def chips(self) -> Iterator[Chip]:
        """What narrows it; the parts that have a tab of their own are not said again."""
        for name, value in self.given.items():
            if name == "state" and value not in DESK_NAMES:
                continue
            bound = self.form.fields[name]
            yield Chip(bound.label or "", self._said(name, value), self.address(without=name))

    def _said(self, name: str, value: str) -> str | Promise:
        said = self.form.cleaned_data[name]
        if said is True:
            return ""
        if isinstance(said, date):
            return short_date(said)
        choices: dict[str, str | Promise] = dict(self.form.fields[name].choices)  # type: ignore[attr-defined]
        return choices[value]


def read_list(asked: QueryDict, *, branch: Branch, by: Actor) -> RegisterList:
    """The list that an address asks for. One that says nothing opens with the view that the actor chose for that."""
    views, opening_id = list(find_views(branch, by=by)), find_opening_view(branch, by=by)
    by_key = {str(view.id): view for view in views}
    view = by_key.get(asked.get("view", "")) if asked else by_key.get(str(opening_id))
    if view and not set(asked) - {"view", "older", "newer"}:
        asked = QueryDict(view.address)
    form = FilterForm(asked, branch=branch)
    wanted = form.wanted()
    own = tuple(column.key for column in chosen_columns(asked.getlist("columns"))) if "columns" in asked else ()
    return RegisterList(
        form=form,
        wanted=wanted,
        columns=chosen_columns(own),
        own_columns=own,
        views=views,
        view=view,
        opening_id=opening_id,
        given=form.given(),
    )


def _in_address(value: Any) -> str:
    return "1" if value is True else value.isoformat() if isinstance(value, date) else str(value)
