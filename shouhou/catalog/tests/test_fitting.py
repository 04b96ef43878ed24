from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.catalog import actions as acts
from shouhou.catalog.models import Part, PartFit, Substitute
from shouhou.catalog.queries import EntryRetired, find_models_of, find_parts_fitting, find_substitutes, fits
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted
from tests.cast import NOW, Cast, refuses


@pytest.fixture
def here(cast: Cast) -> dict[str, Any]:
    return {"branch": cast.qd.branch, "by": cast.qd.administrator, "at": NOW}


@pytest.fixture
def fan(here: dict[str, Any]) -> Part:
    return acts.add_part(number="FAN-1", name="风扇电机", unit="台", **here)


def verbs(part: Part) -> list[str]:
    return [event.verb for event in Event.objects.filter(chain_id=part.id).order_by("sequence")]


def test_a_part_without_a_list_fits_all(cast: Cast, fan: Part) -> None:
    assert fits(fan, cast.gas_heater)
    assert list(find_parts_fitting(cast.gas_heater)) == [cast.capacitor, fan]


def test_a_listed_part_fits_nothing_else(cast: Cast, fan: Part, here: dict[str, Any]) -> None:
    for _again in range(2):
        acts.list_fit(fan, product_model=cast.air_conditioner, **here)
    assert fits(fan, cast.air_conditioner)
    assert not fits(fan, cast.gas_heater)
    assert list(find_parts_fitting(cast.gas_heater)) == [cast.capacitor]
    assert list(find_models_of(fan)) == [cast.air_conditioner]
    assert verbs(fan) == ["catalog.part.added", "catalog.part.fit_listed"]


def test_a_fit_is_withdrawn(cast: Cast, fan: Part, here: dict[str, Any]) -> None:
    acts.list_fit(fan, product_model=cast.air_conditioner, **here)
    acts.withdraw_fit(fan, product_model=cast.air_conditioner, **here)
    assert not PartFit.objects.exists()
    with refuses(acts.FitUnknown):
        acts.withdraw_fit(fan, product_model=cast.air_conditioner, **here)


def test_a_substitute_counts_in_one_direction(cast: Cast, fan: Part, here: dict[str, Any]) -> None:
    acts.list_substitute(fan, instead=cast.capacitor, **here)
    assert list(find_substitutes(fan)) == [cast.capacitor]
    assert not find_substitutes(cast.capacitor)
    acts.withdraw_substitute(fan, instead=cast.capacitor, **here)
    assert not Substitute.objects.exists()
    with refuses(acts.SubstituteUnknown):
        acts.withdraw_substitute(fan, instead=cast.capacitor, **here)


def test_a_part_is_no_substitute_of_itself(fan: Part, here: dict[str, Any]) -> None:
    with refuses(acts.SubstituteOfItself):
        acts.list_substitute(fan, instead=fan, **here)


def test_nothing_retired_is_listed(cast: Cast, fan: Part, here: dict[str, Any]) -> None:
    acts.retire_entry(fan, **here)
    with refuses(EntryRetired):
        acts.list_fit(fan, product_model=cast.air_conditioner, **here)
    with refuses(EntryRetired):
        acts.list_substitute(cast.capacitor, instead=fan, **here)


def test_how_a_part_is_kept_is_said_anew(fan: Part, here: dict[str, Any]) -> None:
    assert fan.kept_as == "counted"
    assert acts.keep_part_as(fan, kept_as="serial", **here).kept_as == "serial"
    with refuses(UnknownChoice):
        acts.keep_part_as(fan, kept_as="weighed", **here)


def test_who_may_not_change_the_catalogue_changes_no_list(cast: Cast, fan: Part) -> None:
    told: dict[str, Any] = {"branch": cast.qd.branch, "by": cast.qd.actors[Role.PARTS_KEEPER], "at": NOW}
    for act in (acts.list_fit, acts.withdraw_fit):
        with refuses(NotPermitted):
            act(fan, product_model=cast.air_conditioner, **told)
    for other in (acts.list_substitute, acts.withdraw_substitute):
        with refuses(NotPermitted):
            other(fan, instead=cast.capacitor, **told)
    with refuses(NotPermitted):
        acts.keep_part_as(fan, kept_as="serial", **told)
