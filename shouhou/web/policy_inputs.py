"""What people type at the rules: shape only; the acts decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.policies.actions import NoReasonGiven
from shouhou.policies.schema.vocabulary import vocabulary
from shouhou.policies.wording import fact_value, said, wording

LONGEST_FILE = 1_000_000
_REASON = forms.Textarea({"rows": 2})


def _listed(name: str, none: Any) -> Any:
    return lambda: [("", none), *((code, said(words)) for code, words in wording()[name].items())]


class RuleFilter(forms.Form):
    """Which rules are looked for."""

    q = forms.CharField(label=_("Words, article or name of a rule"), max_length=80, required=False)
    layer = forms.ChoiceField(label=_("Made by"), choices=_listed("layer", _("everybody")), required=False)
    goods = forms.ChoiceField(
        label=_("Goods"),
        choices=lambda: [
            ("", _("all goods")),
            *((code, fact_value("product_class", code)) for code in vocabulary().classes),
        ],
        required=False,
    )
    verified = forms.ChoiceField(
        label=_("How far checked"), choices=_listed("verified", pgettext_lazy("rules", "any")), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class ProposalForm(forms.Form):
    """The text of a pack, typed or brought in as a file, and why it is to be so."""

    text = forms.CharField(
        label=_("The pack as a file (YAML)"),
        strip=False,
        widget=forms.Textarea({"rows": 24}),
    )
    file = forms.FileField(
        label=_("Or take a file"),
        required=False,
        help_text=_("Its text takes the place of what stands above."),
        widget=forms.FileInput({"accept": ".yaml,.yml"}),
    )
    reason = forms.CharField(
        label=_("Why the rules are to be so"),
        max_length=300,
        required=False,
        help_text=_("It stands beside the version for ever."),
        widget=_REASON,
    )


class ApprovalForm(forms.Form):
    """A remark, if there is one."""

    reason = forms.CharField(label=_("Remark"), max_length=300, required=False, widget=_REASON)


class RefusalForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=_REASON, error_messages={"required": _(NoReasonGiven.template)}
    )
