from datetime import date, timedelta
from typing import Any

import pytest

from shouhou.assets.actions import DateInFuture, DatesOutOfOrder, SerialTaken, SiteNotFound, register_asset
from shouhou.assets.models import Asset
from shouhou.assets.queries import (
    AssetNotFound,
    UnknownSerial,
    find_assets_by_serial,
    find_assets_of,
    get_asset,
    get_asset_by_serial,
)
from shouhou.audit.models import Event
from shouhou.customers.actions import add_site, register_customer
from shouhou.customers.queries import CustomerNotFound
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.ids import uuid7
from shouhou.kernel.texts import TextTooLong
from tests.cast import NOW, Cast, Crew, refuses

TODAY = date(2026, 11, 23)


def register(cast: Cast, **given: Any) -> Asset:
    usual: dict[str, Any] = {"customer_id": cast.qd.customer.id, "product_model": cast.air_conditioner}
    return register_asset(**usual | {"serial": " sn9 ", "by": cast.qd.clerk, "at": NOW, "today": TODAY} | given)


def test_it_is_taken_into_care_with_its_event(cast: Cast) -> None:
    asset = register(cast, site_id=cast.qd.site.id, contract_number=" B-7 ")
    assert (asset.serial, asset.contract_number, asset.site) == ("SN9", "B-7", cast.qd.site)
    assert Event.objects.get(chain_id=asset.id).data["serial"] == "SN9"


@pytest.mark.parametrize(
    ("sold", "installed", "until"),
    [
        (date(2026, 3, 1), None, date(2027, 3, 1)),
        (date(2026, 3, 1), date(2026, 4, 15), date(2027, 4, 15)),
        (None, TODAY, date(2027, 11, 23)),
        (None, None, None),
    ],
)
def test_the_guarantee_runs_from_installation_or_else_from_sale(
    sold: date | None, installed: date | None, until: date | None, cast: Cast
) -> None:
    assert register(cast, sale_date=sold, installed_date=installed).guarantee_until == until


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"sale_date": TODAY + timedelta(days=1)}, DateInFuture),
        ({"installed_date": TODAY + timedelta(days=1)}, DateInFuture),
        ({"sale_date": date(2026, 3, 2), "installed_date": date(2026, 3, 1)}, DatesOutOfOrder),
        ({"serial": "sn-kfr-35gw"}, SerialTaken),
        ({"serial": "x" * 41}, TextTooLong),
        ({"contract_number": "x" * 41}, TextTooLong),
        ({"site_id": uuid7()}, SiteNotFound),
        ({"customer_id": uuid7()}, CustomerNotFound),
    ],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], cast: Cast) -> None:
    with refuses(refusal):
        register(cast, **given)


def test_the_same_serial_may_be_of_another_model_or_branch_or_missing(cast: Cast) -> None:
    register(cast, serial="SN-KFR-35GW", product_model=cast.gas_heater)
    for _ in range(2):
        register(cast, serial="")
    assert Asset.objects.filter(serial="SN-KFR-35GW").count() == 3


def test_it_refuses_rows_of_another_branch_or_customer(cast: Cast, jn: Crew) -> None:
    with refuses(CustomerNotFound):
        register(cast, customer_id=jn.customer.id)
    with refuses(SiteNotFound):
        register(cast, site_id=jn.site.id)
    neighbour = register_customer(branch=cast.qd.branch, name="邻居", phone="13900000005", by=cast.qd.clerk, at=NOW)
    site = add_site(neighbour.id, address="隔壁", zone="city", by=cast.qd.clerk, at=NOW)
    with refuses(SiteNotFound):
        register(cast, site_id=site.id)
    with refuses(NotPermitted):
        register(cast, by=cast.qd.technician_actor)


def test_it_is_found_by_serial_in_its_branch(cast: Cast, qd: Crew, jn: Crew) -> None:
    asset = register(cast)
    assert get_asset(asset.id, by=qd.clerk) == get_asset_by_serial(" sn9", branch=qd.branch) == asset
    assert find_assets_by_serial("sn", branch=qd.branch) == [qd.gas_unit, qd.unit, asset]
    assert find_assets_by_serial(" ", branch=qd.branch) == []
    assert set(find_assets_of(qd.customer.id, by=qd.clerk)) == {qd.unit, qd.gas_unit, asset}
    assert not find_assets_of(qd.customer.id, by=jn.clerk)
    with refuses(UnknownSerial) as caught:
        get_asset_by_serial("SN9", branch=jn.branch)
    assert "SN9" in str(caught.value)
    with refuses(AssetNotFound):
        get_asset(asset.id, by=jn.clerk)
