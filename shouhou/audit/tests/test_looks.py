from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.db.transaction import TransactionManagementError

from shouhou.audit.looks import Look
from shouhou.audit.models import Event
from tests.cast import NOW, Cast, Crew

# By name: what a look is made for lies above it.
ORDER, VISIT = (apps.get_model("workorders", name) for name in ("WorkOrder", "Visit"))


@pytest.fixture
def orders(qd: Crew) -> list[Any]:
    qd.order("received")
    qd.order("dispatched")
    qd.order("on_site")
    return list(ORDER.objects.order_by("id"))


def test_it_finds_what_the_queryset_finds(qd: Crew, orders: list[Any]) -> None:
    look = Look(lambda branch_id, ids, status: ORDER.objects.filter(branch_id=branch_id, id__in=ids, status=status))
    ids = [one.id for one in orders]
    for status in ("received", "dispatched", "struck_off", "received"):
        plain = ORDER.objects.filter(branch_id=qd.branch.id, id__in=ids, status=status)
        assert look.all(branch_id=qd.branch.id, ids=ids, status=status) == list(plain)
    assert look.all(branch_id=qd.branch.id, ids=ids[1:], status="received") == []


def test_objects_come_with_all_that_was_asked_for(orders: list[Any], django_assert_num_queries: Any) -> None:
    look = Look(
        lambda order_id: VISIT.objects.filter(work_order_id=order_id).select_related("work_order", "technician")
    )
    plain = VISIT.objects.select_related("work_order", "technician").get(work_order_id=orders[2].id)
    with django_assert_num_queries(1):
        visit = look.first(order_id=orders[2].id)
        assert visit is not None
        assert visit.work_order.number == orders[2].number
        assert visit.technician.name
    fields = [field.attname for model in (VISIT, ORDER) for field in model._meta.concrete_fields]
    for one, other in ((visit, plain), (visit.work_order, plain.work_order)):
        assert [getattr(one, name, None) for name in fields] == [getattr(other, name, None) for name in fields]


def test_days_and_moments_are_values_too(orders: list[Any]) -> None:
    since = Look(lambda at, day: ORDER.objects.filter(received_at__gte=at, received_on=day).order_by("id"))
    first = orders[0]
    assert since.all(at=first.received_at, day=first.received_on) == orders
    assert since.all(at=NOW + timedelta(days=400), day=first.received_on) == []
    assert since.all(at=first.received_at, day=first.received_on - timedelta(days=1)) == []


def test_other_names_ask_another_question(orders: list[Any]) -> None:
    def ask(order_id: UUID, status: str | None = None) -> Any:
        rows = ORDER.objects.filter(id=order_id)
        return rows.filter(status=status) if status else rows

    look = Look(ask)
    assert look.first(order_id=orders[0].id) == orders[0]
    assert look.first(order_id=orders[0].id, status="struck_off") is None


def test_it_is_compiled_once(orders: list[Any]) -> None:
    asked = []

    def ask(order_id: UUID) -> Any:
        asked.append(order_id)
        return ORDER.objects.filter(id=order_id)

    look = Look(ask)
    for one in orders:
        assert look.first(order_id=one.id) == one
    assert len(asked) == 1
    assert asked[0] not in [one.id for one in orders]


def test_nothing_is_asked_of_an_empty_collection(orders: list[Any], django_assert_num_queries: Any) -> None:
    look = Look(lambda ids: ORDER.objects.filter(id__in=ids))
    with django_assert_num_queries(0):
        assert look.all(ids=[]) == []


def test_it_refuses_a_value_that_the_queryset_changes_or_drops() -> None:
    with pytest.raises(TypeError, match="as it is given"):
        Look(lambda verb: Event.objects.filter(verb__startswith=verb)).all(verb="x")
    with pytest.raises(TypeError, match="as it is given"):
        Look(lambda verb: Event.objects.all()).all(verb="x")
    with pytest.raises(TypeError, match="takes no NoneType"):
        Look(lambda verb: Event.objects.filter(verb=verb)).all(verb=None)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_it_locks_in_a_transaction_only(cast: Cast) -> None:
    look = Look(lambda verb: Event.objects.select_for_update().filter(verb=verb))
    if not connection.features.has_select_for_update:
        assert look.all(verb="x") == []
        return
    with pytest.raises(TransactionManagementError):
        look.all(verb="x")
    with pytest.raises(TransactionManagementError):  # and not the first time alone, when it is compiled
        look.all(verb="x")
