"""The whole suite on SQLite, then on a PostgreSQL that it brings up by itself: `python -m tests [options of pytest]`.

`--on sqlite` or `--on postgresql` runs one of them only.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.postgres import NoPostgres, running_server

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """How the suite ended on one database."""

    database: str
    passed: bool
    figures: str
    skipped: Counter[str] = field(default_factory=Counter)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests", description=__doc__, allow_abbrev=False)
    options.add_argument("--on", choices=("sqlite", "postgresql"), help="run on this database only")
    chosen, pytest_options = options.parse_known_args()
    # A run that is told to stop still stops its PostgreSQL.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes = []
    if chosen.on != "postgresql":
        outcomes.append(_run(f"SQLite {sqlite3.sqlite_version}", "", pytest_options))
    if chosen.on != "sqlite":
        try:
            with running_server() as server:
                name = f"PostgreSQL {server.version}"
                outcomes.append(_run(name, server.url, pytest_options, second=bool(outcomes)))
        except NoPostgres as failure:
            outcomes.append(Outcome("PostgreSQL", False, f"NOT RUN, none could be brought up:\n{failure}"))
    return _close(outcomes)


def _run(database: str, url: str, options: list[str], *, second: bool = False) -> Outcome:
    print(f"\n##### {database} #####", flush=True)
    with tempfile.TemporaryDirectory(prefix="shouhou-test-", ignore_cleanup_errors=True) as folder:
        report = Path(folder, "report.xml")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment |= {"DATABASE_URL": url, "SHOUHOU_TEST_FOLDER": folder}
        # What needs no database, or looks at a screen, ran on the first one.
        environment |= {"SHOUHOU_TEST_SECOND": "yes"} if second else {}
        # Two processes: more would only wait for each other where there are two cores, and each sets up a database.
        workers = ["-n", "auto", "--maxprocesses", "2"]
        command = [sys.executable, "-m", "pytest", *workers, f"--junit-xml={report}", *options]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if not report.exists():
            return Outcome(database, False, f"pytest ended with {code} before it wrote a report")
        return _outcome(database, code, ElementTree.parse(report).getroot())


def _outcome(database: str, code: int, report: ElementTree.Element) -> Outcome:
    suite = report if report.tag == "testsuite" else report[0]
    total, failures, errors, skipped = (int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped"))
    figures = (
        f"{total - failures - errors - skipped} passed, {failures} failed, {errors} errors, {skipped} skipped"
        f" in {float(suite.get('time', 0)):.0f} s"
    )
    reasons = Counter(element.get("message", "") for element in suite.iter("skipped"))
    return Outcome(database, code == 0, figures, reasons)


def _close(outcomes: list[Outcome]) -> int:
    print("\n" + "=" * 100)
    for outcome in outcomes:
        print(f"{outcome.database:<18} {'passed' if outcome.passed else 'FAILED':<8} {outcome.figures}")
        for reason, count in outcome.skipped.most_common():
            print(f"{'':<18} NOT TESTED: {count} × {reason}")
    print("=" * 100, flush=True)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
