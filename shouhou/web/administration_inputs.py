"""What people type in the administration: shape only; the acts decide."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.access.models import Branch, User
from shouhou.access.permissions import CODES, Role
from shouhou.access.rules import NumberKind
from shouhou.web.days import DayField, MomentField
from shouhou.web.inputs import ReasonForm
from shouhou.web.rules_words import offered

# The zones of places where such a company has branches; others can be typed at the command line.
TIME_ZONES = (
    "Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Singapore", "Asia/Kuala_Lumpur",
    "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Manila", "Asia/Tokyo", "Asia/Seoul", "Asia/Dubai",
    "Europe/Berlin", "Europe/London", "Europe/Moscow", "America/New_York", "America/Los_Angeles", "UTC",
)  # fmt: skip
_NAME_OWED = {"required": _("Please give a name.")}
_DAY = {"type": "date"}
_MOMENT = {"type": "datetime-local"}
_INPUT = {"class": "input"}


class BranchForm(forms.Form):
    """What is written of a branch, and can be changed."""

    name = forms.CharField(label=pgettext_lazy("branch", "Name"), max_length=80, error_messages=_NAME_OWED)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    region = forms.ChoiceField(
        label=_("Region"),
        choices=lambda: offered("regions", none=_("not known")),
        required=False,
        help_text=_("Whose own consumer rules count for the customers here."),
    )

    def __init__(self, *args: Any, zone: str = "Asia/Shanghai", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(one, one) for one in dict.fromkeys([zone, *TIME_ZONES])], initial=zone
        )


class NewBranchForm(BranchForm):
    """A branch that is opened below another one."""

    code = forms.CharField(
        label=_("Code"),
        max_length=8,
        help_text=_("One to eight capital letters and digits, e.g. QD. It begins every number and stays for good."),
    )
    kind = forms.ChoiceField(label=pgettext_lazy("branch", "Kind"), choices=Branch.Kind.choices[1:], initial="branch")
    parent = forms.ChoiceField(label=_("Below"))
    field_order = ("code", "name", "kind", "parent", "region", "time_zone", "phone", "address")

    def __init__(self, *args: Any, above: Iterable[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = forms.ChoiceField(label=_("Below"), choices=_branch_choices(above))
        self.order_fields(self.field_order)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


class PeopleFilter(forms.Form):
    """Which users are listed."""

    q = forms.CharField(label=_("Name or user name"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    place = forms.ChoiceField(label=pgettext_lazy("organisation", "Branch"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("user", "May sign in"),
        choices=[("", _("all")), ("active", _("may sign in")), ("shut_out", _("shut out"))],
        required=False,
        widget=forms.Select(_INPUT),
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, branches: Iterable[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[("", _("all roles")), *Role.choices], required=False, widget=forms.Select(_INPUT)
        )
        self.fields["place"] = forms.ChoiceField(
            label=pgettext_lazy("organisation", "Branch"),
            choices=[("", _("all branches")), *_branch_choices(branches)],
            required=False,
            widget=forms.Select(_INPUT),
        )


class PersonForm(forms.Form):
    """What is written of a user."""

    display_name = forms.CharField(label=_("Name as it is shown and printed"), max_length=60, error_messages=_NAME_OWED)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Only needed where people sign in through the company's own sign-in."),
    )


class RoleForm(forms.Form):
    """A role at a branch."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    place = forms.ChoiceField(label=_("At branch"), help_text=_("It counts there and in every branch below."))

    def __init__(self, *args: Any, places: Iterable[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = forms.ChoiceField(
            label=_("At branch"),
            choices=_branch_choices(places),
            help_text=_("It counts there and in every branch below."),
        )


class NewUserForm(PersonForm, RoleForm):
    """A new user with his first role."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("For signing in: letters, digits and @ . + - _"),
    )
    field_order = ("display_name", "username", "role", "place", "email")


class PasswordForm(forms.Form):
    """One's own new password, twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least eight characters, not a common word, not your name."),
    )
    again = forms.CharField(
        label=_("The same again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two are not the same."))
        return given


class TechnicianForm(forms.Form):
    """What customers and colleagues know of a technician."""

    name = forms.CharField(label=_("Name as customers see it"), max_length=60, error_messages=_NAME_OWED)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )


class NewTechnicianForm(forms.Form):
    """Who of the users becomes a technician of the branch."""

    username = forms.ChoiceField(label=pgettext_lazy("person", "User"))
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.username, f"{one} ({one.username})") for one in people]
        self.fields["username"] = forms.ChoiceField(label=pgettext_lazy("person", "User"), choices=choices)


class CertificateForm(forms.Form):
    """A certificate that a technician holds."""

    qualification = forms.ChoiceField(label=_("Qualification"))
    number = forms.CharField(label=_("Certificate no."), max_length=40, required=False)
    starts_on = DayField(label=_("Valid from"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    ends_on = DayField(
        label=_("Valid until, not including"),
        required=False,
        widget=forms.DateInput(_DAY, format="%Y-%m-%d"),
        help_text=_("Empty: it does not expire."),
    )

    def __init__(self, *args: Any, known: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["qualification"] = forms.ChoiceField(label=_("Qualification"), choices=list(known))


class AbsenceForm(forms.Form):
    """When a technician cannot be sent, in the time of his branch."""

    starts_at = MomentField(label=_("From"), widget=forms.DateTimeInput(_MOMENT, format="%Y-%m-%dT%H:%M"))
    ends_at = MomentField(label=_("Until"), widget=forms.DateTimeInput(_MOMENT, format="%Y-%m-%dT%H:%M"))
    reason = forms.CharField(label=_("Reason"), max_length=100, required=False)


class LeavingForm(ReasonForm):
    """Last day, and why."""

    left_on = DayField(label=_("Last day"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    field_order = ("left_on", "reason")


class TokenForm(forms.Form):
    """A token: for whom it acts, what for, how long, how far."""

    username = forms.ChoiceField(
        label=_("Acts as"), help_text=_("Best a user of its own, with just the roles that the program needs.")
    )
    name = forms.CharField(label=_("What it is for"), max_length=80, error_messages=_NAME_OWED)
    expires_on = DayField(label=_("Good until the end of"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    scopes = forms.MultipleChoiceField(
        label=_("Limited to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: all that the user may do."),
    )

    def __init__(self, *args: Any, people: Iterable[User], scopes: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.username, f"{one} ({one.username})") for one in people]
        self.fields["username"] = forms.ChoiceField(
            label=self.fields["username"].label, choices=names, help_text=self.fields["username"].help_text
        )
        listed = [(code, words) for code, words in scopes if code in CODES]
        self.fields["scopes"] = forms.MultipleChoiceField(
            label=self.fields["scopes"].label,
            choices=listed,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=self.fields["scopes"].help_text,
        )


class PrefixForm(forms.Form):
    """What the numbers of a kind begin with from now on."""

    kind = forms.ChoiceField(choices=NumberKind.choices)
    # Django keeps the fields of a form apart from its attributes, one of which has this name.
    prefix = forms.CharField(label=_("Prefix"), max_length=8)  # type: ignore[assignment]

    def clean_prefix(self) -> str:
        return str(self.cleaned_data["prefix"]).upper()


class NextNumberForm(forms.Form):
    """Where a series goes on."""

    kind = forms.ChoiceField(choices=NumberKind.choices)
    next_number = forms.IntegerField(label=_("Next number"), min_value=1)


def end_of(day: date) -> date:
    """The day after: what is good to the end of a day ends as the next begins."""
    return date.fromordinal(day.toordinal() + 1)


def _branch_choices(branches: Iterable[Branch]) -> list[tuple[str, str]]:
    """By code, each indented under the one above it."""
    return [(one.code, f"{'　' * (one.path.count('/') - 1)}{one.name} ({one.code})") for one in branches]
