"""Service packages: decided for a model from a day on, by whoever answers for the whole company. Never edited."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import ProductModel
from shouhou.catalog.queries import EntryNotFound, in_use
from shouhou.entitlements.models import PackageLine, ServicePackage
from shouhou.entitlements.package_queries import package_on
from shouhou.entitlements.rules.figures import Figures
from shouhou.entitlements.rules.scope import DECIDE_PACKAGE, ScopeLine, Strategy, checked_lines
from shouhou.entitlements.rules.strategy import advise
from shouhou.kernel.errors import Conflict, Invalid, NotPermitted, gettext_noop
from shouhou.kernel.texts import written

_LATEST = date(2199, 12, 31)


class PackageReasonMissing(Invalid):
    code = "package_reason_missing"
    template = gettext_noop("Please say why the package is to be so.")


class PackageInThePast(Invalid):
    code = "package_in_the_past"
    template = gettext_noop(
        "A package counts from today on, or from a later day; what was promised before stays as it was."
    )


class PackageTooLate(Invalid):
    code = "package_too_late"
    template = gettext_noop("The day must not lie after %(last)s.")


class PackageUnchanged(Conflict):
    code = "package_unchanged"
    template = gettext_noop("The package that counts on that day says the same already.")


def decide_package(
    product_model: ProductModel,
    *,
    strategy: Strategy,
    lines: Sequence[ScopeLine],
    reason: str,
    valid_from: date,
    branch: Branch,
    by: Actor,
    at: datetime,
    figures: Figures | None = None,
) -> ServicePackage:
    """Write down what is done for the units of a model from a day on. `figures`: what the adviser was told, if it was asked.

    Decided at the headquarters only, as it counts for all branches. Raises PackageReasonMissing, PackageInThePast,
    PackageTooLate, PackageUnchanged, what `checked_lines` and `checked_figures` raise, EntryNotFound, EntryRetired,
    TextTooLong, NotPermitted.
    """
    by.require(DECIDE_PACKAGE, branch.id)
    if branch.parent_id is not None:
        raise NotPermitted(permission=DECIDE_PACKAGE)
    scope = checked_lines(strategy, lines)
    reason = written(reason, most=300, field="reason")
    if not reason:
        raise PackageReasonMissing(field="reason")
    if valid_from < at.astimezone(ZoneInfo(branch.time_zone)).date():
        raise PackageInThePast(field="valid_from")
    if valid_from > _LATEST:
        raise PackageTooLate(last=_LATEST.isoformat(), field="valid_from")
    advice = advise(figures).as_json() if figures else {}
    with act_transaction():
        # Locked, so that of two decisions in the same moment the second sees the first.
        model = ProductModel.objects.select_for_update().filter(id=product_model.id).first()
        if model is None:
            raise EntryNotFound()
        in_use(model)
        standing = package_on(model, day=valid_from)
        if standing and (standing.strategy, standing.scope) == (strategy, scope):
            raise PackageUnchanged()
        package = ServicePackage(
            product_model=model,
            valid_from=valid_from,
            strategy=strategy,
            reason=reason,
            advice=advice,
            decided_by=by.user,
            decided_at=at,
        )
        package.save(force_insert=True)
        PackageLine.objects.bulk_create(
            PackageLine(package=package, item=one.item, terms=one.terms, number=one.number, extra=one.extra)
            for one in scope
        )
        record(
            branch_id=branch.id,
            chain_id=package.id,
            verb="entitlements.service_package.decided",
            subject=("product_model", model.id),
            by=by,
            at=at,
            data={
                "model": model.code,
                "valid_from": valid_from.isoformat(),
                "strategy": strategy,
                "before": standing.strategy if standing else "",
                "proposed": advice.get("proposed", ""),
                "reason": reason,
                "lines": {one.item: [one.terms, one.number, one.extra] for one in scope},
            },
            opens=True,
        )
        return package
