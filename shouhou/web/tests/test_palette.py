"""The command palette in a real browser: without the mouse, in both languages, and on a telephone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shouhou.customers.actions import register_customer
from tests.cast import NOW, PASSWORD, Cast, Crew

pytestmark = pytest.mark.django_db(transaction=True)

FIELD = "#palette-input"
ACTIVE = ".palette [role=option][aria-selected=true]"


def sign_in(page: Page, user: str) -> None:
    page.goto("/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".rail")
    page.wait_for_load_state("load")  # the scripts listen


def open_palette(page: Page, text: str = "") -> None:
    page.keyboard.press("Control+k")
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type(text)


def test_a_customer_by_the_initials_of_his_name(page: Page, qd: Crew) -> None:
    found = register_customer(branch=qd.branch, name="单小刚", phone="13900000004", by=qd.clerk, at=NOW)
    sign_in(page, "clerk.qd")
    open_palette(page, "sxg")
    expect(page.locator(ACTIVE)).to_contain_text("单小刚")
    active = page.locator(ACTIVE).get_attribute("id")
    assert page.locator(FIELD).get_attribute("aria-activedescendant") == active
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{found.id}/")


def test_a_command_by_the_initials_of_its_name(page: Page, qd: Crew) -> None:
    sign_in(page, "clerk.qd")
    open_palette(page, "dj")
    page.wait_for_timeout(400)  # what the server finds comes later and must not take the choice away
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/register/" in url or "/intake/" in url)


def test_arrows_walk_round_and_escape_gives_the_focus_back(page: Page, qd: Crew) -> None:
    sign_in(page, "clerk.qd")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    open_palette(page)
    first = page.locator(ACTIVE).get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert page.locator(ACTIVE).get_attribute("id") != first
    page.keyboard.press("ArrowDown")
    assert page.locator(ACTIVE).get_attribute("id") == first
    page.keyboard.press("Escape")
    expect(page.locator(".palette[open]")).to_have_count(0)
    expect(page.locator("#find")).to_be_focused()


def test_an_act_of_the_page_is_done_from_the_palette(page: Page, qd: Crew) -> None:
    sign_in(page, "clerk.qd")
    open_palette(page)
    expect(page.locator(".palette [data-act]").first.locator("kbd")).to_have_text("N")
    page.keyboard.press("Enter")
    page.wait_for_url("**/intake/**")


def test_what_is_found_for_fewer_letters_cannot_be_opened_any_more(page: Page, qd: Crew) -> None:
    sign_in(page, "clerk.qd")
    open_palette(page, "王建华")
    expect(page.locator(ACTIVE)).to_contain_text("王建华")
    page.route("**/palette/found/**", lambda route: route.abort())
    page.keyboard.type("zzz")
    expect(page.locator(ACTIVE)).to_have_id("palette-all")


def test_in_english_with_the_theme_and_another_branch(open_page: Callable[..., Page], cast: Cast) -> None:
    page = open_page(locale="en-US")
    sign_in(page, "manager.hq")
    page.goto("/register/")
    open_palette(page, "theme: dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    here = page.locator("summary[aria-label^=Branch]").inner_text()
    other = "济南分公司" if "青岛" in here else "青岛分公司"
    open_palette(page, "jnfgs" if other.startswith("济") else "qdfgs")
    expect(page.locator(ACTIVE)).to_contain_text(other)
    page.keyboard.press("Enter")
    expect(page.locator("summary[aria-label^=Branch]")).to_contain_text(other)
    assert "/register/" in page.url


def test_on_a_telephone(phone: Page, qd: Crew) -> None:
    order = qd.receive()
    sign_in(phone, "clerk.qd")
    phone.locator(".top details.menu summary").last.tap()
    phone.locator("[data-palette]").tap()
    expect(phone.locator(FIELD)).to_be_focused()
    box: Any = phone.locator(".palette").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    phone.keyboard.type(order.number)
    phone.locator(".palette-hit").first.tap()
    phone.wait_for_url(f"**/orders/{order.id}/")


def test_results_are_walked_with_the_arrows(page: Page, qd: Crew) -> None:
    order = qd.receive()
    sign_in(page, "clerk.qd")
    page.keyboard.press("/")
    page.keyboard.type("wjh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    expect(page.locator("[data-list-item]").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"a[href='/customers/{qd.customer.id}/']")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{order.id}/")
