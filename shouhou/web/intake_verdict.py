"""Who pays, while the call is being written down: asked of what the clerk has chosen and typed so far, and stored nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q

from shouhou.access.models import Branch
from shouhou.assets.models import Asset
from shouhou.assets.queries import AssetNotFound, get_asset_by_serial
from shouhou.catalog.queries import UnknownFaultCode, find_product_models, get_fault_code
from shouhou.entitlements.queries import coverage_of
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.entitlements.rules.words import WorkClass
from shouhou.kernel.errors import Refusal
from shouhou.kernel.texts import sought
from shouhou.web.acting import sentence
from shouhou.web.days import DayField, MomentField
from shouhou.web.intake_desk import key_of
from shouhou.web.intake_inputs import BY_SERIAL, NEW
from shouhou.web.verdict_words import VerdictWords, words_of
from shouhou.workorders.rules import WorkType


class AskedForm(forms.Form):
    """As much of the call as the verdict hangs on. Nothing is owed: the call is still being written down."""

    asset = forms.CharField(required=False, max_length=40)
    product_model = forms.CharField(required=False, max_length=80)
    serial = forms.CharField(required=False, max_length=60)
    sale_date = DayField(required=False)
    installed_date = DayField(required=False)
    work_type = forms.ChoiceField(choices=WorkType, required=False)
    work_class = forms.ChoiceField(choices=WorkClass, required=False)
    fault_code = forms.CharField(required=False, max_length=30)
    received_at = MomentField(required=False, input_formats=["%Y-%m-%dT%H:%M"])


# What the verdict hangs on, as the screen picks it out of its form: nothing of the caller stands in an address.
FIELDS = ", ".join(f"[name={name}]" for name in AskedForm.base_fields)


@dataclass(frozen=True)
class Asked:
    """What came of asking: a verdict, a refusal in words, or nothing, because the unit is not known yet.

    Both where the fault code is none: then it is the verdict while the fault has no name.
    """

    coverage: Coverage | None = None
    refused: str = ""

    @cached_property
    def words(self) -> VerdictWords | None:
        return words_of(self.coverage) if self.coverage else None

    @property
    def fields(self) -> str:
        """Which fields of the form are sent to ask again."""
        return FIELDS

    @property
    def work_class(self) -> str:
        """What the rules say: a letter, or nothing as long as they do not say."""
        return (self.coverage and self.coverage.work_class) or ""


def ask_who_pays(said: Mapping[str, str], *, branch: Branch, at: datetime) -> Asked:
    """The verdict on the call as it is written down so far. Six queries at most."""
    form = AskedForm(said)
    if not form.is_valid():
        return Asked(refused=str(next(iter(form.errors.values()))[0]))
    given = form.cleaned_data
    try:
        unit = _unit(given, branch=branch)
        if unit is None:
            return Asked()
        code, wrong = None, ""
        try:
            code = (
                get_fault_code(given["fault_code"], product_model=unit.product_model) if given["fault_code"] else None
            )
        except UnknownFaultCode as refusal:
            # It is said, and what the verdict is as long as the fault has no name.
            wrong = sentence(refusal)
        coverage = coverage_of(
            unit,
            branch=branch,
            at=given["received_at"] or at,
            work_type=given["work_type"] or WorkType.REPAIR,
            fault_code=code,
            internal=given["work_class"] == WorkClass.D,
        )
        return Asked(coverage, refused=wrong)
    except Refusal as refusal:
        return Asked(refused=sentence(refusal))


def _unit(given: Mapping[str, Any], *, branch: Branch) -> Asset | None:
    """The unit that was chosen, that has the number, or, never saved, as it is being described."""
    chosen, serial = given["asset"], given["serial"]
    if key := key_of(chosen):
        unit = Asset.objects.at(branch).filter(id=key).select_related("product_model__product_class").first()
        if unit is None:
            raise AssetNotFound(field="asset")
        return unit
    if chosen == BY_SERIAL:
        return get_asset_by_serial(serial, branch=branch) if serial else None
    model = sought(given["product_model"])
    named = find_product_models().filter(Q(code=model) | Q(name=model)).first() if chosen == NEW and model else None
    if named is None:
        return None
    return Asset(
        branch=branch,
        product_model=named,
        serial=serial,
        sale_date=given["sale_date"],
        installed_date=given["installed_date"],
    )
