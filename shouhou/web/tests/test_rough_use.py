"""In a browser, what people do to a page: two tabs, the way back, impatience on a slow connection."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from shouhou.web.tests.bad_words import TEXTS
from shouhou.web.tests.conftest import Open
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OrderStatus
from tests.cast import PASSWORD, Crew

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = 3000  # milliseconds until the server hears of it
PATIENCE = 20_000
ENTER = "form[data-intake] button[type=submit]:not([formaction])"


def begin(page: Page, crew: Crew, fault: str) -> None:
    """A call of the known customer, all but entered."""
    page.goto(reverse("intake", query={"customer": crew.customer.id, "asset": crew.unit.id}))
    page.fill("#id_fault", fault)
    page.locator('label:has(input[name="work_class"][value="C"])').click()


def enter(page: Page) -> None:
    page.locator(ENTER).first.click()
    page.wait_for_url("**/orders/*/", timeout=PATIENCE)


def slowly(page: Page) -> Callable[[Route], None]:
    def wait(route: Route) -> None:
        if route.request.method == "POST":
            page.wait_for_timeout(SLOW)
        route.continue_()

    return wait


def faults() -> list[str]:
    return sorted(WorkOrder.objects.values_list("fault", flat=True))


def test_two_tabs_take_two_calls_and_do_not_mix_them(qd: Crew, open_as: Open) -> None:
    first = open_as(qd.clerk)
    second = first.context.new_page()
    begin(first, qd, "不制冷")
    begin(second, qd, "漏水")
    first.reload()
    expect(first.locator("#id_fault")).to_have_value("不制冷")
    enter(second)
    enter(first)
    assert faults() == sorted(["不制冷", "漏水"])


def test_a_tab_that_is_behind_is_told_and_changes_nothing(qd: Crew, open_as: Open) -> None:
    life = qd.order("received")
    first = open_as(qd.clerk)
    second = first.context.new_page()
    for page, act in ((first, "hold"), (second, "cancel")):
        page.goto(reverse("order", args=[life.id]))
        page.locator(f"details.act:has(#reason-{act}) summary").click()
        page.fill(f"#reason-{act}", f"等压缩机 {act}")
    first.locator("details.act:has(#reason-hold) button.btn-primary").click()
    expect(first.locator("#toasts")).to_contain_text("on hold", timeout=PATIENCE)
    second.locator("details.act:has(#reason-cancel) form button").last.click()
    expect(second.locator(".order-notice").first).to_contain_text("Meanwhile", timeout=PATIENCE)
    expect(second.locator("#reason-cancel")).to_have_value("等压缩机 cancel")
    assert life.order.status == OrderStatus.ON_HOLD


def test_the_way_back_after_entering_a_call_enters_no_second_one(qd: Crew, open_as: Open) -> None:
    page = open_as(qd.clerk)
    begin(page, qd, "不制冷")
    enter(page)
    order = page.url
    page.go_back()
    expect(page.locator("#id_fault")).to_be_visible(timeout=PATIENCE)
    # The browser may show the form as it was left, or the page anew; whoever writes it again has a new call.
    if page.locator("#id_fault").input_value() == "不制冷":
        enter(page)
        assert page.url == order
        expect(page.locator("#toasts")).to_contain_text("done once")
    assert faults() == ["不制冷"]


@pytest.mark.parametrize("impatience", ["double click", "key"])
def test_impatience_on_a_slow_connection_enters_one_call(qd: Crew, open_as: Open, impatience: str) -> None:
    page = open_as(qd.clerk)
    begin(page, qd, "不制冷")
    page.route("**/intake/**", slowly(page))
    if impatience == "key":
        for _ in range(3):
            page.locator("#id_fault").press("Control+Enter")
    else:
        page.locator(ENTER).first.dblclick()
    expect(page.locator(f"{ENTER}[data-busy]").first).to_be_visible()
    page.wait_for_url("**/orders/*/", timeout=PATIENCE)
    assert faults() == ["不制冷"]


def test_the_session_ends_in_the_middle_of_a_new_callers_words(qd: Crew, open_as: Open) -> None:
    """Everything typed of him comes back, emoji and direction marks to the letter; and it is entered once."""
    page, words = open_as(qd.clerk), str(TEXTS["emoji and marks on marks"])
    page.goto(reverse("intake", query={"caller": "13900001234", "new": "1"}))
    page.fill("#id_name", words)
    page.fill("#id_address", str(TEXTS["right to left"]))
    page.fill("#id_fault", words)
    Session.objects.all().delete()
    page.locator(ENTER).first.click()
    page.wait_for_url("**/accounts/login/**", timeout=PATIENCE)
    assert qd.clerk.user
    page.fill("[name=login]", qd.clerk.user.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url("**/intake/**", timeout=PATIENCE)
    expect(page.locator("#id_name")).to_have_value(words, timeout=PATIENCE)
    expect(page.locator("#id_address")).to_have_value(str(TEXTS["right to left"]))
    expect(page.locator("#id_fault")).to_have_value(words)
    assert not faults()
