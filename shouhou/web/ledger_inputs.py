"""What is typed into the pages of the books: shape only; the acts decide."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.ledger.rules import BETWEEN_BRANCHES, AccountKind, HoldStatus
from shouhou.web.days import DayField, MomentField
from shouhou.web.ledger_pages import account_choices

# From and into these money goes to another branch by hand; debts move by acts of their own.
MONEY = (AccountKind.BANK, AccountKind.BRANCH_CASH)
# Filters stand in a row, without the words that a form to be filled in has around its fields.
_INPUT = {"class": "input"}
_NOT_MONEY = frozenset(AccountKind) - frozenset(MONEY)


def _day(label: Any) -> DayField:
    return DayField(label=label, required=False, widget=forms.DateInput({"type": "date"} | _INPUT, format="%Y-%m-%d"))


def _amount(label: Any) -> forms.DecimalField:
    wanted = forms.NumberInput({"step": "0.01", "inputmode": "decimal"})
    return forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=2, widget=wanted)


class PeriodForm(forms.Form):
    """From which day to which, both of them included."""

    first = _day(_("From"))
    last = _day(_("To"))

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first."))

    def days(self, *, today: date) -> tuple[date, date]:
        """The period that was chosen; this month up to today, where nothing (or nothing sensible) was."""
        chosen = self.cleaned_data if self.is_valid() else {}
        last = chosen.get("last") or today
        return chosen.get("first") or last.replace(day=1), last


class AccountFilter(forms.Form):
    """Accounts of which kind."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *AccountKind.choices],
        widget=forms.Select(_INPUT),
    )


class HoldFilter(forms.Form):
    """Holds in which state."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *HoldStatus.choices], widget=forms.Select(_INPUT)
    )


class KeyedForm(forms.Form):
    """A form that books something once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"key": uuid4()}, **kwargs})

    def once(self) -> UUID:
        """The key under which it is booked. Needs a valid form."""
        return self.cleaned_data["key"] or uuid4()


class EntryForm(KeyedForm):
    """An entry between two accounts of the branch, by hand, and why."""

    debit = forms.ChoiceField(label=_("Debit"))
    credit = forms.ChoiceField(label=_("Credit"))
    amount = _amount(_("Amount"))
    memo = forms.CharField(
        label=pgettext_lazy("ledger", "What for"), max_length=200, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, branch: Branch, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = account_choices(branch, by=by, without=BETWEEN_BRANCHES)
        for name in ("debit", "credit"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # they are choice fields

    def clean(self) -> None:
        if self.cleaned_data.get("debit") and self.cleaned_data.get("debit") == self.cleaned_data.get("credit"):
            self.add_error("credit", _("Choose two different accounts."))


class SendForm(KeyedForm):
    """Money for another branch: from which account, into what over there."""

    account = forms.ChoiceField(label=_("From the account"))
    to = forms.ChoiceField(label=_("To the branch"))
    into_kind = forms.ChoiceField(label=_("Into its"), choices=[(one.value, one.label) for one in MONEY])
    amount = _amount(_("Amount"))
    memo = forms.CharField(
        label=pgettext_lazy("ledger", "What for"), max_length=200, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, branch: Branch, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {one.code: one for one in Branch.objects.filter(closed_at=None).exclude(id=branch.id)}
        places = [(one.code, one.name) for one in sorted(self.others.values(), key=lambda one: one.path)]
        self.fields["account"].choices = account_choices(branch, by=by, without=_NOT_MONEY)  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", ""), *places]  # type: ignore[attr-defined]  # they are choice fields


class HoldForm(KeyedForm):
    """An amount to be set aside, what for, and until when."""

    amount = _amount(_("Amount"))
    memo = forms.CharField(label=pgettext_lazy("ledger", "What for"), max_length=200)
    expires_at = MomentField(
        label=_("At the longest until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class PaymentForm(KeyedForm):
    """To whom what was set aside is paid, and how much of it."""

    payee = forms.ChoiceField(label=_("To the account"))
    amount = _amount(_("Amount"))

    def __init__(self, *args: Any, branch: Branch, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payee"].choices = account_choices(branch, by=by, without=BETWEEN_BRANCHES)  # type: ignore[attr-defined]
