import json
import sys
import time
from collections.abc import Callable
from itertools import batched
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from django.db import transaction
from django.utils.translation import gettext

from shouhou.cli.replay.course import Course
from shouhou.cli.replay.log import Log, in_order_of_time, opened, read_log
from shouhou.cli.replay.people import SOURCE, Scene
from shouhou.cli.replay.report import ALREADY_THERE, DUPLICATE, Report
from shouhou.cli.terminal import progress_bar, refusals_explained, stop
from shouhou.workorders.models import WorkOrder


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--branch", default="INC", show_default=True, help="Code of the branch to replay into; opened when missing."
)
@click.option("--time-zone", default="UTC", show_default=True, help="In which the log's times were written.")
@click.option("--json", "as_json", is_flag=True, help="Print the account as one object.")
def replay(file: Path, branch: str, time_zone: str, as_json: bool) -> None:
    """Drive the incidents of a recorded event log through the real acts, at the recorded times.

    Every row of FILE is accounted for. Incidents that an earlier run brought in are left alone. Exit code 1 when not one row
    could be read.
    """
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        stop(gettext("There is no time zone %(zone)s.") % {"zone": time_zone})
    with refusals_explained():
        log = read_log(file, zone=zone)
        with progress_bar(sum(map(len, log.incidents.values())), gettext("Replaying")) as bar:
            account = replay_log(log, file=file.name, branch=branch, progress=bar.update)
    click.echo(json.dumps(account.as_json(), ensure_ascii=False, indent=2) if as_json else account.as_text())
    if not log.incidents:
        sys.exit(1)


def replay_log(log: Log, *, file: str, branch: str, progress: Callable[[int], None]) -> Report:
    """Drive all incidents of a log and account for them; after an interruption nothing of it is there.

    Raises BranchInUse, and what opening a branch raises.
    """
    began = time.monotonic()
    account = Report(
        file=file, branch=branch, rows_read=log.rows_read, blank_lines=log.blank_lines, rows_moved=log.moved
    )
    account.enter_bad(log.bad)
    account.rows[DUPLICATE] += log.duplicates
    account.records = len(log.incidents)
    if log.incidents:
        with transaction.atomic():
            _replay_incidents(log, account, branch, progress)
    account.seconds = time.monotonic() - began
    return account


def _replay_incidents(log: Log, account: Report, branch: str, progress: Callable[[int], None]) -> None:
    rows = in_order_of_time(log.incidents.values())
    scene = Scene(branch, at=min(opened(entries) for entries in log.incidents.values()))
    known = _orders(scene, log)
    courses = {
        number: Course(scene, entries, performed=account.performed, refused=account.refused)
        for number, entries in log.incidents.items()
        if number not in known
    }
    account.records_already_there = len(known)
    for entry in rows:
        account.rows[courses[entry.number].follow(entry) if entry.number in courses else ALREADY_THERE] += 1
        progress(1)
    known = _orders(scene, log)
    for number in log.incidents:
        account.enter_order(known.get(number))


def _orders(scene: Scene, log: Log) -> dict[str, WorkOrder]:
    """The orders that the log's incidents have led to, by the incident's number."""
    found: dict[str, WorkOrder] = {}
    for numbers in batched(log.incidents, 500, strict=False):
        sources = [SOURCE + number for number in numbers]
        for order in WorkOrder.objects.at(scene.branch).filter(source__in=sources):
            found[order.source.removeprefix(SOURCE)] = order
    return found
