"""What all tests share: no network but loopback, a browser where there is one, records kept beside the checkout."""

import os
from collections import Counter

import hypothesis
import pytest

pytest_plugins = ["tests.network", "tests.flush", "tests.browser", "tests.records", "tests.cast"]

# A time limit per example would fail on a busy machine, not on a slow program.
hypothesis.settings.register_profile("shouhou", parent=hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("shouhou")

ASKED_OF_BOTH = {"test_wall.py", "test_register.py", "test_register_filter.py", "test_search.py", "test_seen.py"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the second database only what the database has a part in: rules and looks are the same on both."""
    if not os.environ.get("SHOUHOU_TEST_SECOND"):
        return
    seen = [item for item in items if not _touches_the_database(item)]
    config.hook.pytest_deselected(items=seen)
    items[:] = [item for item in items if _touches_the_database(item)]


def _touches_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    stored = item.get_closest_marker("django_db") is not None or bool(fixtures & {"db", "transactional_db"})
    if item.get_closest_marker("one_database"):
        return False
    # Of the pages those that search and narrow, and the wall, which asks each of them: their acts are tried below them.
    if "shouhou/web/tests/" in item.nodeid and item.path.name not in ASKED_OF_BOTH:
        return False
    # Of what is done in a browser the main job alone: it goes through all acts.
    return stored and ("launch" not in fixtures or "test_main_job" in item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested, and why."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count} × {reason}", red=True)
