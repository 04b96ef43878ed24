"""What all tests share: no network but loopback, a browser where there is one, records kept beside the checkout."""

from collections import Counter

import pytest
from _pytest.terminal import TerminalReporter

pytest_plugins = ["tests.network", "tests.flush", "tests.browser", "tests.records"]


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say loudly what was not tested, and why."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count} × {reason}", red=True)
