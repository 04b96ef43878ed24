from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shouhou.access.models import Branch
from shouhou.audit.models import Event
from shouhou.cli.replay.report import nearest_rank
from shouhou.cli.tests.conftest import Invoke
from shouhou.cli.verify import find_all
from shouhou.workorders.models import Visit, VoucherEntry, WorkOrder
from tests.cast import Crew, unchanged

pytestmark = pytest.mark.django_db

HEADER = (
    "number,incident_state,reassignment_count,reopen_count,sys_mod_count,caller_id,opened_at,sys_updated_at,"
    "contact_type,category,assignment_group,assigned_to,priority"
)
type Write = Callable[..., Path]


def row(
    number: str, state: str, at: str, *, changes: int = 0, moved: int = 0, again: int = 0, who: str = "Resolver 1",
    opened: str = "01-03-2016 08:00", caller: str = "Caller 1",
) -> str:  # fmt: skip
    return (
        f"{number},{state},{moved},{again},{changes},{caller},{opened},{at},Phone,Category 1,Group 1,{who},3 - Moderate"
    )


STRAIGHT = (
    row("INC1", "New", "01-03-2016 08:05", who="?"),
    row("INC1", "Active", "01-03-2016 09:00", changes=1),
    row("INC1", "Resolved", "02-03-2016 10:00", changes=2),
    row("INC1", "Closed", "07-03-2016 12:00", changes=3),
)


@pytest.fixture
def replay(invoke: Invoke, csv_file: Write) -> Callable[..., Any]:
    """Replay lines behind the header; every row must be accounted for, and the books must hold."""

    def run(*lines: str, header: str = HEADER) -> Any:
        account = invoke("replay", csv_file(header, *lines), "--json").json
        assert account["rows_read"] == account["rows_accounted"] == sum(account["rows"].values())
        assert not list(find_all())
        return account

    return run


def verbs(number: str) -> list[str]:
    order = WorkOrder.objects.get(source=f"incident:{number}")
    events = Event.objects.filter(chain_id=order.id).order_by("sequence")
    return [event.verb.split(".", 1)[1] for event in events]


def test_a_straight_life(replay: Callable[..., Any]) -> None:
    account = replay(*STRAIGHT)
    assert (account["records"], account["rows"], account["acts_refused"]) == (1, {"acted": 4}, {})
    assert account["end_states"] == {"struck_off": 1}
    assert account["time_to_first_dispatch"] == {"count": 1, "median_seconds": 3600, "p90_seconds": 3600}
    assert account["time_to_close"]["median_seconds"] == 6 * 86400 + 4 * 3600
    assert verbs("INC1") == [
        "work_order.received", "work_class.assigned", "work_order.dispatched", "visit.accepted", "voucher.issued",
        "visit.departed", "visit.arrived", "visit.completed", "voucher.signature_refused", "voucher.handed_in",
        "voucher.filed", "work_order.struck_off",
    ]  # fmt: skip
    assert VoucherEntry.objects.get().unsigned_reason == "recorded without signature"


def test_a_second_run_does_nothing_twice(replay: Callable[..., Any]) -> None:
    replay(*STRAIGHT)
    with unchanged():
        account = replay(*STRAIGHT)
    assert (account["rows"], account["acts_performed"], account["records_already_there"]) == (
        {"already_there": 4},
        0,
        1,
    )
    assert account["end_states"] == {"struck_off": 1}


def test_a_reassignment_is_withdrawn_and_dispatched_again(replay: Callable[..., Any]) -> None:
    later = row("INC1", "Active", "01-03-2016 09:30", changes=2, moved=1, who="Resolver 2")
    account = replay(*STRAIGHT[:2], later)
    assert account["acts_performed_by_kind"]["withdraw"] == 1
    assert [visit.technician.name for visit in Visit.objects.order_by("sequence")] == ["Resolver 1", "Resolver 2"]


def test_waiting_is_a_hold_and_going_on_a_resume(replay: Callable[..., Any]) -> None:
    account = replay(
        *STRAIGHT[:2],
        row("INC1", "Awaiting User Info", "01-03-2016 10:00", changes=2),
        row("INC1", "Awaiting User Info", "01-03-2016 11:00", changes=3),
        row("INC1", "Awaiting Vendor", "01-03-2016 12:00", changes=4),
        row("INC1", "Resolved", "02-03-2016 10:00", changes=5),
    )
    kinds = account["acts_performed_by_kind"]
    assert (kinds["hold"], kinds["resume"], kinds["complete"]) == (2, 2, 1)
    assert account["rows"] == {"acted": 5, "no_change": 1}


def test_a_reopened_incident_is_worked_again(replay: Callable[..., Any]) -> None:
    account = replay(
        *STRAIGHT,
        row("INC1", "Active", "08-03-2016 09:00", changes=4, again=1),
        row("INC1", "Resolved", "08-03-2016 12:00", changes=5, again=1),
        row("INC1", "Closed", "13-03-2016 12:00", changes=6, again=1),
    )
    kinds = account["acts_performed_by_kind"]
    assert (kinds["reopen"], kinds["complete"], kinds["strike_off"]) == (1, 2, 2)


def test_a_paper_that_is_out_for_another_order_is_fetched_first(replay: Callable[..., Any]) -> None:
    """Two incidents of one caller about the same thing overlap; there is one voucher."""
    account = replay(
        *STRAIGHT,
        row("INC2", "New", "01-03-2016 08:30", opened="01-03-2016 08:30"),
        row("INC2", "Resolved", "03-03-2016 10:00", changes=1, opened="01-03-2016 08:30"),
        row("INC2", "Closed", "08-03-2016 10:00", changes=2, opened="01-03-2016 08:30"),
    )
    assert account["acts_refused"] == {"voucher_not_in_folder": 1}
    assert account["end_states"] == {"struck_off": 2}


@pytest.mark.parametrize("state", ["Active", "Resolved", "Closed", "Awaiting Problem"])
def test_an_incident_whose_first_rows_are_missing(replay: Callable[..., Any], state: str) -> None:
    account = replay(row("INC1", state, "02-03-2016 10:00"), row("INC1", "Closed", "07-03-2016 12:00", changes=1))
    assert account["end_states"] == {"struck_off": 1}
    assert account["time_to_first_dispatch"]["count"] == 1


def test_closed_without_resolved_is_refused_then_worked(replay: Callable[..., Any]) -> None:
    account = replay(STRAIGHT[0], STRAIGHT[3])
    assert account["acts_refused"] == {"wrong_state": 1}
    assert account["end_states"] == {"struck_off": 1}


def test_rows_out_of_the_order_of_time_are_put_in_order(replay: Callable[..., Any]) -> None:
    account = replay(*reversed(STRAIGHT))
    assert (account["rows_moved"], account["rows"], account["acts_refused"]) == (3, {"acted": 4}, {})


def test_a_row_dated_before_its_call_is_refused_and_then_done_when_the_call_came(replay: Callable[..., Any]) -> None:
    account = replay(row("INC1", "Active", "29-02-2016 23:00"))
    # Received when it came; the class, the dispatch and the acceptance follow then.
    assert account["acts_refused"] == {"act_before_call": 3, "date_in_future": 1}
    assert account["end_states"] == {"dispatched": 1}


def test_bad_rows_are_counted_by_reason(replay: Callable[..., Any]) -> None:
    account = replay(
        *STRAIGHT,
        STRAIGHT[1],
        "",
        row("", "New", "01-03-2016 08:05"),
        row("INC2", "Mislaid", "01-03-2016 08:05"),
        row("INC2", "New", "2016-03-01"),
        row("INC2", "New", "?"),
        row("INC2", "New", "01-03-2016 08:05").replace(",0,", ",many,", 1),
        "INC2",
        row("INC2", "New", "01-03-2016 08:05") + ",1,2,3",
        row("N" * 61, "New", "01-03-2016 08:05"),
    )
    assert account["rows"] == {"unreadable": 8, "acted": 4, "duplicate": 1}
    assert account["blank_lines"] == 1
    assert account["rows_unreadable"] == {
        "malformed_date": 1, "malformed_count": 1, "number_missing": 1, "number_too_long": 1, "time_missing": 2,
        "too_many_cells": 1, "unknown_state": 1,
    }  # fmt: skip


def test_columns_may_be_missing_and_stand_in_any_order(replay: Callable[..., Any]) -> None:
    account = replay("01-03-2016 09:00,INC1,Active", header="sys_updated_at,NUMBER,incident_state")
    assert account["end_states"] == {"dispatched": 1}


def test_without_a_needed_column_every_row_is_accounted_for_as_unreadable(invoke: Invoke, csv_file: Write) -> None:
    printed = invoke("replay", csv_file("number,opened_at", "INC1,01-03-2016 09:00"), "--json")
    assert printed.code == 1
    assert printed.json["rows_unreadable"] == {"column_missing": 1}
    assert not Branch.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\xff", b"PK\x03\x04"])
def test_it_refuses_what_is_no_log(invoke: Invoke, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(content)
    assert invoke("replay", file).code == 1


def test_it_runs_beside_a_company_at_work_and_refuses_its_branches(invoke: Invoke, csv_file: Write, qd: Crew) -> None:
    file = csv_file(HEADER, *STRAIGHT)
    with unchanged():
        assert invoke("replay", file, "--branch", "QD").code == 1
    assert invoke("replay", file).code == 0
    assert Branch.objects.get(code="INC").parent == Branch.objects.get(code="HQ")


def test_the_account_is_printed_for_people_too(invoke: Invoke, csv_file: Write) -> None:
    printed = invoke("replay", csv_file(HEADER, *STRAIGHT, row("INC2", "Mislaid", "01-03-2016 08:05")))
    assert "struck_off 1" in printed.out
    assert "unknown_state Mislaid" in printed.out


# Each way that an incident can go has its own test above, on both databases; this one is about the records.
@pytest.mark.one_database
def test_all_recorded_incidents_are_accounted_for(invoke: Invoke, shared_data: Callable[[str], Path]) -> None:
    account = invoke("replay", shared_data("incidents/incident_event_log.csv"), "--json").json
    assert (account["records"], account["rows_read"], account["rows_accounted"]) == (445, 2989, 2989)
    assert account["rows"].keys() == {"acted", "no_change"}
    assert account["end_states"] == {"struck_off": 445}
    assert account["acts_performed"] + account["acts_refused_total"] > 5_000
    assert not list(find_all())


@pytest.mark.parametrize(("share", "value"), [(0.9, 9.0), (0.91, 10.0), (1.0, 10.0), (0.05, 1.0)])
def test_the_nearest_rank(share: float, value: float) -> None:
    assert nearest_rank([float(number) for number in range(1, 11)], share) == value
