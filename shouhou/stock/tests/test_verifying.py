"""What `verify` finds when somebody has gone past the acts, with the guards taken away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from shouhou.audit import append_only
from shouhou.audit.models import Event
from shouhou.stock.guards import STOCK
from shouhou.stock.models import Balance, Costing, Movement, OldPart, Place, Reservation, SerialNumber
from shouhou.stock.tests.conftest import Store
from shouhou.stock.verifying import count_checked, find_stock_faults
from tests.cast import Cast
from tests.stockkeeping import keep_stock


@pytest.fixture
def kept(cast: Cast) -> Store:
    """Some of everything, and nothing that guards it any more."""
    keep_stock(cast.qd, other=cast.jn.branch)
    connection.check_constraints()
    vendor = connection.vendor
    with connection.cursor() as cursor:
        for statement in (*STOCK.remove(vendor), *append_only.remove(vendor, "stock_movement")):
            cursor.execute(statement)
    return Store(cast.qd, None)  # type: ignore[arg-type]  # it looks at no part


def found(store: Store) -> set[str]:
    return {fault.kind for fault in find_stock_faults(store.branch)}


def test_sound_stock_has_no_faults(kept: Store) -> None:
    assert found(kept) == set()
    checked = count_checked()
    assert checked["movements"] == Movement.objects.count() > 5
    assert checked["serial_numbers"] == checked["old_parts"] == 1


TAMPERING: dict[str, tuple[Callable[[], Any], set[str]]] = {
    "a balance": (
        lambda: Balance.objects.filter(place__kind="branch").update(units=F("units") + 1000),
        {"balance_differs", "cost_differs"},
    ),
    "what is reserved": (
        lambda: Balance.objects.filter(reserved_units__gt=0).update(reserved_units=0),
        {"reserved_differs"},
    ),
    "a cost": (lambda: Costing.objects.filter(units__gt=0).update(value_minor=1), {"cost_differs", "books_differ"}),
    "a quantity": (
        lambda: Movement.objects.filter(kind="received", serial=None).update(units=1),
        {"balance_differs", "act_altered"},
    ),
    "what it was for": (lambda: Movement.objects.filter(kind="issued").update(about_id="JN-9"), {"act_altered"}),
    "a serial number's place": (
        lambda: SerialNumber.objects.update(balance=Balance.objects.get(place__kind="supplier", kept_as="serial")),
        {"serial_elsewhere", "serials_differ"},
    ),
    "a label": (lambda: OldPart.objects.update(state="shipped"), {"old_parts_differ"}),
    "a reservation": (lambda: Reservation.objects.update(status="released"), {"reservation_differs"}),
    "an event": (lambda: Event.objects.filter(verb="stock.parts.issued")._raw_delete("default"), {"act_without_event"}),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_tampered_with_is_found(kept: Store, what: str) -> None:
    tamper, faults = TAMPERING[what]
    with connection.cursor() as cursor:
        for statement in append_only.remove(connection.vendor, "audit_event"):
            cursor.execute(statement)
    tamper()
    assert found(kept) == faults


def test_a_movement_that_is_gone_is_missed(kept: Store) -> None:
    Movement.objects.filter(kind="good_return")._raw_delete("default")
    assert {"act_removed", "balance_differs", "cost_differs"} <= found(kept)


def test_another_branch_is_not_looked_at(kept: Store, cast: Cast) -> None:
    Balance.objects.filter(reserved_units__gt=0).update(reserved_units=0)
    assert not list(find_stock_faults(cast.jn.branch))
    assert Place.objects.filter(branch=cast.qd.branch).exists()
