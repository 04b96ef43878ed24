import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.kernel.money import Money
from shouhou.ledger import actions
from shouhou.ledger.queries import find_accounts, find_crossings_on_their_way, get_account, get_hold
from shouhou.ledger.rules import Reference, credit, debit
from shouhou.ledger.verifying import LedgerFault
from shouhou.web.ledger_faults import FAULTS
from shouhou.web.tests.test_wall import signed_in
from shouhou.web.views.ledger import proof
from tests.bookkeeping import TEN, named_in_books
from tests.cast import Crew, unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(qd: Crew) -> dict[str, Any]:
    return named_in_books(qd)


@pytest.fixture
def accountant(qd: Crew) -> Client:
    return signed_in(qd.actors[Role.ACCOUNTANT])


def post(crew: Crew, take: Any, give: Any, amount: str, memo: str = "", **told: Any) -> Any:
    money = Money(Decimal(amount))
    given = {"at": timezone.now(), "by": crew.actors[Role.ACCOUNTANT], "key": str(uuid4()), **told}
    return actions.post_entry([debit(take, money), credit(give, money)], memo=memo, **given)


def test_accounts_stand_under_their_kinds_with_what_is_available(accountant: Client, named: dict[str, Any]) -> None:
    text = accountant.get(reverse("ledger")).content.decode()
    assert "Deposit of a seller" in text
    assert all(figure in text for figure in ("¥100.00", "¥90.00", "¥10.00"))


def test_only_one_kind(accountant: Client, named: dict[str, Any]) -> None:
    text = accountant.get(reverse("ledger"), {"kind": "bank"}).content.decode()
    assert reverse("ledger_account", args=[named["account"]]) in text
    assert reverse("ledger_account", args=[named["account_id"]]) not in text


def test_the_list_asks_the_same_however_many_accounts(
    accountant: Client, qd: Crew, named: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    owners = [Reference("technician", str(qd.technician.id)), Reference("customer", str(qd.customer.id))]
    owners += [Reference("seller", f"店铺{number}") for number in range(20)]
    for owner in owners:
        told: dict[str, Any] = {"by": qd.actors[Role.ACCOUNTANT], "at": timezone.now()}
        actions.open_account(qd.branch, kind="receivable", owner=owner, **told)
    with django_assert_max_num_queries(20):
        text = accountant.get(reverse("ledger")).content.decode()
    assert qd.technician.name in text


def test_an_open_clearing_account_says_for_how_long(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    told: dict[str, Any] = {"by": qd.actors[Role.ACCOUNTANT], "at": timezone.now() - timedelta(days=4)}
    owner = Reference("seller", "来历不明")
    clearing = actions.open_account(qd.branch, kind="suspense", owner=owner, **told).id
    post(qd, named["account"], clearing, "7", at=told["at"])
    for name in ("ledger", "home"):
        assert "open for 4 days" in accountant.get(reverse(name)).content.decode(), name
    assert "来历不明" in accountant.get(reverse("ledger_proof")).content.decode()
    post(qd, clearing, named["account"], "7")
    assert "open for" not in accountant.get(reverse("home")).content.decode()


# The statement: the same figures on the page and in both sheets


def statement(client: Client, named: dict[str, Any], **period: Any) -> list[list[str]]:
    answer = client.get(reverse("ledger_sheet", args=[named["account_id"]]), {"file": "csv", **period})
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_page_and_sheets_say_the_same(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    post(qd, named["account_id"], named["payee"], "12.34", "超时赔付", rule="jd-disputes-2025.advance-payout")
    year = {"first": "2026-01-01", "last": timezone.localdate().isoformat()}
    rows = statement(accountant, named, **year)
    assert [row[5:8] for row in rows[1:]] == [
        ["", "", "0.00"], ["90.00", "", "90.00"], ["10.00", "", "100.00"], ["", "12.34", "87.66"], ["", "", "87.66"],
    ]  # fmt: skip
    text = accountant.get(reverse("ledger_account", args=[named["account_id"]]), year).content.decode()
    assert all(f"¥{figure}" in text for row in rows[1:] for figure in row[5:8] if figure)
    assert reverse("policy_rule", args=["jd-disputes-2025.advance-payout"]) in text
    packed = accountant.get(reverse("ledger_sheet", args=[named["account_id"]]), {"file": "xlsx", **year})
    content = b"".join(packed.streaming_content)  # type: ignore[attr-defined]
    sheet = ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert all(f">{cell}<" in sheet for row in rows for cell in row if cell)


def test_both_days_of_the_period_belong_to_it(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    day = (timezone.localtime() - timedelta(days=1)).date()
    assert len(statement(accountant, named, first=day, last=day)) == 1 + 2 + 2
    after = day + timedelta(days=1)
    assert [row[7] for row in statement(accountant, named, first=after, last=after)[1:]] == ["100.00", "100.00"]


def test_a_period_that_ends_before_it_begins_is_said_beside_the_field(
    accountant: Client, named: dict[str, Any]
) -> None:
    period = {"first": "2026-11-02", "last": "2026-11-01"}
    text = accountant.get(reverse("ledger_account", args=[named["account_id"]]), period).content.decode()
    assert "The last day comes before the first." in text


def test_nothing_in_a_sheet_is_a_formula(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    post(qd, named["account_id"], named["payee"], "1", '=HYPERLINK("http://evil.example")')
    cells = [cell for row in statement(accountant, named) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith("=")]


def test_another_kind_of_file_is_not_there(accountant: Client, named: dict[str, Any]) -> None:
    assert accountant.get(reverse("ledger_sheet", args=[named["account_id"]]), {"file": "exe"}).status_code == 404


# Entries


def test_an_entry_by_hand_is_booked_once(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    fields = {"key": str(uuid4()), "debit": named["debit"], "credit": named["credit"], "amount": "5", "memo": "赔付"}
    first = accountant.post(reverse("ledger_entry_new"), fields)
    assert first.status_code == 303
    with unchanged():
        assert accountant.post(reverse("ledger_entry_new"), fields)["Location"] == first["Location"]
    assert "赔付" in accountant.get(first["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "0"}, "more than zero"),
        ({"amount": "95"}, "Only 90.00 CNY are available"),
        ({"memo": ""}, "required"),
        ({"credit": ""}, "required"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    accountant: Client, named: dict[str, Any], changed: dict[str, str], said: str
) -> None:
    fields = {"debit": named["debit"], "credit": named["credit"], "amount": "5", "memo": "赔付丙", **changed}
    with unchanged():
        answer = accountant.post(reverse("ledger_entry_new"), fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert str(fields["memo"]) in answer.content.decode()


def test_both_sides_are_not_the_same_account(accountant: Client, named: dict[str, Any]) -> None:
    fields = {"debit": named["debit"], "credit": named["debit"], "amount": "5", "memo": "赔付"}
    with unchanged():
        answer = accountant.post(reverse("ledger_entry_new"), fields)
    assert "two different accounts" in answer.content.decode()


def test_an_entry_is_reversed_once_and_with_a_reason(accountant: Client, named: dict[str, Any]) -> None:
    address = reverse("ledger_entry_reverse", args=[named["journal_id"]])
    with unchanged():
        assert accountant.post(address, {"reason": ""}).status_code == 422
    assert accountant.post(address, {"reason": "重复入账"}).status_code == 303
    text = accountant.get(reverse("ledger_entry", args=[named["journal_id"]])).content.decode()
    assert "重复入账" in text
    assert address not in text
    with unchanged():
        answer = accountant.post(address, {"reason": "再来一次"})
    assert answer.status_code == 422


# Holds


def test_an_amount_is_set_aside_and_paid_in_part(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    by = qd.actors[Role.ACCOUNTANT]
    place = reverse("ledger_hold_place", args=[named["account_id"]])
    assert accountant.post(place, {"amount": "30", "memo": "争议"}).status_code == 303
    assert get_account(named["account_id"], by=by).held == TEN * 4
    pay = reverse("ledger_hold_pay", args=[named["hold_id"]])
    assert accountant.post(pay, {"payee": named["payee"], "amount": "4"}).status_code == 303
    assert get_account(named["account_id"], by=by).held == TEN * 3
    assert "Paid" in accountant.get(reverse("ledger_hold", args=[named["hold_id"]])).content.decode()
    with unchanged():
        again = accountant.post(pay, {"payee": named["payee"], "amount": "4"})
    assert again.status_code == 422
    assert "ended already" in again.content.decode()


def test_more_than_there_is_is_not_set_aside(accountant: Client, named: dict[str, Any]) -> None:
    with unchanged():
        answer = accountant.post(
            reverse("ledger_hold_place", args=[named["account_id"]]), {"amount": "91", "memo": "争议"}
        )
    assert answer.status_code == 422
    assert "Only 90.00 CNY are available" in answer.content.decode()


def test_a_hold_is_given_free_for_a_reason(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    void = reverse("ledger_hold_void", args=[named["hold_id"]])
    with unchanged():
        assert accountant.post(void, {"reason": " "}).status_code == 422
    assert accountant.post(void, {"reason": "撤诉"}).status_code == 303
    assert get_hold(named["hold_id"], by=qd.actors[Role.ACCOUNTANT]).status == "voided"
    assert "撤诉" in accountant.get(reverse("ledger_hold", args=[named["hold_id"]])).content.decode()
    assert (
        reverse("ledger_hold", args=[named["hold_id"]]) not in accountant.get(reverse("ledger_holds")).content.decode()
    )


# Other branches, and the proof


def test_money_is_sent_to_another_branch_once(accountant: Client, qd: Crew, jn: Crew, named: dict[str, Any]) -> None:
    fields = {"account": named["account"], "to": "JN", "into_kind": "bank", "amount": "30", "memo": "周转"}
    for _ in range(2):
        assert accountant.post(reverse("ledger_send"), fields | {"key": "6" * 32}).status_code == 303
    (crossing,) = find_crossings_on_their_way(qd.branch)
    assert (crossing.to_branch_id, crossing.amount) == (jn.branch.id, TEN * 3)
    assert jn.branch.name in accountant.get(reverse("ledger_proof")).content.decode()


def test_it_is_not_sent_to_the_own_branch(accountant: Client, named: dict[str, Any]) -> None:
    fields = {"account": named["account"], "to": "QD", "into_kind": "bank", "amount": "30", "memo": "周转"}
    with unchanged():
        assert accountant.post(reverse("ledger_send"), fields).status_code == 422


def test_the_books_are_proved_when_it_is_asked_for(accountant: Client, named: dict[str, Any]) -> None:
    assert "The books are right." not in accountant.get(reverse("ledger_proof")).content.decode()
    assert "The books are right." in accountant.get(reverse("ledger_proof"), {"state": "proved"}).content.decode()


def test_what_does_not_hold_is_named(
    accountant: Client, qd: Crew, named: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [LedgerFault(kind, qd.branch.id, uuid4(), "<b>1 ≠ 2</b>") for kind in FAULTS]
    monkeypatch.setattr(proof, "find_ledger_faults", lambda _branch: iter(faults * 9))
    text = accountant.get(reverse("ledger_proof"), {"state": "proved"}).content.decode()
    assert "The books are not right." in text
    assert all(str(words) in text for words in FAULTS.values())
    assert "<b>1" not in text
    assert "shouhou ledger verify" in text


def test_who_only_reads_is_offered_no_act(hq_reader: Client, named: dict[str, Any]) -> None:
    for name, key in (("ledger_account", "account_id"), ("ledger_entry", "journal_id"), ("ledger_hold", "hold_id")):
        text = hq_reader.get(reverse(name, args=[named[key]])).content.decode()
        assert "act-list" not in text


@pytest.fixture
def hq_reader(cast: Any) -> Client:
    return signed_in(cast.headquarters[Role.HQ], at=cast.qd)


def test_hostile_words_stay_words(accountant: Client, qd: Crew, named: dict[str, Any]) -> None:
    hostile = "<script>alert(1)</script>"
    told: dict[str, Any] = {"by": qd.actors[Role.ACCOUNTANT], "at": timezone.now()}
    account = actions.open_account(qd.branch, kind="receivable", owner=Reference("seller", hostile), **told).id
    source = Reference("claim", hostile)
    entry = post(qd, account, named["payee"], "1", hostile, source=source, rule=hostile)
    hold = actions.place_hold(named["account_id"], amount=TEN, key=hostile, memo=hostile, **told)
    pages = [reverse("ledger"), reverse("ledger_holds"), reverse("ledger_entry_new")]
    pages += [reverse("ledger_account", args=[account]), reverse("ledger_entry", args=[entry.id])]
    pages.append(reverse("ledger_hold", args=[hold.id]))
    for page in pages:
        text = accountant.get(page).content.decode()
        assert "&lt;script&gt;alert(1)" in text, page
        assert hostile not in text, page


def test_the_branch_of_the_reader_is_meant(accountant: Client, jn: Crew, named: dict[str, Any]) -> None:
    others = named_in_books(jn)
    text = accountant.get(reverse("ledger")).content.decode()
    assert str(named["account_id"]) in text
    assert str(others["account_id"]) not in text
    assert find_accounts(jn.branch, by=jn.actors[Role.ACCOUNTANT]).count() == 3
