"""The intake in a real browser: the verdict follows what is chosen and typed, the drawer says why, in both languages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouhou.entitlements.models import Verdict
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders.models import WorkOrder
from tests.cast import Cast, Crew

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("locale", "free", "charged", "why"),
    [("zh-CN", "免费", "有费", "起决定作用的规则"), ("en-GB", "Free", "Charged", "The rules that decide")],
)
def test_the_verdict_follows_the_dates_and_the_drawer_says_why(
    locale: str,
    free: str,
    charged: str,
    why: str,
    open_page: Callable[..., Page],
    live_server: LiveServer,
    as_: SignIn,
    cast: Cast,
    qd: Crew,
) -> None:
    page = open_page(locale=locale)
    key = as_(qd.clerk).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.goto("/intake/?new=1")
    verdict = page.locator("#verdict")
    page.fill("#id_product_model", cast.air_conditioner.code)
    page.locator("#id_product_model").blur()
    expect(verdict.locator(".verdict-missing")).to_be_visible()

    page.fill("#id_installed_date", "1996-03-20")
    page.fill("#id_sale_date", "1996-03-15")
    page.locator("#id_sale_date").blur()
    expect(verdict).to_have_attribute("data-class", "A")
    expect(verdict).to_contain_text(charged)
    reason = page.locator("#id_class_reason")
    expect(reason).to_be_hidden()
    page.check(".class-choices input[value=C]", force=True)
    expect(reason).to_be_visible()
    expect(page.locator("#id_class_amount")).to_be_visible()
    page.check(".class-choices input[value='']", force=True)
    expect(reason).to_be_hidden()

    sold = timezone.localdate() - timedelta(days=40)
    page.fill("#id_installed_date", sold.isoformat())
    page.fill("#id_sale_date", sold.isoformat())
    page.locator("#id_sale_date").blur()
    expect(verdict).to_have_attribute("data-class", "C")
    expect(verdict).to_contain_text(free)
    page.click("[data-opens=why]")
    drawer = page.locator("#why")
    expect(drawer).to_contain_text(why)
    expect(drawer.locator(".cited a").first).to_have_attribute("href", "/rules/cn-sanbao-general-1995.repair-free/")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()

    page.fill("#id_name", "赵新生")
    page.fill("#id_phone", "13912340000")
    page.fill("#id_fault", "不制冷")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/orders/**")
    assert WorkOrder.objects.get().work_class == Verdict.objects.get().work_class == "C"
    expect(page.locator("#order-pays")).to_contain_text(free)
