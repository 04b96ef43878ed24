from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from shouhou.audit.append_only import install, remove
from shouhou.audit.models import Event
from tests.award_acts import Payouts, award_and_pay
from tests.bookkeeping import keep_books
from tests.cast import NOW, Cast, Crew
from tests.coverage_acts import MANAGER, decide_on_package, say_otherwise
from tests.promise_acts import excuse_lateness, give_a_day_off
from tests.stockkeeping import keep_stock
from tests.workshop_acts import hang_cards

# By name: the journal lies below what keeps vouchers.
MOVE, PACK, RULING = (
    apps.get_model(*name)
    for name in (("workorders", "VoucherMove"), ("policies", "CompanyPack"), ("policies", "PackRuling"))
)
BOOKS = [apps.get_model("ledger", name) for name in ("JournalEntry", "Posting", "HoldMove")]
COVERAGE = [
    apps.get_model("entitlements", name)
    for name in ("CitedRule", "Verdict", "Override", "OverrideRuling", "Finding", "ServicePackage", "PackageLine")
]
PROMISES = [
    apps.get_model("commitments", name)
    for name in (
        "CommitmentMark", "CommitmentNotice", "Excuse", "ExcuseEvidence", "ExcuseRuling", "AwardStep", "TopUpReceipt",
        "CalendarEdition",
    )
]  # fmt: skip
STOCK = [apps.get_model("stock", name) for name in ("Movement", "ReservationStep")]
GOODS = apps.get_model("custody", "HandOver")
INSPECTIONS = apps.get_model("workshop", "Inspection")
LIFE = apps.get_model("assets", "UnitHappening")
TABLES: list[type[models.Model]] = [
    Event,
    MOVE,
    PACK,
    RULING,
    LIFE,
    GOODS,
    INSPECTIONS,
    *COVERAGE,
    *BOOKS,
    *PROMISES,
    *STOCK,
]


@pytest.fixture
def rows(cast: Cast, qd: Crew) -> None:
    qd.order("signed")
    say_otherwise(qd, qd.order("dispatched", unit=qd.gas_unit), manager=cast.headquarters[MANAGER])
    decide_on_package(cast)
    keep_books(qd)
    keep_stock(qd, other=cast.jn.branch)
    hang_cards(qd)
    excuse_lateness(qd)
    award_and_pay(Payouts(qd, cast))
    give_a_day_off(qd)
    user = qd.supervisor.user
    pack = PACK.objects.create(name="promise", version=1, text="-", reason="-", proposed_by=user, proposed_at=NOW)
    RULING.objects.create(pack=pack, approved=True, ruled_by=user, ruled_at=NOW)


def _refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("rows")
def test_the_database_refuses_update_and_delete() -> None:
    for model in TABLES:
        _only_grows(model)


def _only_grows(model: Any) -> None:
    table = model._meta.db_table
    before = list(model.objects.order_by("id").values())
    assert before, table
    _refused(f'UPDATE "{table}" SET id = id')
    _refused(f'DELETE FROM "{table}"')
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.first().save()
    # A proposal that was ruled on is already held by its ruling.
    with pytest.raises(DatabaseError, match=r"append-only|protected"), transaction.atomic():
        model.objects.all().delete()
    assert list(model.objects.order_by("id").values()) == before


@pytest.mark.usefixtures("rows")
def test_the_database_refuses_to_empty_the_table() -> None:
    if connection.vendor == "sqlite":
        return  # has no TRUNCATE; DELETE without WHERE is refused above
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model in TABLES:
        _refused(f'TRUNCATE "{model._meta.db_table}" CASCADE')


@pytest.mark.usefixtures("rows")
def test_replacing_a_row_is_refused_too() -> None:
    table = Event._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in Event._meta.local_fields)
    if connection.vendor == "sqlite":
        _refused(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE sequence = 1")
    clause = "ON CONFLICT (id) DO UPDATE SET verb = 'x'"
    _refused(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE sequence = 1 {clause}")


@pytest.mark.usefixtures("rows")
def test_the_guard_can_be_taken_away_and_put_back_by_a_migration() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in remove(connection.vendor, "audit_event"):
            cursor.execute(statement)
        cursor.execute("UPDATE audit_event SET verb = verb")
        for statement in install(connection.vendor, "audit_event"):
            cursor.execute(statement)
    _refused("UPDATE audit_event SET verb = verb")


@pytest.mark.django_db
def test_these_are_all_tables_that_only_grow() -> None:
    guarded = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%is append-only%'"
    if connection.vendor == "postgresql":
        guarded = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'"
    with connection.cursor() as cursor:
        cursor.execute(guarded)
        assert {name for (name,) in cursor.fetchall()} == {model._meta.db_table for model in TABLES}
