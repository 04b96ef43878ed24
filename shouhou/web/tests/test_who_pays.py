"""Who pays: the live verdict at intake, the order's page of it, people who decide otherwise, findings, the customer's paper."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.assets.actions import register_asset
from shouhou.assets.models import Asset, UnitHappening
from shouhou.catalog.models import ProductClass
from shouhou.entitlements.actions import record_finding
from shouhou.entitlements.models import Finding, Override, OverrideRuling, Verdict
from shouhou.policies.rules.divided import read_book
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.tests.cast import entry, house
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders import actions as acts
from shouhou.workorders.models import WorkOrder
from tests.cast import Cast, Crew, unchanged

HTMX = {"HX-Request": "true"}
HOSTILE = "<script>alert('坏')</script>{{ 7|add:7 }}"


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def unit_sold(cast: Cast, crew: Crew, *, days: int | None) -> Asset:
    """An air conditioner of the customer, installed that many days ago; None: no date is known."""
    today = timezone.localdate()
    sold = None if days is None else today - timedelta(days=days)
    return register_asset(
        customer_id=crew.customer.id,
        product_model=cast.air_conditioner,
        site_id=None,
        serial=f"SN{uuid4().hex[:8]}",
        sale_date=sold,
        installed_date=sold,
        by=crew.clerk,
        at=timezone.now(),
        today=today,
    )


def charged(cast: Cast, crew: Crew) -> WorkOrder:
    """An order of which the rules say that the customer pays: the unit is thirty years old."""
    unit = unit_sold(cast, crew, days=365 * 30)
    order = crew.receive(at=timezone.now(), asset=unit.id, work_class="", class_reason="", class_amount=None)
    assert order.work_class == "A"
    return order


def ask(client: Client, **said: Any) -> Any:
    return client.get(reverse("intake_verdict"), said, headers=HTMX)


def say(client: Client, order: WorkOrder, **said: Any) -> Any:
    return client.post(reverse("order_work_class", args=[order.id]), said)


class TestIntake:
    def test_the_verdict_comes_with_the_unit(self, desk: Client, qd: Crew) -> None:
        with unchanged():
            answer = ask(desk, asset=qd.unit.id)
        assert answer.status_code == 200
        assert 'id="verdict"' in answer.text
        assert answer.context["asked"].words
        assert "<html" not in answer.text

    @pytest.mark.parametrize(("days", "letter"), [(30, "C"), (365 * 30, "A"), (None, "")])
    def test_a_new_unit_is_judged_by_what_is_typed(
        self, desk: Client, cast: Cast, qd: Crew, days: int | None, letter: str
    ) -> None:
        sold = "" if days is None else (timezone.localdate() - timedelta(days=days)).isoformat()
        with unchanged():
            answer = ask(
                desk, asset="new", product_model=cast.air_conditioner.code, sale_date=sold, installed_date=sold
            )
        assert answer.context["asked"].work_class == letter
        assert f'data-class="{letter}"' in answer.text

    def test_what_is_missing_is_said_with_what_it_would_be(self, desk: Client, cast: Cast) -> None:
        text = ask(desk, asset="new", product_model=cast.air_conditioner.code).text
        assert "Missing:" in text
        assert "verdict-missing" in text

    def test_before_a_unit_is_known_it_says_so(self, desk: Client) -> None:
        assert "as soon as the unit is known" in ask(desk).text

    @pytest.mark.parametrize(
        ("said", "refused"),
        [
            ({"sale_date": "0026-03-01"}, "The year must lie"),
            ({"work_type": "magic"}, "magic"),
        ],
    )
    def test_bad_input_is_said_in_words(self, desk: Client, cast: Cast, said: dict[str, str], refused: str) -> None:
        answer = ask(desk, asset="new", product_model=cast.air_conditioner.code, **said)
        assert answer.status_code == 200
        assert refused in answer.text
        assert not answer.context["asked"].words

    def test_an_unknown_fault_code_is_said_with_the_verdict_while_the_fault_has_no_name(
        self, desk: Client, qd: Crew
    ) -> None:
        answer = ask(desk, asset=qd.unit.id, fault_code="E99")
        assert "There is no fault code “E99”" in answer.text
        assert "This is the verdict while the fault has no name." in answer.text
        assert answer.context["asked"].words

    def test_a_class_without_rules_is_told_with_the_verdict_for_each_class(
        self, desk: Client, cast: Cast, qd: Crew
    ) -> None:
        ProductClass.objects.update(rules_class="")
        sold = (timezone.localdate() - timedelta(days=200)).isoformat()
        typed = {"asset": "new", "product_model": cast.air_conditioner.code, "sale_date": sold, "installed_date": sold}
        why = desk.get(reverse("intake_why"), typed, headers=HTMX)
        assert "Under each assumption" in why.text
        assert "class of the goods: " in why.text
        assert len(why.context["words"].ways) > 4

    def test_rules_that_contradict_each_other_are_told_with_the_verdict_under_each(
        self, desk: Client, qd: Crew, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As after a release of the product that says otherwise than a pack of the company that is in force."""
        limit = "kind: limit, act: repair_goods, side: trader, amount: {}, unit: {}, since: call"
        clashing = house(entry("one", limit.format(5, "working_days")), entry("two", limit.format(6, "days")))
        divided = read_book([*shipped_book().rules, *clashing])
        monkeypatch.setattr("shouhou.policies.queries._book", lambda ids: divided)
        text = ask(desk, asset=qd.unit.id).text
        assert "a rule of precedence is needed" in text
        assert text.count("house.one@") >= 2
        assert desk.get(reverse("intake_why"), {"asset": str(qd.unit.id)}, headers=HTMX).status_code == 200
        order = qd.receive(work_class="C")
        assert desk.get(reverse("order_verdict", args=[order.id])).status_code == 200
        assert desk.get(reverse("asset", args=[qd.unit.id])).status_code == 200

    def test_a_finding_is_told_with_the_verdict_if_it_did_not_hold(self, desk: Client, cast: Cast, qd: Crew) -> None:
        unit = unit_sold(cast, qd, days=30)
        record_finding(unit.id, exclusion="serial_mismatch", evidence="机号不符", by=qd.clerk, at=timezone.now())
        why = desk.get(reverse("intake_why"), {"asset": str(unit.id), "fault_code": "E4"}, headers=HTMX)
        (one,) = why.context["ahead"].unfound
        assert one.work_class == "C"
        assert "does not hold" in why.text

    def test_a_unit_of_another_branch_has_no_verdict(self, desk: Client, jn: Crew) -> None:
        answer = ask(desk, asset=jn.unit.id)
        assert not answer.context["asked"].words
        assert jn.unit.serial not in answer.text

    def test_the_reasons_cite_rules_with_their_source(self, desk: Client, cast: Cast, qd: Crew) -> None:
        unit = unit_sold(cast, qd, days=30)
        Asset.objects.filter(id=unit.id).update(trader_installs=True, delivered_date=unit.sale_date)
        with unchanged():
            answer = desk.get(reverse("intake_why"), {"asset": str(unit.id), "fault_code": "E4"}, headers=HTMX)
        assert "The rules that decide" in answer.text
        for cited in answer.context["words"].rules:
            assert reverse("policy_rule", args=[cited.rule_id]) in answer.text
            assert cited.verified in answer.text
        assert answer.context["ahead"].turns

    def test_it_costs_few_queries(self, desk: Client, qd: Crew, django_assert_max_num_queries: Any) -> None:
        ask(desk, asset=qd.unit.id)
        with django_assert_max_num_queries(16):
            ask(desk, asset=qd.unit.id, fault_code="E4")

    def test_another_class_than_the_rules_needs_a_reason_and_keeps_everything(
        self, desk: Client, cast: Cast, qd: Crew
    ) -> None:
        unit = unit_sold(cast, qd, days=365 * 30)
        call = {"key": uuid4(), "customer": qd.customer.id, "asset": unit.id, "fault": "不制冷", "work_class": "C"}
        with unchanged():
            answer = desk.post(reverse("intake"), call)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"class_reason"}
        assert "不制冷" in answer.text
        with unchanged():
            answer = desk.post(reverse("intake"), call | {"class_reason": "老客户"})
        assert set(answer.context["form"].errors) == {"class_amount"}
        assert "老客户" in answer.text
        assert desk.post(reverse("intake"), call | {"class_reason": "老客户", "class_amount": "120"}).status_code == 303
        assert (WorkOrder.objects.get().work_class, Override.objects.get().amount) == ("C", Decimal(120))

    def test_what_the_rules_say_is_what_the_call_gets(self, desk: Client, cast: Cast, qd: Crew) -> None:
        unit = unit_sold(cast, qd, days=30)
        seen = ask(desk, asset=unit.id).context["asked"].work_class
        desk.post(reverse("intake"), {"key": uuid4(), "customer": qd.customer.id, "asset": unit.id, "fault": "不制冷"})
        assert WorkOrder.objects.get().work_class == seen == Verdict.objects.get().work_class == "C"


class TestOrder:
    def test_the_page_says_who_pays_and_why(self, desk: Client, cast: Cast, qd: Crew) -> None:
        order = charged(cast, qd)
        text = desk.get(reverse("order", args=[order.id])).text
        assert "the guarantee is over" in text.lower()
        assert reverse("order_explanation", args=[order.id]) in text
        why = desk.get(reverse("order_verdict", args=[order.id]), headers=HTMX)
        assert "<html" not in why.text
        assert "The rules that decide" in why.text

    def test_asking_again_keeps_both_and_shows_the_difference(self, desk: Client, cast: Cast, qd: Crew) -> None:
        order = charged(cast, qd)
        Asset.objects.filter(id=order.asset_id).update(
            sale_date=timezone.localdate(), installed_date=timezone.localdate()
        )
        assert desk.post(reverse("order_verdict_again", args=[order.id])).status_code == 303
        assert [one.work_class for one in Verdict.objects.order_by("sequence")] == ["A", "C"]
        page = desk.get(reverse("order_verdict", args=[order.id]))
        changed = {one.what: (one.before, one.after) for one in page.context["pays"].standing.changes}
        assert changed["Work class"] == ("A Charged", "C Free")
        assert "Ground" in changed

    def test_another_class_needs_reason_and_amount_and_keeps_them(self, desk: Client, cast: Cast, qd: Crew) -> None:
        order = charged(cast, qd)
        with unchanged():
            answer = say(desk, order, work_class="C")
        assert answer.status_code == 422
        assert "please say why it is to be C" in answer.text
        with unchanged():
            answer = say(desk, order, work_class="C", reason=HOSTILE)
        assert "Please say what the work will cost" in answer.text
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text

    def test_above_the_limit_it_waits_for_a_second_person(
        self, desk: Client, cast: Cast, qd: Crew, as_: SignIn
    ) -> None:
        order = charged(cast, qd)
        assert say(desk, order, work_class="C", reason="老客户", amount="680").status_code == 303
        override = Override.objects.get()
        assert (override.waits, WorkOrder.objects.get(id=order.id).work_class) == (True, "A")
        page = desk.get(reverse("order", args=[order.id])).text
        assert "waits for a second person" in page
        address = reverse("override_ruling", args=[order.id, override.id])
        assert address not in page
        with unchanged():
            assert desk.post(address, {"ruling": "confirm"}).status_code == 403
        lead = as_(qd.supervisor)
        assert order.number in lead.get(reverse("home")).text
        assert "Who pays: to be confirmed" in lead.get(reverse("home")).text
        assert "Who pays: to be confirmed" not in desk.get(reverse("home")).text
        with unchanged():
            answer = lead.post(address, {"ruling": "refuse"})
        assert (answer.status_code, "Please say why not." in answer.text) == (422, True)
        assert lead.post(address, {"ruling": "confirm"}).status_code == 303
        assert WorkOrder.objects.get(id=order.id).work_class == "C"
        assert "Confirmed by" in desk.get(reverse("order", args=[order.id])).text
        with unchanged():
            assert lead.post(address, {"ruling": "confirm"}).status_code == 422

    def test_a_refused_one_leaves_the_class(self, desk: Client, cast: Cast, qd: Crew, as_: SignIn) -> None:
        order = charged(cast, qd)
        say(desk, order, work_class="C", reason="老客户", amount="680")
        address = reverse("override_ruling", args=[order.id, Override.objects.get().id])
        assert as_(qd.supervisor).post(address, {"ruling": "refuse", "reason": HOSTILE}).status_code == 303
        assert (OverrideRuling.objects.get().confirmed, WorkOrder.objects.get(id=order.id).work_class) == (False, "A")
        page = desk.get(reverse("order", args=[order.id])).text
        assert "Refused by" in page
        assert "<script>alert" not in page

    def test_an_override_of_another_order_is_not_there(self, cast: Cast, qd: Crew, jn: Crew, as_: SignIn) -> None:
        theirs, ours = charged(cast, jn), charged(cast, qd)
        acts.assign_work_class(
            theirs.id, work_class="C", reason="老客户", amount=Decimal(680), by=jn.clerk, at=timezone.now()
        )
        lead = as_(qd.supervisor)
        with unchanged():
            for order in (theirs, ours):
                address = reverse("override_ruling", args=[order.id, Override.objects.get().id])
                assert lead.post(address, {"ruling": "confirm"}).status_code == 404

    def test_the_dispatch_desk_asks_for_the_reason(self, cast: Cast, qd: Crew, as_: SignIn) -> None:
        order = charged(cast, qd)
        lead, address = as_(qd.supervisor), reverse("dispatch_class", args=[order.id])
        WorkOrder.objects.filter(id=order.id).update(work_class="")
        with unchanged():
            answer = lead.post(address, {"work_class": "C"})
        assert answer.status_code == 422
        assert 'name="reason"' in answer.text
        assert 'name="amount"' in answer.text
        assert lead.post(address, {"work_class": "C", "reason": "老客户", "amount": "100"}).status_code == 303
        assert WorkOrder.objects.get(id=order.id).work_class == "C"


class TestExplanation:
    @pytest.mark.parametrize(("language", "said"), [("zh-hans", "保修期"), ("en", "guarantee")])
    def test_it_is_read_in_either_language(self, desk: Client, cast: Cast, qd: Crew, language: str, said: str) -> None:
        order = charged(cast, qd)
        answer = desk.get(reverse("order_explanation", args=[order.id]), {"language": language})
        assert f'<html lang="{language}"' in answer.text
        assert said in answer.text

    def test_hostile_names_stay_text_and_an_unknown_language_is_the_readers(
        self, desk: Client, cast: Cast, qd: Crew
    ) -> None:
        order = charged(cast, qd)
        WorkOrder.objects.filter(id=order.id).update(contact_name=HOSTILE[:80])
        answer = desk.get(reverse("order_explanation", args=[order.id]), {"language": "tlh"})
        assert '<html lang="en"' in answer.text
        assert "<script>alert" not in answer.text


class TestFindings:
    def finding(self, **said: Any) -> dict[str, Any]:
        return {"exclusion": "misuse", "evidence": "控制板进水"} | said

    def test_a_technician_writes_down_what_he_found(self, desk: Client, qd: Crew, as_: SignIn) -> None:
        life = qd.order("on_site")
        address = reverse("order_findings", args=[life.id])
        assert address in as_(qd.technician_actor).get(reverse("visit", args=[life.visit.id])).text
        assert as_(qd.technician_actor).post(address, self.finding(evidence=HOSTILE)).status_code == 303
        assert Finding.objects.get().about == life.id
        page = desk.get(reverse("order", args=[life.id])).text
        assert "misuse" in page
        assert "<script>alert" not in page
        with unchanged():
            assert desk.post(address, self.finding()).status_code == 422

    @pytest.mark.parametrize("said", [{"exclusion": "bad luck"}, {"evidence": " "}, {"photos": "nonsense"}])
    def test_what_cannot_be_shown_is_refused_and_kept(self, desk: Client, qd: Crew, said: dict[str, str]) -> None:
        life = qd.order("received")
        with unchanged():
            answer = desk.post(reverse("order_findings", args=[life.id]), self.finding(**said))
        assert answer.status_code == 422
        assert "控制板进水" in answer.text or said.get("evidence")

    def test_it_is_withdrawn_with_a_reason_and_stays_in_sight(
        self, desk: Client, qd: Crew, jn: Crew, as_: SignIn
    ) -> None:
        life = qd.order("received")
        desk.post(reverse("order_findings", args=[life.id]), self.finding())
        address = reverse("finding_withdraw", args=[life.id, Finding.objects.get().id])
        stranger, accountant = as_(jn.clerk), as_(qd.actors[Role.ACCOUNTANT])
        with unchanged():
            assert desk.post(address, {"reason": ""}).status_code == 422
            assert stranger.post(address, {"reason": "误判"}).status_code == 404
            assert accountant.post(address, {"reason": "误判"}).status_code == 403
        assert desk.post(address, {"reason": "误判，是冷凝水"}).status_code == 303
        page = desk.get(reverse("order_findings", args=[life.id])).text
        assert "误判，是冷凝水" in page
        assert "<s>" in page

    def test_waiting_for_a_part_is_said_when_a_visit_is_left(self, qd: Crew, as_: SignIn) -> None:
        life = qd.order("on_site")
        said = {"reason": "缺压缩机", "waits_for_part": "on"}
        address = reverse("visit_incomplete", args=[life.visit.id])
        assert as_(qd.technician_actor).post(address, said).status_code == 303
        assert UnitHappening.objects.filter(asset=qd.unit, kind="part_wait_begun").exists()
