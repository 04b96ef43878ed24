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


class Keyboard:
    """The keyboard, counting what is pressed. A character typed is one key, a chord is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.pressed += len(keys)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)


def test_a_known_caller_with_a_wished_time_takes_18_keys_and_no_mouse(page: Page, qd: Crew) -> None:
    sign_in(page, qd)
    keys = Keyboard(page)
    keys.press("n")
    expect(page.locator("#id_caller")).to_be_focused()
    keys.type("2071")
    expect(page.locator("#matches a").first).to_contain_text(qd.customer.name)
    keys.press("ArrowDown", "Enter")
    expect(page.locator("#who input[type=radio]").first).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#id_fault")).to_be_focused()
    # The times belong to the unit: they are there before the fault is written down.
    expect(page.locator("#slots input[type=radio]")).not_to_have_count(0)
    keys.type("开机十分钟停机")
    keys.press("Tab", "ArrowRight", "Control+Enter")
    page.wait_for_url("**/orders/**")
    order = WorkOrder.objects.get()
    assert (order.fault, order.customer_id) == ("开机十分钟停机", qd.customer.id)
    assert order.wished_start
    assert keys.pressed == 18


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
