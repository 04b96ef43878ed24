"""In a browser: nothing typed is lost, whatever happens between typing and the answer of the server."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from shouhou.access.actors import Actor
from shouhou.web.tests.conftest import Open, SignIn
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OrderStatus
from tests.cast import PASSWORD, Crew, Life, unchanged

REASON = "等压缩机 <b>😀\u202eRTL"


def begin_to_hold(page: Page, life: Life, text: str = REASON) -> None:
    page.goto(reverse("order", args=[life.id]))
    page.locator("details.act:has(#reason-hold) summary").click()
    page.fill("#reason-hold", text)


def press(page: Page) -> None:
    page.locator("details.act:has(#reason-hold) button.btn-primary").click()


def sign_in(page: Page, actor: Actor) -> None:
    assert actor.user
    page.fill("[name=login]", actor.user.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()


@pytest.mark.django_db(transaction=True)
def test_the_session_ends_and_the_form_is_there_after_signing_in(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    Session.objects.all().delete()
    with unchanged():
        press(page)
        page.wait_for_url("**/accounts/login/**")
    sign_in(page, qd.clerk)
    page.wait_for_url(f"**{reverse('order', args=[life.id])}")
    expect(page.locator("#reason-hold")).to_have_value(REASON)
    expect(page.locator("#reason-hold")).to_be_visible()
    expect(page.locator(".draft-back")).to_be_visible()
    assert life.order.status == OrderStatus.RECEIVED  # the act was not repeated by itself
    press(page)
    expect(page.locator("#toasts")).to_contain_text("on hold")
    assert life.order.status == OrderStatus.ON_HOLD
    page.reload()
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length") == 0


@pytest.mark.django_db(transaction=True)
def test_another_user_does_not_get_it(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    Session.objects.all().delete()
    press(page)
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, qd.supervisor)
    page.wait_for_url(f"**{reverse('order', args=[life.id])}")
    expect(page.locator("#reason-hold")).to_have_value("")


@pytest.mark.django_db(transaction=True)
def test_loading_again_keeps_what_was_typed_and_signing_out_forgets_it(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    page.reload()
    expect(page.locator("#reason-hold")).to_have_value(REASON)
    page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    page.wait_for_url("**/accounts/**")
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.django_db(transaction=True)
def test_it_can_be_discarded(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    page.reload()
    page.locator("[data-draft-drop]").click()
    expect(page.locator(".draft-back")).to_have_count(0)
    expect(page.locator("#reason-hold")).to_have_value("")


@pytest.mark.django_db(transaction=True)
def test_another_tab_knows_nothing_of_it(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    page.reload()
    other = page.context.new_page()
    other.goto(reverse("order", args=[life.id]))
    expect(other.locator("#reason-hold")).to_have_value("")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("breaks", ["before", "after"])
def test_a_connection_that_breaks_leaves_the_page_and_the_act_is_done_once(
    qd: Crew, open_as: Open, breaks: str
) -> None:
    """Before the server has heard of it, and after: then only the answer is lost, and the same form is sent again."""
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    page.locator("#reason-hold").evaluate("field => field.blur()")

    def abort(route: Route) -> None:
        if breaks == "after":
            route.fetch(max_redirects=0)
        route.abort()

    page.route("**/hold/", abort)
    press(page)
    expect(page.locator("#toasts")).to_contain_text("cannot be reached")
    expect(page.locator("#reason-hold")).to_have_value(REASON)
    page.unroute("**/hold/")
    press(page)
    page.wait_for_load_state()
    expect(page.locator("#toasts")).to_contain_text("on hold" if breaks == "before" else "done once")
    assert life.verbs.count("work_order.held") == 1


@pytest.mark.django_db(transaction=True)
def test_offline_nothing_is_sent_and_nothing_is_lost(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    page.context.set_offline(True)
    press(page)
    expect(page.locator("#toasts")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    press(page)
    expect(page.locator("#toasts .toast").last).to_contain_text("on hold")
    assert life.order.status == OrderStatus.ON_HOLD


@pytest.mark.django_db(transaction=True)
def test_a_slow_answer_is_waited_for_and_impatience_changes_nothing(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)

    def wait(route: Route) -> None:
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/hold/", wait)
    for _ in range(3):
        page.evaluate("document.querySelector('form:has(#reason-hold)').requestSubmit()")
    expect(page.locator("#toasts")).to_contain_text("on hold", timeout=15000)
    assert life.verbs.count("work_order.held") == 1


@pytest.mark.django_db(transaction=True)
def test_a_refusal_comes_back_on_the_same_page_with_everything_typed(qd: Crew, open_as: Open) -> None:
    life, page = qd.order("received"), open_as(qd.clerk)
    begin_to_hold(page, life)
    life.to("dispatched")
    press(page)
    expect(page.locator(".order-notice")).to_contain_text("Meanwhile something has happened")
    expect(page.locator(".meanwhile")).to_contain_text("Dispatched to")
    expect(page.locator("#reason-hold")).to_have_value(REASON)
    assert page.url.endswith(reverse("order", args=[life.id]))  # an address that can be opened again
    press(page)
    expect(page.locator("#toasts")).to_contain_text("on hold")


@pytest.mark.django_db(transaction=True)
def test_the_session_ends_in_the_middle_of_intake(qd: Crew, open_as: Open) -> None:
    page, before = open_as(qd.clerk), WorkOrder.objects.count()
    page.goto(reverse("intake", query={"customer": qd.customer.id, "asset": qd.unit.id}))
    page.fill("#id_fault", REASON)
    Session.objects.all().delete()
    page.evaluate("document.querySelector('form[data-intake]').requestSubmit()")
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, qd.clerk)
    page.wait_for_url(f"**{reverse('intake')}**")
    expect(page.locator("#id_fault")).to_have_value(REASON)
    assert page.locator("[name=customer]").input_value() == str(qd.customer.id)
    assert WorkOrder.objects.count() == before


# Without a browser: where an unauthenticated form leads


@pytest.mark.parametrize(
    ("headers", "leads_to"),
    [
        ({"Referer": "http://testserver/orders/1/?who=x"}, "/orders/1/?who=x"),
        ({"Referer": "http://evil.example/x"}, "/"),
        ({"Referer": "javascript:alert(1)"}, "/"),
        ({}, "/"),
    ],
)
def test_signing_in_leads_back_to_the_page_of_the_form(
    qd: Crew, client: Client, headers: dict[str, str], leads_to: str
) -> None:
    answer = client.post(reverse("order_hold", args=[qd.order("received").id]), {"reason": "x"}, headers=headers)
    assert answer.status_code == 302
    assert client.get(answer.headers["Location"]).wsgi_request.GET["next"] == leads_to


@pytest.mark.parametrize("said", [{"HX-Request": "true"}, {"X-Answers": "headers"}])
def test_a_script_is_told_in_a_header(qd: Crew, client: Client, said: dict[str, str]) -> None:
    page = {"HX-Current-URL": "http://testserver/register/"}
    for ask in (client.post, client.get):
        answer = ask(reverse("register"), headers=said | page)
        assert answer.status_code == 401
        assert answer.headers["X-Sign-In"] == "/accounts/login/?next=%2Fregister%2F"
        assert not answer.content


def test_a_script_is_told_where_an_act_leads(qd: Crew, as_: SignIn) -> None:
    life, desk = qd.order("received"), as_(qd.clerk)
    address = reverse("order_hold", args=[life.id])
    answer = desk.post(address, {"reason": "等件", "cause": "company"}, headers={"X-Answers": "headers"})
    assert (answer.status_code, answer.headers["X-Location"]) == (204, reverse("order", args=[life.id]))
