"""Reading the service package of a model."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.api.tests.conftest import Caller, assert_problem
from shouhou.entitlements.actions import decide_package
from shouhou.entitlements.rules.scope import ScopeItem, Strategy, usual_lines
from tests.cast import Cast


def test_it_says_what_counts_and_what_is_to_come(clerk: Caller, cast: Cast) -> None:
    path = f"/product-models/{cast.air_conditioner.id}/service-packages"
    assert clerk.get(path).json() == {"now": None, "future": [], "past": []}
    now = timezone.now()
    for days, strategy in ((0, Strategy.FULL), (40, Strategy.ADEQUATE)):
        decide_package(
            cast.air_conditioner,
            strategy=strategy,
            lines=usual_lines(strategy, life_years=10),
            reason="旺季前",
            valid_from=timezone.localdate() + timedelta(days=days),
            branch=cast.hq,
            by=cast.headquarters[Role.HQ],
            at=now,
        )
    answer = clerk.get(path).json()
    assert answer["now"]["strategy"] == "full"
    assert [one["strategy"] for one in answer["future"]] == ["adequate"]
    assert [line["item"] for line in answer["now"]["lines"]] == list(ScopeItem)
    assert answer["now"]["lines"][2] == {
        "item": "parts",
        "terms": "charged",
        "number": 10,
        "measure": "years",
        "extra": "",
    }
    assert_problem(clerk.get(f"/product-models/{uuid4()}/service-packages"), 404, "catalogue_entry_not_found")
