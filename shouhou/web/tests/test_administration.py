"""The administration's pages: what they show to whom, and that every act on them is done, or refused in words."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.access.actions import assign_role, issue_token, open_branch, register_user
from shouhou.access.models import ApiToken, Branch, NumberPrefix, RoleAssignment, User
from shouhou.access.permissions import ALLOWS, CODES, ROLE_CODES, Role, allowed_to
from shouhou.web.people_journal import SAYINGS
from shouhou.web.tests.conftest import SignIn
from shouhou.workforce.models import Absence, Certificate, Technician
from tests.cast import NOW, PASSWORD, Cast, Crew, unchanged

PAGES = ("administration", "branches", "users", "technicians", "number_series")
WHY: dict[str, Any] = {"reason": "按本人要求"}


@pytest.fixture
def chief(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.administrator)


def clerk_of(crew: Crew) -> User:
    assert crew.clerk.user
    return crew.clerk.user


def do(client: Client, route: str, /, *args: Any, status: int = 303, **fields: Any) -> Any:
    answer = client.post(reverse(route, args=args), fields)
    assert answer.status_code == status, answer.text
    return answer


# Words


def test_every_permission_is_explained_and_every_event_about_people_told() -> None:
    assert set(ALLOWS) == CODES
    for role in Role:
        assert len(allowed_to(role)) == len(ROLE_CODES[role])


def test_what_was_done_about_a_user_is_told(chief: Client, qd: Crew) -> None:
    user_id = clerk_of(qd).id
    for act, given in (
        ("user_deactivate", WHY),
        ("user_reactivate", WHY),
        ("user_password", WHY),
        ("user_password_link", {}),
        ("user_unlock", {}),
        ("user_change", {"display_name": "周敏", "email": ""}),
        ("user_role", {"role": "manager", "place": "QD"}),
        ("user_role_back", {"role": "manager", "place": "QD"}),
    ):
        do(chief, act, user_id, **given)
    told = [one.words for one in chief.get(reverse("user", args=[user_id])).context["events"]]
    assert told[:2] == ["Role withdrawn: Manager, QD", "Role given: Manager, QD"]
    assert told[-1] == "Registered as clerk.qd"
    assert not [words for words in told if words.startswith("access.") or "%(" in words]
    assert all(verb.startswith("access.") for verb in SAYINGS)


# What is seen


@pytest.mark.parametrize("name", PAGES)
def test_a_leader_looks_and_changes_nothing(name: str, as_: SignIn, qd: Crew) -> None:
    page = as_(qd.supervisor).get(reverse(name))
    assert page.status_code == 200
    assert 'method="post"' not in page.text.split('id="main"')[1].split("</main>")[0]


def test_each_sees_the_people_of_his_branches(cast: Cast, as_: SignIn) -> None:
    own = as_(cast.qd.administrator).get(reverse("users")).context["people"]
    assert {"clerk.qd", "colleague.qd"} <= {one.username for one in own}
    assert not [one for one in own if one.username.endswith((".jn", ".hq"))]
    all_of_them = as_(cast.headquarters[Role.ADMINISTRATOR]).get(reverse("users")).context["people"]
    assert {"clerk.qd", "clerk.jn", "manager.hq"} <= {one.username for one in all_of_them}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "colleague"}, {"colleague.qd"}),
        ({"q": "王强"}, {"colleague.qd"}),
        ({"role": "clerk"}, {"clerk.qd"}),
        ({"role": "technician", "place": "QD"}, {"technician.qd", "colleague.qd"}),
        ({"state": "shut_out"}, set()),
        ({"q": "%"}, set()),
    ],
)
def test_users_are_found(asked: dict[str, str], found: set[str], chief: Client) -> None:
    page = chief.get(reverse("users"), asked)
    assert {one.username for one in page.context["people"]} == found


def test_the_list_says_who_is_locked_and_who_has_a_second_factor(chief: Client, qd: Crew) -> None:
    Authenticator.objects.create(user=clerk_of(qd), type=Authenticator.Type.TOTP, data={})
    AccessAttempt.objects.create(username="clerk.qd", ip_address="10.0.0.9", failures_since_start=5)
    page = chief.get(reverse("users"), {"q": "clerk.qd"})
    assert page.context["locked"] == {"clerk.qd"}
    assert [one.second_factor for one in page.context["people"]] == [True]


@pytest.mark.parametrize("name", [*PAGES, "tokens"])
def test_more_people_and_branches_cost_no_more_queries(name: str, cast: Cast, as_: SignIn) -> None:
    client = as_(cast.headquarters[Role.ADMINISTRATOR])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    cost()
    before = cost()
    for place in range(3):
        branch = open_branch(
            code=f"B{place}", name=f"分公司{place}", kind="branch", parent=cast.hq, by=cast.root, at=NOW
        )
        user = register_user(
            username=f"u{place}", display_name=f"人{place}", password=None, branch=branch, by=cast.root, at=NOW
        )
        assign_role(user, role=Role.CLERK, branch=branch, by=cast.root, at=NOW)
        issue_token(user, name="x", expires_at=timezone.now() + timedelta(days=3), branch=branch, by=cast.root, at=NOW)
    assert cost() == before


# Branches


def test_a_branch_is_opened_corrected_closed_and_opened_again(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.headquarters[Role.ADMINISTRATOR])
    do(client, "branch_open", code="yt", name="烟台分公司", kind="branch", parent="HQ", time_zone="Asia/Shanghai")
    branch = Branch.objects.get(code="YT")
    do(client, "branch_change", branch.id, name="烟台", time_zone="Asia/Shanghai", region="shandong")
    assert Branch.objects.filter(code="YT", name="烟台", region="shandong").exists()
    assert "<dd>Shandong</dd>" in client.get(reverse("branch", args=[branch.id])).text
    with unchanged():
        do(client, "branch_change", branch.id, status=422, name="烟台", time_zone="Asia/Shanghai", region="qingdao")
    do(client, "branch_close", branch.id, **WHY)
    assert "closed" in client.get(reverse("branch", args=[branch.id])).text
    do(client, "branch_reopen", branch.id)
    assert Branch.objects.get(code="YT").closed_at is None


def test_a_refused_branch_keeps_what_was_typed(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.headquarters[Role.ADMINISTRATOR])
    with unchanged():
        page = do(
            client, "branch_open", status=422, code="QD", name="第二青岛", kind="branch", parent="HQ",
            time_zone="Asia/Shanghai",
        )  # fmt: skip
    assert "There is a branch with the code QD already." in page.text
    assert 'value="第二青岛"' in page.text


def test_with_open_calls_it_stays_open(chief: Client, qd: Crew) -> None:
    qd.receive()
    page = do(chief, "branch_close", qd.branch.id, status=422, **WHY)
    assert "1 calls are still open at 青岛分公司" in page.text


# Users


def registered(client: Client, **given: str) -> Any:
    usual: dict[str, Any] = {"username": "zhoumin", "display_name": "周敏", "role": "clerk", "place": "QD", "email": ""}
    return do(client, "user_register", **usual | given)


def test_a_new_user_chooses_his_password_by_a_link_shown_once(chief: Client) -> None:
    page = chief.get(registered(chief)["Location"])
    link = page.context["link"]
    assert link in page.text
    assert not chief.get(page.wsgi_request.path).context["link"]

    stranger = Client(headers={"Accept-Language": "en"})
    assert "zhoumin" in stranger.get(link).text
    weak = stranger.post(link, {"password": "12345678", "again": "12345678"})
    assert weak.status_code == 422
    different = stranger.post(link, {"password": "seven green lamps", "again": "seven red lamps"})
    assert "The two are not the same." in different.text
    done = stranger.post(link, {"password": "seven green lamps", "again": "seven green lamps"})
    assert (done.status_code, done["Location"]) == (303, reverse("account_login"))
    assert User.objects.get(username="zhoumin").check_password("seven green lamps")
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 404


def test_without_his_role_nobody_is_registered(chief: Client) -> None:
    with unchanged():
        page = do(
            chief, "user_register", status=422, username="clerk.qd", display_name="周敏", role="clerk", place="QD"
        )
        do(chief, "user_register", status=422, username="x", display_name="周敏", role="clerk", place="HQ")
    assert "The user name clerk.qd is taken." in page.text


def test_shut_out_he_is_signed_out_at_his_next_click(chief: Client, qd: Crew, as_: SignIn) -> None:
    clerk = as_(qd.clerk)
    assert clerk.get(reverse("home")).status_code == 200
    do(chief, "user_deactivate", clerk_of(qd).id, **WHY)
    assert clerk.get(reverse("home")).status_code == 302
    do(chief, "user_reactivate", clerk_of(qd).id, **WHY)
    assert clerk.get(reverse("home")).status_code == 302


@pytest.mark.parametrize("act", ["user_deactivate", "user_password", "user_second_factor"])
def test_a_reason_is_asked_for(act: str, chief: Client, qd: Crew) -> None:
    with unchanged():
        assert "Please give the reason." in do(chief, act, clerk_of(qd).id, status=422, reason=" ").text


def test_nobody_shuts_himself_out(chief: Client, qd: Crew) -> None:
    assert qd.administrator.user
    with unchanged():
        do(chief, "user_deactivate", qd.administrator.user.id, status=403, **WHY)
    page = chief.get(reverse("user", args=[qd.administrator.user.id]))
    assert "This is your own account." in page.text
    assert reverse("user_deactivate", args=[qd.administrator.user.id]) not in page.text


def test_who_reaches_further_is_not_offered(chief: Client, cast: Cast) -> None:
    clerk = clerk_of(cast.qd)
    assign_role(clerk, role=Role.CLERK, branch=cast.jn.branch, by=cast.root, at=NOW)
    page = chief.get(reverse("user", args=[clerk.id]))
    assert "also has roles in branches that you do not administer" in page.text
    assert reverse("user_password", args=[clerk.id]) not in page.text
    with unchanged():
        do(chief, "user_password", clerk.id, status=403, **WHY)
    # The role in his own branch is still his to take back, the other is not.
    do(chief, "user_role_back", clerk.id, role="clerk", place="QD")
    with unchanged():
        do(chief, "user_role_back", clerk.id, role="clerk", place="JN", status=422)


def test_the_last_administrator_stays(cast: Cast, as_: SignIn) -> None:
    above = cast.headquarters[Role.ADMINISTRATOR]
    assert above.user
    client = as_(above)
    with unchanged():
        page = do(client, "user_role_back", above.user.id, role="administrator", place="HQ", status=422)
    assert "Then nobody would administer 海风电器总部" in page.text


# Technicians


def test_a_technician_is_registered_corrected_and_leaves(chief: Client, qd: Crew) -> None:
    do(chief, "technician_register", username="clerk.qd", phone="13900000003")
    technician = Technician.objects.get(user=clerk_of(qd))
    do(chief, "technician_change", technician.id, name="周师傅", phone="")
    stored = Technician.objects.get(id=technician.id)
    assert (stored.name, stored.phone) == ("周师傅", "+8613900000003")
    assert "13900000003" not in chief.get(reverse("technician", args=[technician.id])).text
    do(chief, "technician_leave", technician.id, left_on="2026-11-30", reason="离职")
    assert not Technician.objects.get(id=technician.id).active
    do(chief, "technician_return", technician.id)
    assert Technician.objects.get(id=technician.id).active


def test_who_still_has_work_does_not_leave(chief: Client, qd: Crew) -> None:
    qd.order("accepted")
    page = do(chief, "technician_leave", qd.technician.id, left_on="2026-11-30", reason="离职", status=422)
    assert "still has visits to make" in page.text
    assert Technician.objects.get(id=qd.technician.id).active


def test_certificates_and_absences_are_entered_and_withdrawn(as_: SignIn, qd: Crew) -> None:
    lead, colleague = as_(qd.supervisor), qd.colleague
    do(lead, "technician_qualification", colleague.id, qualification="gas", starts_on="2026-01-01", number="鲁-17")
    held = Certificate.objects.get(technician=colleague)
    wrong: dict[str, Any] = {"qualification": "gas", "starts_on": "2026-01-01", "ends_on": "2025-01-01"}
    assert "must come after the start" in do(lead, "technician_qualification", colleague.id, status=422, **wrong).text
    do(lead, "technician_absence", colleague.id, starts_at="2036-12-01T08:00", ends_at="2036-12-03T18:00")
    away = Absence.objects.get(technician=colleague)
    assert away.starts_at.isoformat() == "2036-12-01T00:00:00+00:00"  # eight o'clock in Qingdao
    do(lead, "qualification_back", held.id, reason="写错了")
    do(lead, "absence_back", away.id)
    assert not Certificate.objects.filter(technician=colleague).exists()
    assert not Absence.objects.exists()


def test_what_expires_is_listed_until_it_is_renewed(chief: Client, as_: SignIn, qd: Crew) -> None:
    today = timezone.localdate()
    soon: dict[str, Any] = {"qualification": "gas", "starts_on": f"{today - timedelta(days=900)}"}
    lead = as_(qd.supervisor)
    do(lead, "technician_qualification", qd.colleague.id, ends_on=f"{today + timedelta(days=20)}", **soon)
    for name in ("administration", "technicians"):
        (urgent,) = chief.get(reverse(name)).context["expiring"]
        assert (urgent.certificate.technician, urgent.days, urgent.tone) == (qd.colleague, 20, "amber")
    do(lead, "technician_qualification", qd.colleague.id, qualification="gas", starts_on=f"{today}")
    assert not chief.get(reverse("technicians")).context["expiring"]


# Tokens and numbers


def test_a_secret_is_shown_once(chief: Client, qd: Crew) -> None:
    ends = timezone.localdate() + timedelta(days=30)
    page = do(
        chief, "token_issue", status=200, username="clerk.qd", name="电话系统", expires_on=f"{ends}",
        scopes=["workorders.see_register"],
    )  # fmt: skip
    secret = page.context["secret"]
    assert secret in page.text
    assert secret not in chief.get(reverse("tokens")).text
    token = ApiToken.objects.get()
    assert timezone.localtime(token.expires_at - timedelta(seconds=1)).date() == ends
    bearer = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/work-orders", headers=bearer).status_code == 200
    used = ApiToken.objects.get().last_used_at
    assert used
    assert Client().get("/api/v1/work-orders", headers=bearer).status_code == 200
    assert ApiToken.objects.get().last_used_at == used  # known to the hour, not written at every call
    do(chief, "token_revoke", token.id)
    assert Client().get("/api/v1/work-orders", headers=bearer).status_code == 401


def test_a_token_of_the_past_is_refused_with_what_was_typed(chief: Client) -> None:
    with unchanged():
        page = do(chief, "token_issue", status=422, username="clerk.qd", name="电话系统", expires_on="2020-01-01")
    assert "A token must expire later than now." in page.text
    assert 'value="电话系统"' in page.text


def test_no_token_for_who_reaches_further(chief: Client, cast: Cast) -> None:
    assign_role(clerk_of(cast.qd), role=Role.CLERK, branch=cast.jn.branch, by=cast.root, at=NOW)
    ends = timezone.localdate() + timedelta(days=30)
    with unchanged():
        do(chief, "token_issue", status=422, username="clerk.qd", name="x", expires_on=f"{ends}")
        do(chief, "token_issue", status=422, username="clerk.jn", name="x", expires_on=f"{ends}")


def test_a_prefix_and_the_next_number_are_changed_for_what_comes(chief: Client, qd: Crew) -> None:
    first = qd.receive()
    do(chief, "series_prefix", qd.branch.id, kind="voucher", prefix="qdfw")
    do(chief, "series_next", qd.branch.id, kind="voucher", next_number="500")
    second = qd.receive(unit=qd.gas_unit)
    numbers = [order.asset.vouchers.get().number for order in (first, second)]
    assert numbers == ["QD-000001", "QDFW-000500"]


@pytest.mark.parametrize(
    ("act", "given", "said"),
    [
        ("series_prefix", {"kind": "voucher", "prefix": "JN"}, "begins, or once began, the numbers of 济南分公司"),
        (
            "series_prefix",
            {"kind": "voucher", "prefix": "青岛"},
            "A prefix is one to eight capital letters and digits.",
        ),
        ("series_next", {"kind": "voucher", "next_number": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_refused_series_says_why(act: str, given: dict[str, Any], said: str, chief: Client, qd: Crew) -> None:
    with unchanged():
        page = do(chief, act, qd.branch.id, status=422, **given)
    assert said in page.text
    assert NumberPrefix.objects.filter(owner=qd.branch).count() == 2


def test_roles_are_given_only_where_he_administers(chief: Client, cast: Cast) -> None:
    clerk = clerk_of(cast.qd)
    do(chief, "user_role", clerk.id, role="supervisor", place="QD")
    with unchanged():
        for place in ("HQ", "JN", ""):
            do(chief, "user_role", clerk.id, role="clerk", place=place, status=422)
    assert RoleAssignment.objects.filter(user=clerk).count() == 2
