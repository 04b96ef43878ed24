"""The whole main job without a mouse: from the repair call to the line struck off, and at every step one sees where one is.

The customer's signature is the one thing a keyboard cannot give: he signs on paper, and the visit is closed with that word.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from shouhou.access.actors import Actor
from shouhou.workorders.models import VoucherEntry, WorkOrder
from shouhou.workorders.rules import OrderStatus
from tests.cast import PASSWORD, Cast, Crew
from tests.journeys.people import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 150  # presses of the Tab key: what is further away is not reached in practice
FAULT, PAPER = "开机十分钟停机，显示 E4", "客户在纸质凭证上签字"

# What shows the focus: something of the element, or of what it stands in, looks different without it.
SHOWS_FOCUS = """() => {
  const one = document.activeElement;
  const look = () => {
    const seen = [];
    for (let at = one, up = 0; at && up < 4; at = at.parentElement, up++) {
      const style = getComputedStyle(at);
      const outline = style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
      seen.push(outline, style.boxShadow, style.borderColor, style.backgroundColor);
    }
    return seen.join();
  };
  const focused = look();
  one.blur();
  const plain = look();
  one.focus({ preventScroll: true, focusVisible: true });
  return focused !== plain;
}"""


class Keyboard:
    """Somebody without a mouse. He signs in, and looks for the focus wherever he goes."""

    def __init__(self, page: Page, actor: Actor) -> None:
        assert actor.user
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.goto("/accounts/login/")
        expect(page.locator("#id_login")).to_be_focused(timeout=PATIENCE)
        self.type(actor.user.username)
        self.press("Tab")
        self.type(PASSWORD)
        self.press("Enter")
        expect(page.locator(".rail")).to_be_visible(timeout=PATIENCE)
        page.wait_for_load_state()  # before that no script listens to the keys

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, what: str) -> Locator:
        """With the Tab key alone, from wherever the focus is."""
        target = self.page.locator(what)
        expect(target.first).to_be_attached(timeout=PATIENCE)
        for _ in range(FAR):
            if self.page.evaluate("what => !!document.activeElement?.matches(what)", what):
                self.sees_the_focus(what)
                return target
            self.press("Tab")
        raise AssertionError(f"{what} cannot be reached with the Tab key")

    def sees_the_focus(self, where: str) -> None:
        assert self.page.evaluate(SHOWS_FOCUS), f"the focus cannot be seen on {where}"

    def enter(self, what: str) -> None:
        self.tab_to(what)
        self.press("Enter")

    def choose(self, name: str, value: str) -> None:
        """One radio button of a group: into the group, then with the arrows."""
        self.tab_to(f'input[name="{name}"]')
        wanted = self.page.locator(f'input[name="{name}"][value="{value}"]')
        self.press("Space")
        for _ in range(wanted.page.locator(f'input[name="{name}"]').count()):
            if wanted.is_checked():
                break
            self.press("ArrowRight")
        expect(wanted).to_be_checked(timeout=PATIENCE)
        self.sees_the_focus(name)


def test_the_main_job_without_a_mouse(cast: Cast, open_page: Callable[..., Page]) -> None:
    qd = cast.qd
    clerk = Keyboard(open_page(), qd.clerk)
    take_the_call(clerk, qd)
    order = WorkOrder.objects.get()
    dispatch(Keyboard(open_page(), qd.supervisor), qd, order.number)
    repair(Keyboard(open_page(), qd.technician_actor))
    file_and_strike_off(clerk, order)
    assert WorkOrder.objects.get().status == OrderStatus.STRUCK_OFF
    assert VoucherEntry.objects.get().unsigned_reason == PAPER


def take_the_call(clerk: Keyboard, qd: Crew) -> None:
    page = clerk.page
    clerk.press("n")
    expect(page.locator("#id_caller")).to_be_focused(timeout=PATIENCE)
    clerk.sees_the_focus("the caller")
    clerk.type("2071")
    expect(page.locator("#matches a").first).to_contain_text(qd.customer.name, timeout=PATIENCE)
    clerk.press("ArrowDown", "Enter")
    expect(page.locator("#who input[type=radio]").first).to_be_focused(timeout=PATIENCE)
    clerk.sees_the_focus("the unit")
    clerk.press("Enter")
    expect(page.locator("#id_fault")).to_be_focused(timeout=PATIENCE)
    clerk.sees_the_focus("the fault")
    clerk.type(FAULT)
    clerk.choose("work_class", "A")
    clerk.tab_to("#id_class_reason")
    clerk.type("外壳摔裂，不属保修")
    clerk.press("Control+Enter")
    page.wait_for_url("**/orders/*/")


def dispatch(supervisor: Keyboard, qd: Crew, number: str) -> None:
    page = supervisor.page
    supervisor.enter('.rail-link[href="/dispatch/"]')
    page.wait_for_url("**/dispatch/**")
    expect(page.locator("#call-detail")).to_contain_text(number, timeout=PATIENCE)
    supervisor.press("ArrowDown")
    expect(page.locator(".call").first).to_be_focused(timeout=PATIENCE)
    supervisor.sees_the_focus("the queue")
    supervisor.press("ArrowRight")
    one = page.locator(f'input[name="pick"][value="{qd.technician.id}|"]')
    for _ in range(page.locator("[data-board] tbody tr").count()):
        if one.evaluate("one => one === document.activeElement"):
            break
        supervisor.press("ArrowDown")
    expect(one).to_be_focused(timeout=PATIENCE)
    supervisor.sees_the_focus("the board")
    supervisor.press("Enter")
    expect(page.locator(".dispatch-out")).to_contain_text(number, timeout=PATIENCE)


def repair(technician: Keyboard) -> None:
    page = technician.page
    technician.enter('.rail-link[href="/visits/"]')
    for act in ("acceptance", "departure", "arrival"):
        technician.enter(f'form[action$="/{act}/"] button')
    page.wait_for_url("**/visits/*-*/")
    for name in page.locator(".check-answers input").evaluate_all("all => [...new Set(all.map(one => one.name))]"):
        technician.choose(name, "ok")
    technician.tab_to("[name=fault_found]")
    technician.type("压缩机电容老化")
    technician.tab_to("[name=work_done]")
    technician.type("更换压缩机电容")
    technician.enter('button[form="completion-form"]')
    page.wait_for_url("**/signature/")
    technician.enter('a[href="?ask=unsigned"]')
    technician.tab_to("dialog[open] [name=reason]")
    technician.type(PAPER)
    technician.enter("dialog[open] .btn-danger")
    technician.enter('form[action$="/field-hand-in/"] button')
    page.wait_for_url("**/visits/")


def file_and_strike_off(clerk: Keyboard, order: WorkOrder) -> None:
    page = clerk.page
    clerk.enter('.rail-link[href="/register/"]')
    page.wait_for_url("**/register/**")
    clerk.enter(f'a.row-link[href="/orders/{order.id}/"]')
    page.wait_for_url(f"**/orders/{order.id}/")
    clerk.enter('#order-open form[action$="/voucher/filing/"] button, form[action$="/voucher/filing/"] button')
    expect(page.locator('form[action$="/strike-off/"]').first).to_be_attached(timeout=PATIENCE)
    clerk.enter('form[action$="/strike-off/"] button')
    expect(page.locator('form[action$="/strike-off/"]')).to_have_count(0, timeout=PATIENCE)
