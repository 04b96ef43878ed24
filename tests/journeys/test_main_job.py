"""The whole main job in a real browser: from the repair call to the filed voucher and the line struck off.

Each person has a session of his own and signs in at the door; at a desk and on a telephone, in Chinese and in English, in
the light and in the dark.
SHOUHOU_SCREENSHOTS names a folder for pictures of every step.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from shouhou.access.actors import Actor
from shouhou.audit.queries import find_faults_of
from shouhou.workorders.models import Voucher, VoucherEntry, WorkOrder
from shouhou.workorders.rules import OrderStatus, VoucherState
from tests.cast import Cast, Crew
from tests.journeys.people import PATIENCE, Enter, Person, Seat

pytestmark = pytest.mark.django_db(transaction=True)
FAULT = "开机十分钟停机，显示 E4"
REASON = "外壳摔裂，不属保修"
DONE = "更换压缩机电容 1 件，试机 30 分钟正常"


OTHERS = (Seat(phone=True, theme="dark"), Seat(language="en", theme="dark"), Seat(phone=True, language="en"))
# What the second database is asked is the same from every seat.
SEATS = (Seat(), *(pytest.param(one, marks=pytest.mark.one_database) for one in OTHERS))


@pytest.fixture(params=SEATS, ids=str)
def enter(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Iterator[Enter]:
    """`enter(qd.clerk)`: he sits down, or takes out his telephone, and signs in."""
    people: list[Person] = []

    def come_in(actor: Actor) -> Person:
        people.append(Person(request.param.open(open_page), actor, seat=request.param))
        return people[-1]

    yield come_in
    assert not [complaint for one in people for complaint in one.complaints]


def test_from_the_call_to_the_filed_voucher(cast: Cast, enter: Enter) -> None:
    qd = cast.qd
    clerk, supervisor, technician = enter(qd.clerk), enter(qd.supervisor), enter(qd.technician_actor)
    number = take_the_call(clerk, qd)
    dispatch(supervisor, qd, number)
    go_there(technician)
    repair(technician, cast)
    have_it_signed(technician)
    file_and_strike_off(clerk, number)

    order = WorkOrder.objects.get(number=number)
    voucher, entry = Voucher.objects.get(asset_id=order.asset_id), VoucherEntry.objects.get(work_order=order)
    assert (order.status, voucher.state) == (OrderStatus.STRUCK_OFF, VoucherState.FILED)
    assert (entry.signer_name, entry.work_done, str(entry.charge)) == (qd.customer.name, DONE, "77.00")
    assert len(entry.strokes) == 2
    assert not find_faults_of(branch_id=order.branch_id, chain_id=order.id)


def take_the_call(clerk: Person, qd: Crew) -> str:
    page = clerk.page
    clerk.press('.top a[href="/intake/"]')
    page.locator("#id_caller").press_sequentially("2071", delay=20)
    expect(page.locator("#matches a").first).to_contain_text(qd.customer.name, timeout=PATIENCE)
    clerk.shot("01-intake-found")
    clerk.press("#matches a")
    clerk.press(page.locator("label.unit", has_text="SN-KFR-35GW"))
    page.fill("#id_fault", FAULT)
    clerk.press('label:has(input[name="work_class"][value="A"])')
    page.fill("#id_class_reason", REASON)
    clerk.shot("02-intake-filled")
    if clerk.phone:
        clerk.press("form[data-intake] button[type=submit]:not([formaction])")
    else:
        page.locator("#id_fault").press("Control+Enter")
    page.wait_for_url("**/orders/*/")
    clerk.shows(FAULT)
    clerk.shot("03-order-received")
    return page.locator("h1").inner_text().strip()


def dispatch(supervisor: Person, qd: Crew, number: str) -> None:
    page = supervisor.page
    supervisor.go("/dispatch/")
    supervisor.shot("04-queue")
    if supervisor.phone:
        supervisor.press(".call")
    expect(page.locator("#call-detail")).to_contain_text(number, timeout=PATIENCE)
    supervisor.shot("05-candidates")
    one = page.locator(f'input[name="pick"][value="{qd.technician.id}|"]')
    if supervisor.phone:
        supervisor.press(page.locator("label", has=one))
        supervisor.press(".board-send")
    else:  # without the mouse: into the queue, across to the technicians, to the one, and send
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        while not one.evaluate("one => one === document.activeElement"):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    expect(page.locator(".dispatch-out")).to_contain_text(number, timeout=PATIENCE)
    supervisor.shows(supervisor.says("Nothing waits to be dispatched."))
    supervisor.shot("06-dispatched")


def go_there(technician: Person) -> None:
    page = technician.page
    technician.go("/visits/")
    technician.shows(FAULT)
    technician.shot("07-day")
    for act, next_act in (("acceptance", "departure"), ("departure", "arrival")):
        technician.press(f'form[action$="/{act}/"] button')
        page.locator(f'form[action$="/{next_act}/"] button').first.wait_for()
    technician.press('form[action$="/phone/"] button')
    assert page.locator('a[href^="tel:+86138"]').inner_text() == "13812342071"
    technician.shot("08-on-the-way")
    technician.press('form[action$="/arrival/"] button')
    page.wait_for_url("**/visits/*-*/")


def repair(technician: Person, cast: Cast) -> None:
    page = technician.page
    # What is typed into the voucher survives that a part is written down meanwhile.
    page.fill("[name=fault_found]", "压缩机电容老化")
    technician.press("#lines summary")
    page.locator("#id_q").press_sequentially("电容", delay=20)
    expect(page.locator("#parts")).to_contain_text(cast.capacitor.number, timeout=PATIENCE)
    page.fill("[name=quantity]", "2")
    technician.shot("09-part")
    technician.press('form[action$="/lines/"] button:has-text("")')
    expect(page.locator("#lines .line-amount")).to_have_text("¥77.00", timeout=PATIENCE)
    for point in page.locator(".check-answers").all():
        technician.press(point.locator("label").first)
    page.fill("[name=work_done]", DONE)
    technician.shot("10-checklist")
    technician.press('button[form="completion-form"]')
    page.wait_for_url("**/signature/")


def have_it_signed(technician: Person) -> None:
    page = technician.page
    technician.shows(DONE)
    technician.shows("¥77.00")
    technician.shot("11-what-is-signed")
    technician.press('button[form="sign-form"]')
    expect(page.locator("[data-pad-error]")).to_be_visible()  # no ink, no seal
    technician.draw()
    technician.shot("12-signature")
    technician.press('button[form="sign-form"]')
    page.locator(".sign-picture").wait_for()
    page.evaluate("scrollTo(0, 0)")
    technician.shot("13-sealed")
    technician.press('form[action$="/field-hand-in/"] button')
    page.wait_for_url("**/visits/")
    technician.shows(technician.says("No visits at the moment."))


def file_and_strike_off(clerk: Person, number: str) -> None:
    page = clerk.page
    page.reload()
    clerk.press('form[action$="/voucher/filing/"] button')
    page.locator('form[action$="/strike-off/"] button').first.wait_for()
    clerk.shot("14-filed")
    clerk.press('form[action$="/strike-off/"] button')
    expect(page.locator('form[action$="/strike-off/"]')).to_have_count(0, timeout=PATIENCE)
    clerk.shot("15-struck-off")
    clerk.go("/register/")
    expect(page.locator("tr.struck", has_text=number)).to_be_visible(timeout=PATIENCE)
    clerk.shot("16-register")
