"""What all tests share: no network but loopback, a browser where there is one, records kept beside the checkout."""

from collections import Counter

import hypothesis
import pytest

pytest_plugins = ["tests.network", "tests.flush", "tests.browser", "tests.records", "tests.cast"]

# A time limit per example would fail on a busy machine, not on a slow program.
hypothesis.settings.register_profile("shouhou", parent=hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("shouhou")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested, and why."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count} × {reason}", red=True)
