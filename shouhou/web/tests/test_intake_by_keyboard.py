"""A call is taken in a real browser without the mouse: typed, chosen by arrows, entered by Ctrl + Enter."""

import pytest
from playwright.sync_api import Page, expect

from shouhou.workorders.models import WorkOrder
from tests.cast import PASSWORD, Crew

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page: Page, crew: Crew) -> None:
    page.goto("/")
    page.fill("input[name=login]", f"clerk.{crew.branch.code.lower()}")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".rail")


def test_a_known_caller_without_the_mouse(page: Page, qd: Crew) -> None:
    sign_in(page, qd)
    page.keyboard.press("n")
    expect(page.locator("#id_caller")).to_be_focused()
    page.keyboard.type("2071")
    expect(page.locator("#matches a").first).to_contain_text(qd.customer.name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#who input[type=radio]").first).to_be_focused()
    page.keyboard.press("Space")
    page.locator("#id_fault").focus()
    page.keyboard.type("开机十分钟停机")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/orders/**")
    assert WorkOrder.objects.get().fault == "开机十分钟停机"


def test_a_new_caller_keeps_what_was_typed_when_something_is_missing(page: Page, qd: Crew) -> None:
    sign_in(page, qd)
    page.goto("/intake/")
    page.fill("#id_fault", "漏水")
    page.locator("#id_caller").focus()
    page.keyboard.type("赵新生")
    expect(page.locator("#matches a")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#id_phone")).to_be_focused()
    expect(page.locator("#id_fault")).to_have_value("漏水")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_phone_error")).to_be_visible()
    expect(page.locator("#id_phone")).to_be_focused()
    expect(page.locator("#id_name")).to_have_value("赵新生")
    expect(page.locator("#id_fault")).to_have_value("漏水")
    assert not WorkOrder.objects.exists()
