from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from shouhou.audit.statements import insert, insert_once, write
from shouhou.kernel.ids import uuid7
from tests.cast import NOW, Cast, Crew

# By name: what is written with these statements lies above them.
ORDER, CUSTOMER = (apps.get_model(*name) for name in (("workorders", "WorkOrder"), ("customers", "Customer")))


def customer(qd: Crew) -> Any:
    return CUSTOMER(branch=qd.branch, kind="person", name="李", phone="13800138000", registered_at=NOW)


def test_a_new_row_is_written_as_it_is(qd: Crew) -> None:
    row = customer(qd)
    insert(row)
    assert not row._state.adding
    kept = CUSTOMER.objects.get(branch_id=qd.branch.id, id=row.id)
    assert [getattr(kept, field.attname) for field in kept._meta.concrete_fields] == [
        getattr(row, field.attname) for field in row._meta.concrete_fields
    ]


def test_a_row_that_is_there_is_refused_or_left_alone(qd: Crew) -> None:
    row = customer(qd)
    insert(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(row)
    row.name = "张"
    assert not insert_once(row, unique=("branch_id", "id"))
    assert not insert_once(row)
    assert CUSTOMER.objects.get(branch_id=qd.branch.id, id=row.id).name == "李"


def test_only_the_named_fields_are_written(qd: Crew) -> None:
    row = customer(qd)
    insert(row)
    row.name, row.phone = "张", "13900139000"
    write(row, "name")
    kept = CUSTOMER.objects.get(branch_id=qd.branch.id, id=row.id)
    assert (kept.name, kept.phone) == ("张", "13800138000")


def test_a_row_that_is_not_there_is_not_written(cast: Cast, qd: Crew) -> None:
    row = customer(qd)
    insert(row)
    for change in ({"id": uuid7()}, {"branch": cast.jn.branch}):  # and never one of another branch
        other = customer(qd)
        other.id = row.id
        for name, value in change.items():
            setattr(other, name, value)
        with pytest.raises(CUSTOMER.NotUpdated), transaction.atomic():
            write(other, "name")


def test_links_and_empty_fields_are_written(qd: Crew) -> None:
    qd.order("dispatched")
    order = ORDER.objects.get()
    assert order.technician_id
    order.technician = None
    write(order, "technician")
    assert ORDER.objects.get().technician_id is None
