"""The loop: every few seconds, run what is due. A piece that fails is logged and put off; the loop goes on."""

import logging
import signal
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections

from shouhou.worker.schedule import SCHEDULE, Piece

log = logging.getLogger(__name__)

TICK = timedelta(seconds=5)
LONGEST_PUT_OFF = timedelta(hours=1)


@dataclass
class Turn:
    """When a piece is due next, and how often it failed in a row."""

    piece: Piece
    due: datetime
    failures: int = 0

    def take(self, now: datetime) -> bool:
        """Run the piece; True unless it failed."""
        try:
            count = self.piece.run(now)
        except Exception:
            self.failures += 1
            put_off = min(self.piece.every * 2**self.failures, LONGEST_PUT_OFF)
            self.due = now + max(put_off, self.piece.every)
            log.exception("%s failed %d times in a row; again at %s", self.piece.name, self.failures, self.due)
            return False
        self.failures, self.due = 0, now + self.piece.every
        if count:
            log.info("%s: %d", self.piece.name, count)
        return True


def tick(turns: Iterable[Turn], now: datetime) -> int:
    """Run what is due; returns how many pieces failed."""
    return sum(not turn.take(now) for turn in turns if turn.due <= now)


def run_once() -> int:
    """One round of everything; exit code 1 when a piece failed."""
    now = datetime.now(UTC)
    return 1 if tick([Turn(piece, now) for piece in SCHEDULE], now) else 0


def run_forever() -> int:
    """Until SIGTERM or Ctrl-C; a piece that has begun is finished."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    now = datetime.now(UTC)
    turns = [Turn(piece, now) for piece in SCHEDULE]
    while not stopping.is_set():
        # A database that was restarted is found again.
        close_old_connections()
        tick(turns, datetime.now(UTC))
        stopping.wait(TICK.total_seconds())
    return 0
