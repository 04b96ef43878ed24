"""What the worker does of its own accord, and how often. Each piece may be run again at any time: it finds what is due."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings

from shouhou.access.actors import product_itself
from shouhou.commitments.actions import BATCH, sweep_commitments
from shouhou.kernel.errors import Refusal
from shouhou.ledger.actions import confirm_crossing, put_off_crossing, receive_crossing, time_out_hold
from shouhou.ledger.queries import find_crossings_due, find_holds_run_out
from shouhou.stock.actions import announce_transfer, time_out_reservation
from shouhou.stock.queries import find_reservations_run_out, find_transfers_to_announce
from shouhou.workorders.actions import close_register_page
from shouhou.workorders.queries import find_unclosed_pages

log = logging.getLogger(__name__)

CHANNEL = "worker"
# What the API promises for its keys: a telephone may have been without network for a while.
ANSWERS_ARE_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Piece:
    """Something done again and again. `run` gets the moment and returns how much there was to do."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


def close_past_pages(now: datetime) -> int:
    """Close the register pages of days that are over at their branch; one that fails does not keep the others open."""
    by, closed, failed = product_itself(channel=CHANNEL), 0, 0
    latest_today = now.astimezone(UTC).date() + timedelta(days=1)
    for page in find_unclosed_pages(by=by, before_day=latest_today):
        if page.day >= now.astimezone(ZoneInfo(page.branch.time_zone)).date():
            continue
        try:
            close_register_page(page.id, by=by, at=now)
            closed += 1
        except Refusal as refusal:  # closed a moment ago by another worker
            log.info("page %s of %s: %s", page.day, page.branch.code, refusal)
        except Exception:
            failed += 1
            log.exception("page %s of %s could not be closed", page.day, page.branch.code)
    if failed:
        raise PiecesLeft(failed)
    return closed


def carry_across(now: datetime) -> int:
    """Book at the other branch what was sent there, and confirm it. What fails is put off by itself, so it stops no other."""
    by, arrived = product_itself(channel=CHANNEL), 0
    for branch in by.branches:
        for crossing in list(find_crossings_due(branch, at=now)):
            try:
                receive_crossing(crossing, by=by, at=now)
                confirm_crossing(crossing, by=by, at=now)
                arrived += 1
            except Exception:
                log.exception("money from %s is still on its way: %s", branch.code, crossing.id)
                put_off_crossing(crossing, at=now)
    return arrived


def time_out_holds(now: datetime) -> int:
    """Give free what was set aside for longer than it might be; one that fails does not keep the others."""
    by, ended, failed = product_itself(channel=CHANNEL), 0, 0
    for branch in by.branches:
        for hold in list(find_holds_run_out(branch, at=now)):
            try:
                time_out_hold(hold.id, by=by, at=now)
                ended += 1
            except Refusal as refusal:  # ended a moment ago by somebody else
                log.info("hold %s of %s: %s", hold.id, branch.code, refusal)
            except Exception:
                failed += 1
                log.exception("hold %s of %s could not be timed out", hold.id, branch.code)
    if failed:
        raise PiecesLeft(failed)
    return ended


def time_out_reservations(now: datetime) -> int:
    """Give parts free that were set aside for longer than they might be; one that fails does not keep the others."""
    by, ended, failed = product_itself(channel=CHANNEL), 0, 0
    for branch in by.branches:
        for row in list(find_reservations_run_out(branch, at=now)):
            try:
                time_out_reservation(row.id, by=by, at=now)
                ended += 1
            except Refusal as refusal:  # ended a moment ago by somebody else
                log.info("reservation %s of %s: %s", row.id, branch.code, refusal)
            except Exception:
                failed += 1
                log.exception("reservation %s of %s could not be timed out", row.id, branch.code)
    if failed:
        raise PiecesLeft(failed)
    return ended


def announce_transfers(now: datetime) -> int:
    """Let other branches know which parts are coming; one that fails does not keep the others, and is tried again."""
    by, told, failed = product_itself(channel=CHANNEL), 0, 0
    for branch in by.branches:
        for transfer in list(find_transfers_to_announce(branch)):
            try:
                announce_transfer(transfer, by=by, at=now)
                told += 1
            except Exception:
                failed += 1
                log.exception("transfer %s of %s could not be announced", transfer.number, branch.code)
    if failed:
        raise PiecesLeft(failed)
    return told


def sweep_promises(now: datetime) -> int:
    """Judge the commitments whose time has come, branch by branch, until none is left; one branch does not keep the others."""
    by, judged, failed = product_itself(channel=CHANNEL), 0, 0
    for branch in by.branches:
        try:
            while found := sweep_commitments(branch.id, by=by, at=now):
                judged += found
                if found < BATCH:
                    break
        except Exception:
            failed += 1
            log.exception("the commitments of %s could not be judged", branch.code)
    if failed:
        raise PiecesLeft(failed)
    return judged


class PiecesLeft(Exception):
    """Some of the work could not be done; each failure has been logged."""


def forget_answers(now: datetime) -> int:
    """Drop stored answers of the API, and keys of forms, that nobody will ask for again."""
    # By name: the worker and the interfaces are neighbours and know nothing of each other's code.
    kept = [apps.get_model(app, name) for app, name in (("api", "StoredAnswer"), ("web", "SentForm"))]
    old = now - ANSWERS_ARE_KEPT
    return sum(model._default_manager.filter(created_at__lt=old).delete()[0] for model in kept)


def forget_sessions(now: datetime) -> int:
    """Drop sessions that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return 0


SCHEDULE = (
    Piece("judge commitments", timedelta(seconds=5), sweep_promises),
    Piece("close register pages", timedelta(minutes=1), close_past_pages),
    Piece("carry money to other branches", timedelta(seconds=30), carry_across),
    Piece("time out holds", timedelta(minutes=1), time_out_holds),
    Piece("time out reservations", timedelta(minutes=1), time_out_reservations),
    Piece("announce parts to other branches", timedelta(seconds=30), announce_transfers),
    Piece("forget stored answers", timedelta(hours=1), forget_answers),
    Piece("forget expired sessions", timedelta(hours=1), forget_sessions),
)
