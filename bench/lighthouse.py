"""(e) Lighthouse on the main screens, against a local Chromium; needs Node. What is loaded the first time is counted, too."""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.reading import Reader
from bench.servers import Site, run, serving, wait_for
from bench.tables import table
from tests.browser import NAMES

VERSION = "13"
CATEGORIES = ("performance", "accessibility", "best-practices")
SCREENS = {
    # screen: role, url name, on a telephone
    "start page": ("clerk", "home", False),
    "register": ("clerk", "register", False),
    "intake": ("clerk", "intake", False),
    "work order": ("clerk", "order", False),
    "dispatch desk": ("supervisor", "dispatch_queue", False),
    "technician's day": ("technician", "technician_day", True),
    "visit": ("technician", "visit", True),
}


@dataclass(frozen=True)
class Finding:
    """What Lighthouse says of one screen: points of a hundred, bytes over the wire, and what it would mend."""

    screen: str
    phone: bool
    points: dict[str, int]
    size: int
    faults: list[str]


def measure(site: Site, *, orders: int) -> tuple[str, list[Finding]]:
    """The version of Lighthouse and what it finds. Raises FileNotFoundError where there is no Node or no Chromium."""
    chromium = next((path for name in NAMES if (path := shutil.which(name))), "")
    if not chromium or not shutil.which("npx"):
        raise FileNotFoundError("Lighthouse needs npx (Node) and Chromium")
    run(site, "-m", "django", "migrate", "--verbosity", "0")
    run(site, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0")
    run(site, "-m", "bench.filling", str(orders))
    addresses = json.loads(run(site, "-m", "bench.screens"))["addresses"]
    found: list[Finding] = []
    version = ""
    with serving(site, workers=1, threads=1) as server:
        wait_for(server.port, path="/accounts/login/")
        for screen, (role, name, phone) in SCREENS.items():
            reader = Reader(server, login=f"{role}0")
            cookies = "; ".join(f"{key}={value}" for key, value in reader.cookies.items())
            report = _ask(f"http://127.0.0.1:{server.port}{addresses[name]}", cookies, phone=phone, chromium=chromium)
            version = report["lighthouseVersion"]
            found.append(_read(screen, report, phone=phone))
    return version, found


def _ask(url: str, cookies: str, *, phone: bool, chromium: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="shouhou-lighthouse-") as folder:
        headers, report = Path(folder, "headers.json"), Path(folder, "report.json")
        headers.write_text(json.dumps({"Cookie": cookies}), encoding="utf-8")
        command = ["npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}"]
        command += [
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            *([] if phone else ["--preset=desktop"]),
        ]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium}, stdout=subprocess.DEVNULL)
        answer: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    if error := answer.get("runtimeError"):
        raise RuntimeError(error["message"])
    return answer


def _read(screen: str, report: dict[str, Any], *, phone: bool) -> Finding:
    points = {name: round((report["categories"][name]["score"] or 0) * 100) for name in CATEGORIES}
    counted = {one["id"] for name in CATEGORIES for one in report["categories"][name]["auditRefs"] if one["weight"]}
    audits = report["audits"]
    faults = [
        f"{name} {audits[name].get('displayValue', '')}".strip()
        for name in sorted(counted)
        if (score := audits[name]["score"]) is not None and score < 0.9
    ]
    return Finding(screen, phone, points, round(audits["total-byte-weight"]["numericValue"]), faults)


def show(version: str, found: list[Finding]) -> str:
    """One row for each screen."""
    rows = [
        [
            one.screen,
            "telephone" if one.phone else "desk",
            *(one.points[name] for name in CATEGORIES),
            f"{one.size / 1000:.0f}",
        ]
        for one in found
    ]
    faults = [f"- {one.screen}: {fault}" for one in found for fault in one.faults]
    told = "\n\n" + "\n".join(faults) if faults else ""
    return f"Lighthouse {version}\n\n{table(['screen', 'on', *CATEGORIES, 'kB first load'], rows)}{told}\n"
