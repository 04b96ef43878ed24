"""Rules and promises: read by everybody, proposed and ruled on at the headquarters, refused with the line."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from shouhou.access.permissions import Role
from shouhou.policies.actions import propose_pack, rule_on_pack
from shouhou.policies.models import CompanyPack, PackRuling
from shouhou.policies.schema.loading import read_pack
from shouhou.policies.schema.marked import PackRefused
from shouhou.policies.tests.cast import HEAD, entry
from shouhou.web.acting import sentence
from shouhou.web.tests.conftest import Open, SignIn
from shouhou.web.tests.routes_table import PACK
from tests.cast import Cast, unchanged

PROPOSE = reverse("policy_propose")
PACK_ID = "summer-promise"
THIRTY_DAYS = "cn-family-cars-2022.thirty-days"


@pytest.fixture
def hq(as_: SignIn, cast: Cast) -> Client:
    return as_(cast.headquarters[Role.HQ])


@pytest.fixture
def manager(as_: SignIn, cast: Cast) -> Client:
    return as_(cast.headquarters[Role.MANAGER])


def look(client: Client, text: str = PACK, **more: Any) -> Any:
    return client.post(PROPOSE, {"text": text, "step": "look"} | more)


def looked_at(page: Any) -> str:
    """By which the text is known again, as the page of the preview has it."""
    return str(page.context["looked_at"])


def propose(client: Client, text: str = PACK, **more: Any) -> Any:
    seen = looked_at(look(client, text))
    return client.post(PROPOSE, {"text": text, "step": "propose", "reason": "夏季活动", "looked_at": seen} | more)


def proposed(cast: Cast, text: str = PACK) -> CompanyPack:
    by, now = cast.headquarters[Role.HQ], timezone.now()
    return propose_pack(text, reason="夏季活动", branch=cast.hq, by=by, at=now, today=timezone.localdate())


def in_force(cast: Cast, text: str = PACK) -> CompanyPack:
    pack, by, now = proposed(cast, text), cast.headquarters[Role.MANAGER], timezone.now()
    rule_on_pack(pack.id, approve=True, reason="", branch=cast.hq, by=by, at=now, today=timezone.localdate())
    return pack


def test_rules_of_which_only_one_can_count_are_shown_side_by_side(hq: Client) -> None:
    """In working days and in days: neither is plainly better, and no order between them is declared."""
    limit = "kind: limit, act: repair_goods, side: trader, amount: {}, unit: {}, since: call"
    page = look(hq, HEAD + entry("one", limit.format(5, "working_days")) + entry("two", limit.format(6, "days")))
    assert page.status_code == 422
    assert "What either of them alone would come to" in page.text
    assert [one.says[0].count("5 working days") for one in page.context["looked"].sides] == [1, 0]


# Reading


def test_all_packs_stand_under_who_made_them(as_: SignIn, cast: Cast) -> None:
    in_force(cast)
    page = as_(cast.qd.clerk).get(reverse("policies")).content.decode()
    assert "the law" in page
    assert "rules of the platform" in page
    assert "Family cars" in page
    assert "from memory, not checked" in page
    assert "Promises of the summer" in page
    assert "in force" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "loan unit three"}, {f"{PACK_ID}.loan"}),
        ({"q": THIRTY_DAYS}, {THIRTY_DAYS}),
        ({"q": "备用机", "layer": "seller"}, {f"{PACK_ID}.loan"}),
        ({"q": PACK_ID, "goods": "air_conditioner"}, {f"{PACK_ID}.loan"}),
        ({"q": PACK_ID, "goods": "bicycle"}, set()),
        ({"q": PACK_ID, "verified": "unverified"}, set()),
    ],
)
def test_rules_are_found(asked: dict[str, str], found: set[str], as_: SignIn, cast: Cast) -> None:
    in_force(cast)
    page = as_(cast.qd.clerk).get(reverse("policies"), asked)
    assert {card.rule.id for card in page.context["found"]} == found
    assert ("No rule matches" in page.content.decode()) is not bool(found)


def test_the_list_asks_as_often_for_many_packs_as_for_one(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.qd.clerk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("policies"))
        return len(asked)

    in_force(cast)
    first = queries()
    for number in range(3):
        in_force(cast, PACK.replace(PACK_ID, f"promise-{number}").replace("air_conditioner", "bicycle"))
    assert queries() == first


def test_a_rule_says_what_it_gives_in_words(as_: SignIn, cast: Cast) -> None:
    page = as_(cast.qd.technician_actor).get(reverse("policy_rule", args=["cn-sanbao-general-1995.days-1-7"]))
    text = page.content.decode()
    assert 'id="cn-sanbao-general-1995.days-1-7"' in text
    assert "the customer may have: refund or replacement or free repair" in text
    assert "day 1 to 7" in text
    assert "from a summary, not checked" in text
    assert "售出之日起七日内" in text
    assert "comes out so" in text
    assert "comes out otherwise" not in text


def test_every_rule_of_every_pack_has_its_page_and_its_anchor(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.qd.clerk)
    lines = [line for _layer, lines in client.get(reverse("policies")).context["layers"] for line in lines]
    assert len(lines) > 20
    for line in lines:
        page = client.get(reverse("policy_pack", args=[line.pack.id])).content.decode()
        assert page.count('class="card rule-card"') == line.rules
        assert all(f'id="{rule.id}"' in page for rule in line.pack.rules)
        assert "comes out otherwise" not in page


@pytest.mark.parametrize(
    ("name", "arg"), [("policy_pack", "nothing"), ("policy_rule", "cn-records.nothing"), ("policy_rule", "x")]
)
def test_what_is_not_there_is_a_404(name: str, arg: str, as_: SignIn, cast: Cast) -> None:
    assert as_(cast.qd.clerk).get(reverse(name, args=[arg])).status_code == 404


# Proposing


def test_a_new_pack_begins_with_an_explained_blank(hq: Client) -> None:
    page = hq.get(PROPOSE)
    assert "# Who promises" in page.content.decode()
    assert look(hq, page.context["form"]["text"].value()).context["looked"].changes


def test_a_next_version_begins_with_the_one_in_force(hq: Client, cast: Cast) -> None:
    in_force(cast)
    assert hq.get(PROPOSE, {"pack": PACK_ID}).context["form"]["text"].value() == PACK.strip()


def test_first_it_is_seen_what_would_be_different(hq: Client) -> None:
    with unchanged():
        page = look(hq)
    changes = page.context["looked"].changes
    assert page.status_code == 200
    assert [(one.kind, one.card.rule.id) for one in changes.rules] == [("added", f"{PACK_ID}.loan")]
    assert any("a loan unit" in right for one in changes.differences for right in one.gained)
    assert "Propose this version" in page.content.decode()


def test_then_it_is_proposed_and_counts_for_nothing_yet(hq: Client) -> None:
    answer = propose(hq)
    version = CompanyPack.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == reverse("policy_version", args=[version.id])
    assert (version.text, version.reason, version.version) == (PACK.strip(), "夏季活动", 1)
    assert hq.get(reverse("policy_rule", args=[f"{PACK_ID}.loan"])).status_code == 404
    page = hq.get(answer["Location"]).content.decode()
    assert "You proposed this version" in page
    assert "Approve: put it in force" not in page


def test_nothing_is_proposed_that_was_not_looked_at(hq: Client) -> None:
    with unchanged():
        answer = propose(hq, looked_at=looked_at(look(hq, PACK.replace("more_than: 3", "more_than: 2"))))
    assert answer.status_code == 422
    assert "Look again, then propose it" in answer.content.decode()


def test_a_reason_is_owed_and_what_was_typed_stays(hq: Client) -> None:
    with unchanged():
        answer = propose(hq, reason=" ")
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"reason"}
    assert "summer-promise" in answer.content.decode()
    assert "Propose this version" in answer.content.decode()


@pytest.mark.parametrize(
    ("was", "is_now", "line", "said"),
    [
        ("kind: remedy", "kind: remedi", "kind: remedi", "remedi"),
        ("current_repair_days: {more_than", "repair_dais: {more_than", "repair_dais: {more_than", "repair_dais"),
        ('"remedy.loan": true', '"remedy.loan": false', '"remedy.loan": false', "should be"),
        ("layer: seller", "layer: saler", "layer: saler", "input should be"),
    ],
)
def test_a_refusal_shows_the_line(was: str, is_now: str, line: str, said: str, hq: Client) -> None:
    text = PACK.replace(was, is_now)
    with unchanged():
        page = look(hq, text)
    looked = page.context["looked"]
    assert page.status_code == 422
    assert dict(looked.excerpt)[looked.line].strip()
    assert any(line in shown for _number, shown in looked.excerpt)
    assert said in page.context["form"].errors["text"][0]
    assert is_now.replace('"', "&quot;") in page.content.decode()


def test_a_rule_that_counts_is_not_rewritten_and_its_line_is_shown(hq: Client, cast: Cast) -> None:
    in_force(cast)
    with unchanged():
        page = look(hq, PACK.replace("more_than: 3", "more_than: 2").replace("days: 3}", "days: 2}"))
    looked = page.context["looked"]
    assert "not rewritten" in page.context["form"].errors["text"][0]
    assert "id: loan" in dict(looked.excerpt)[looked.line]


def test_a_file_takes_the_place_of_the_text(hq: Client) -> None:
    file = SimpleUploadedFile("house.yaml", b"\xef\xbb\xbf" + PACK.replace("\n", "\r\n").encode())
    page = look(hq, "something else", file=file)
    assert page.status_code == 200
    assert page.context["form"]["text"].value() == PACK


@pytest.mark.parametrize(("content", "said"), [(b"\xff\xfe", "no text in UTF-8"), (b"a" * 1_000_001, "too large")])
def test_a_file_that_is_no_pack_is_refused_beside_its_field(content: bytes, said: str, hq: Client) -> None:
    with unchanged():
        page = look(hq, PACK, file=SimpleUploadedFile("house.yaml", content))
    assert page.status_code == 422
    assert said in page.context["form"].errors["file"][0]


# Ruling


def test_another_approves_it_and_it_is_in_force(hq: Client, manager: Client, cast: Cast) -> None:
    version = proposed(cast)
    page = manager.get(reverse("policy_version", args=[version.id])).content.decode()
    assert "Approve: put it in force" in page
    assert "It is the first version" in page
    assert "summer-promise 1" not in page  # the place of the product's own version
    with unchanged():
        assert hq.post(reverse("policy_approve", args=[version.id])).status_code == 422
    assert manager.post(reverse("policy_approve", args=[version.id]), {"reason": "好"}).status_code == 303
    ruling = PackRuling.objects.get()
    assert (ruling.approved, ruling.reason) == (True, "好")
    assert hq.get(reverse("policy_rule", args=[f"{PACK_ID}.loan"])).status_code == 200
    with unchanged():
        assert manager.post(reverse("policy_approve", args=[version.id])).status_code == 422


def test_a_refusal_owes_its_reason(manager: Client, cast: Cast) -> None:
    version = proposed(cast)
    with unchanged():
        answer = manager.post(reverse("policy_refuse", args=[version.id]), {"reason": ""})
    assert answer.status_code == 422
    assert "Please say why" in answer.content.decode()
    assert manager.post(reverse("policy_refuse", args=[version.id]), {"reason": "太贵"}).status_code == 303
    page = manager.get(reverse("policy_pack", args=[PACK_ID])).content.decode()
    assert "太贵" in page
    assert "No version is in force" in page


def test_the_next_version_shows_what_it_changes(manager: Client, cast: Cast) -> None:
    first = in_force(cast)
    second = proposed(cast, PACK.replace("免费提供备用机。", "免费借用备用机。"))
    page = manager.get(reverse("policy_version", args=[second.id])).content.decode()
    assert "Compared with version 1" in page
    assert "reworded" in page
    manager.post(reverse("policy_approve", args=[second.id]))
    states = {one.id: state for one, state in manager.get(reverse("policy_pack", args=[PACK_ID])).context["versions"]}
    assert states == {first.id: "superseded", second.id: "in_force"}


@pytest.mark.parametrize("role", [Role.HQ, Role.MANAGER, Role.CLERK, Role.ADMINISTRATOR])
def test_a_branch_makes_no_rules(role: Role, as_: SignIn, cast: Cast) -> None:
    version, client = proposed(cast), as_(cast.qd.actors[role])
    with unchanged():
        answers = [
            client.get(PROPOSE),
            look(client),
            client.post(reverse("policy_approve", args=[version.id])),
            client.post(reverse("policy_refuse", args=[version.id]), {"reason": "不"}),
        ]
    assert [one.status_code for one in answers] == [403] * 4
    page = client.get(reverse("policy_version", args=[version.id]))
    assert page.status_code == 200
    assert "Approve: put it in force" not in page.content.decode()


def test_a_version_is_handed_out_to_the_letter(as_: SignIn, cast: Cast) -> None:
    answer = as_(cast.qd.clerk).get(reverse("policy_file", args=[proposed(cast).id]))
    assert answer.content.decode() == PACK.strip()
    assert answer["Content-Disposition"] == 'attachment; filename="summer-promise-1.yaml"'


# What is written in a pack stays text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "' onmouseover='alert(1)", "{{7*7}}{% debug %}"])
def test_words_of_a_pack_stay_text(words: str, hq: Client, cast: Cast) -> None:
    quoted = words.replace("'", "''")
    hostile = PACK.replace("修理超过三日的，免费提供备用机。", f"'{quoted}'").replace(
        "A loan unit after three days", f"'{quoted}'"
    )
    pages = [look(hq, hostile), look(hq, hostile.replace("kind: remedy", "kind: remedi"))]
    pack = in_force(cast, hostile)
    pages += [
        hq.get(reverse("policies")),
        hq.get(reverse("policies"), {"q": words}),
        hq.get(reverse("policy_pack", args=[PACK_ID])),
        hq.get(reverse("policy_rule", args=[f"{PACK_ID}.loan"])),
        hq.get(reverse("policy_version", args=[pack.id])),
        hq.get(PROPOSE, {"pack": words}),
    ]
    for page in pages:
        text = page.content.decode()
        assert "alert(1)</script>" not in text
        assert "' onmouseover='alert" not in text
        assert "<pre>" not in text
    assert "49" not in pages[5].context["cards"][0].title


# In the browser


@pytest.mark.django_db(transaction=True)
def test_the_refused_line_is_one_click_away(open_as: Open, cast: Cast) -> None:
    page: Page = open_as(cast.headquarters[Role.HQ])
    page.goto(PROPOSE)
    text = page.locator("#id_text")
    text.fill(PACK.replace("kind: remedy", "kind: remedi"))
    page.get_by_role("button", name="See what would be different").click()
    expect(page.locator(".excerpt-here")).to_contain_text("kind: remedi")
    page.get_by_role("button", name="Go to the line").click()
    expect(text).to_be_focused()
    marked = (
        "() => { const one = document.activeElement; return one.value.slice(one.selectionStart, one.selectionEnd); }"
    )
    assert "kind: remedi" in page.evaluate(marked)


def test_why_a_pack_is_refused_is_said_in_chinese() -> None:
    with pytest.raises(PackRefused) as caught:
        read_pack("pack: house\npack: house\n", file="house.yaml")
    with override("zh-hans"):
        assert "“pack”出现了两次" in sentence(caught.value)
