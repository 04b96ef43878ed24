"""Pictures of every screen, from the demonstration company: `python -m tools.screens [--only NAME …]` writes docs/screens/.

Each screen once on a desk (Chinese, light) and once on a telephone (English, dark). The list is read off the addresses of
the product, so that no screen is forgotten. Needs Chromium.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.screens import named_addresses
from bench.servers import Site, run, serving, site_on_sqlite, wait_for
from tests.browser import ARGUMENTS, DESKTOP, PHONE, executable

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
PASSWORD = "a password for pictures"  # noqa: S105 - of a company that lives for a minute
COLOURS = 160
USUAL = ("technician", "administrator", "clerk", "supervisor")
OFFICE = (
    "administration",
    "branch",
    "user",
    "technician",
    "token",
    "number_series",
    "catalogue_",
    "styleguide",
    "home",
)
PERSONAL = ("home",)  # looks different for each role
# Signing in again and again, and what only follows from a button.
PASSED_OVER = {"account_logout", "account_inactive", "socialaccount_login_cancelled", "socialaccount_connections"}
PIECES = ("intake_", "palette")
# What a technician opens on his telephone; the rest he may see as well, but others live in it.
FIELD = {"home", "technician_day", "visit", "sign", "scan"}


def take(site: Site, only: set[str]) -> Iterator[str]:
    """Load the company, sign everyone in, take the pictures; the names of the files."""
    for step in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"]):
        run(site, "-m", "django", *step)
    run(site, "-m", "tools.screens", "--load")
    asked = json.loads(run(site, "-m", "tools.screens", "--list"))
    with (
        serving(site, workers=1, threads=4, application="tools.daytime:application") as server,
        sync_playwright() as play,
    ):
        wait_for(server.port, path="/accounts/login/")
        browser = play.chromium.launch(executable_path=executable(play), args=ARGUMENTS)
        seen: set[str] = set()
        for role, username in asked["people"].items():
            desk, phone = (_sign_in(browser, server.port, username, phone=phone) for phone in (False, True))
            for name, path in asked["addresses"].items():
                slug = f"{name}-{role}" if name in PERSONAL else name
                if slug in seen or (only and slug not in only and name not in only) or not _works_on(role, name):
                    continue
                if not _is_page(desk, path):
                    continue
                seen.add(slug)
                yield _shoot(desk, path, FOLDER / f"{slug}.png")
                yield _shoot(phone, path, FOLDER / f"{slug}-phone.png")
            desk.context.close()
            phone.context.close()
        browser.close()


def _works_on(role: str, name: str) -> bool:
    """Whether this is a screen on its own, and one that this role works on."""
    if name in PASSED_OVER or name.startswith(PIECES):
        return False
    if role == "technician":
        return name in FIELD
    return name.startswith(OFFICE) if role == "administrator" else True


def _sign_in(browser: Browser, port: int, username: str, *, phone: bool) -> Page:
    language = "en" if phone else "zh-hans"
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{port}",
        viewport=PHONE if phone else DESKTOP,
        is_mobile=phone,
        has_touch=phone,
        color_scheme="dark" if phone else "light",
        timezone_id="Asia/Shanghai",
        locale="en-GB" if phone else "zh-CN",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": f"http://127.0.0.1:{port}"}])
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    skip = page.locator("[data-tour-skip]")
    if skip.count():
        skip.click()
        page.wait_for_timeout(500)
    return page


def _is_page(page: Page, path: str) -> bool:
    answer = page.context.request.get(path, fail_on_status_code=False, max_redirects=0)
    return (
        answer.ok and "<title>" in answer.text()[:2000]
        if "text/html" in answer.headers.get("content-type", "")
        else False
    )


def _shoot(page: Page, path: str, file: Path) -> str:
    page.goto(path, wait_until="load")
    page.wait_for_timeout(250)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    # The screens have few colours; a palette makes the picture a third as large and looks the same.
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return f"{file.name}{f'  ({over} px too wide)' if over > 0 else ''}"


def load() -> None:
    """The demonstration company, until this afternoon."""
    from django.utils import timezone

    from shouhou.cli.demo.command import load as load_demo
    from tools.daytime import ZONE, now

    load_demo(size="s", seed=1, end_date=timezone.make_naive(now(), ZONE), password=PASSWORD)


def listed() -> dict[str, Any]:
    """One person of each role, and the address of every page with something worth seeing on it."""
    from django.db.models import Count

    from shouhou.access.models import Branch, RoleAssignment
    from shouhou.workorders.models import Visit, WorkOrder

    branches = WorkOrder.objects.filter(closed_at=None).values("branch").annotate(still_open=Count("id"))
    own = WorkOrder.objects.filter(branch=branches.order_by("-still_open", "branch")[0]["branch"]).order_by(
        "-received_at"
    )
    told = own.filter(status="struck_off", visit_count__gt=1).first() or own.filter(status="struck_off")[0]
    waiting = own.filter(status="received").order_by("received_at").first()
    visits = Visit.objects.filter(branch_id=told.branch_id).order_by("-dispatched_at")
    visit = visits.filter(status="on_site").first() or visits[0]
    people: dict[str, str] = {}
    for one in RoleAssignment.objects.select_related("user", "branch").order_by("id"):
        if one.branch_id == told.branch_id or one.branch.kind != Branch.Kind.BRANCH:
            people.setdefault(one.role, one.user.username)
    people["technician"] = visit.technician.user.username
    # A screen that several see is shown as the one sees it who works on it most.
    people = {role: people[role] for role in [*USUAL, *people.keys() - set(USUAL)] if role in people}
    addresses, _unknown = named_addresses(
        {
            "order_id": told.id,
            "visit_id": visit.id,
            "customer_id": told.customer_id,
            "asset_id": told.asset_id,
            "technician_id": visit.technician_id,
            "user_id": visit.technician.user_id,
            "branch_id": told.branch_id,
            "product_class_id": told.asset.product_model.product_class_id,
            "model_id": told.asset.product_model_id,
            "day": told.received_on,
        }
    )
    addresses |= {
        "search-results": f"{addresses['search']}?q={told.customer.name[:2]}",
        "intake-known": f"{addresses['intake']}?customer={told.customer_id}&asset={told.asset_id}",
    }
    if waiting:
        addresses["dispatch-call"] = f"{addresses['dispatch_queue']}?order={waiting.id}"
        addresses["order-new"] = addresses["order"].replace(str(told.id), str(waiting.id))
    return {"people": people, "addresses": addresses}


def main() -> None:
    """What the command line says."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="*", default=[], help="names of screens")
    options.add_argument("--load", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--list", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.load or chosen.list:
        import django

        django.setup()
        load() if chosen.load else print(json.dumps(listed(), default=str))
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shouhou-screens-") as folder:
        for name in take(site_on_sqlite(Path(folder)), set(chosen.only)):
            print(name)


if __name__ == "__main__":
    main()
