import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shouhou.worker import loop
from shouhou.worker.loop import LONGEST_PUT_OFF, Turn, run_once, tick
from shouhou.worker.schedule import Piece
from tests.cast import NOW

MINUTE = timedelta(minutes=1)


class Bell:
    """A piece that counts how often it was rung, and can be made to break."""

    def __init__(self) -> None:
        self.rung, self.broken = 0, False

    def ring(self, now: datetime) -> int:
        if self.broken:
            raise OSError("the rope is torn")
        self.rung += 1
        return 1

    def turn(self) -> Turn:
        return Turn(Piece("ring", MINUTE, self.ring), NOW)


def test_a_piece_runs_when_it_is_due() -> None:
    bell = Bell()
    turns = [bell.turn()]
    for seconds in (0, 5, 59, 60, 61):
        assert tick(turns, NOW + timedelta(seconds=seconds)) == 0
    assert bell.rung == 2


def test_a_broken_piece_is_logged_and_put_off_longer_each_time(caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = Bell(), Bell()
    broken.broken = True
    turns, now = [broken.turn(), sound.turn()], NOW
    waits = []
    for _ in range(8):
        assert tick(turns, now) == 1
        waits.append(turns[0].due - now)
        now = turns[0].due
    assert waits[:3] == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert max(waits) == LONGEST_PUT_OFF
    assert sound.rung == 8
    assert "the rope is torn" in caplog.text


def test_a_mended_piece_runs_as_usual_again() -> None:
    bell = Bell()
    turn = bell.turn()
    bell.broken = True
    tick([turn], NOW)
    bell.broken = False
    tick([turn], turn.due)
    assert (bell.rung, turn.failures) == (1, 0)


def test_one_round_tells_by_its_exit_code_whether_all_went_well(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_once() == 0
    bell = Bell()
    bell.broken = True
    monkeypatch.setattr(loop, "SCHEDULE", (Piece("ring", MINUTE, bell.ring),))
    assert run_once() == 1


def test_the_process_goes_on_without_tables_and_stops_when_asked(tmp_path: Path) -> None:
    """A database that is not there yet is logged at every round, not died of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOUHOU_", "DATABASE_URL"))}
    environment = {**kept, "SHOUHOU_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "shouhou.config.settings"}
    command = [sys.executable, "-m", "shouhou.worker"]
    with subprocess.Popen(command, env=environment, text=True, stderr=subprocess.PIPE) as worker:
        assert worker.stderr is not None
        assert any("close register pages failed" in line for line in iter(worker.stderr.readline, ""))
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
