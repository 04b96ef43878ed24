import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from shouhou.access.actors import product_itself
from shouhou.access.models import Branch, User
from shouhou.access.permissions import Role
from shouhou.cli.demo.diary import Diary
from shouhou.cli.demo.founding import ZONE
from shouhou.cli.demo.history import EndInFuture, load_company
from shouhou.cli.tests.conftest import Invoke
from shouhou.cli.verify import find_all
from shouhou.customers.models import Customer
from shouhou.ledger.queries import find_holds
from shouhou.ledger.verifying import find_ledger_faults, find_on_their_way, find_open_clearings
from shouhou.workforce.models import Certificate
from shouhou.workorders.models import Visit, Voucher, WorkOrder
from shouhou.workorders.rules import OrderStatus, VisitStatus, VoucherState
from tests.cast import Crew, unchanged

pytestmark = pytest.mark.django_db

END = datetime(2026, 11, 23, 7, tzinfo=UTC)


def load(**changed: Any) -> Any:
    usual: dict[str, Any] = {"size": "s", "seed": 1, "end_date": END.date(), "now": END, "password": "correct horse 9"}
    return load_company(**usual | changed, progress=lambda _count: None)


def story() -> list[tuple[Any, ...]]:
    """What a reader sees of all orders."""
    rows = WorkOrder.objects.order_by("branch__code", "number")
    return list(
        rows.values_list(
            "number", "received_at", "customer__name", "phone", "asset__serial", "fault", "status", "work_class",
            "technician__name", "dispatched_at", "completed_at", "closed_at",
        )
    )  # fmt: skip


def test_the_company_shows_every_state_and_nothing_that_could_not_be(db: None) -> None:
    loaded = load()
    assert (loaded.orders, WorkOrder.objects.count()) == (60, 60)
    it_shows_every_state()
    its_books_hold_and_nothing_lies_in_the_future()
    its_accounts_are_right_and_show_something_of_everything()
    its_telephones_cannot_ring()


def it_shows_every_state() -> None:
    assert set(WorkOrder.objects.values_list("status", flat=True)) == set(OrderStatus.values)
    assert set(Visit.objects.values_list("status", flat=True)) == set(VisitStatus.values)
    assert set(Voucher.objects.values_list("state", flat=True)) == set(VoucherState.values)
    assert set(Role.values) == set(User.objects.values_list("assignments__role", flat=True))
    assert WorkOrder.objects.filter(status="received", visit_count=0, received_on__lt=date(2026, 11, 23)).exists()
    assert Certificate.objects.filter(ends_on__lt=END).exists()


def its_books_hold_and_nothing_lies_in_the_future() -> None:
    assert not list(find_all())
    assert not WorkOrder.objects.filter(received_at__gt=END).exists()
    assert not Visit.objects.filter(arrived_at__gt=END).exists()


def its_accounts_are_right_and_show_something_of_everything() -> None:
    assert not [fault for branch in Branch.objects.all() for fault in find_ledger_faults(branch)]
    by = product_itself(channel="test")
    branch = Branch.objects.get(code="QD")
    assert {one.status for one in find_holds(branch, by=by)} == {"pending", "posted"}
    kinds = {one.kind for one in find_open_clearings(branch, at=END)}
    assert kinds == {"suspense"}
    assert not find_on_their_way(branch, at=END)


def its_telephones_cannot_ring() -> None:
    for phone in Customer.objects.values_list("phone", flat=True):
        assert re.fullmatch(r"\+86(154\d{8}|(53[125])1\d{7})", phone), phone


@pytest.mark.one_database
def test_the_same_seed_gives_the_same_company_and_another_another(db: None) -> None:
    stories = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            load(seed=seed)
            stories.append(story())
            transaction.set_rollback(True)
    assert stories[0] == stories[1]
    assert stories[0] != stories[2]


def test_it_refuses_a_database_that_is_not_empty(qd: Crew, invoke: Invoke) -> None:
    with unchanged():
        printed = invoke("demo")
    assert printed.code == 1
    assert printed.err.strip()


def test_it_refuses_an_end_in_the_future(db: None) -> None:
    with unchanged(), pytest.raises(EndInFuture):
        load(end_date=date(2026, 11, 24))


def test_the_command_prints_logins_and_keeps_the_password_for_the_owner_alone(db: None, invoke: Invoke) -> None:
    printed = invoke("demo", "--end-date", "2026-01-31")
    (password,) = re.findall(r"\w{4}-\w{4}-\w{4}$", printed.out.strip())
    assert "qd-clerk" in printed.out
    assert User.objects.get(username="qd-clerk").check_password(password)
    assert (settings.VAR / "demo_password").stat().st_mode & 0o777 == 0o600


def test_a_diary_finds_room_after_what_is_taken() -> None:
    diary, nine = Diary(), datetime(2026, 11, 23, 9, tzinfo=ZONE)
    diary.book(nine, nine + timedelta(hours=1))
    assert diary.first_free(nine, timedelta(hours=1), ZONE) == nine + timedelta(hours=1, minutes=30)
    assert diary.first_free(nine.replace(hour=17, minute=30), timedelta(hours=1), ZONE) == nine + timedelta(
        days=1, hours=-1
    )
