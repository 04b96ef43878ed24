"""The company's own packs: proposed by one, approved by another, never edited, never against the law or each other."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from shouhou.access.models import User
from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.audit.queries import find_faults
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.texts import TextTooLong, TextUnreadable
from shouhou.policies import actions
from shouhou.policies.actions import (
    ExampleComesOutOtherwise,
    NoReasonGiven,
    NotTheCompanysLayer,
    OwnProposal,
    PackNameTaken,
    PackRuledOn,
    PackUnchanged,
    PersonNeeded,
    ProposalOpen,
    RuleRewritten,
    propose_pack,
    rule_on_pack,
)
from shouhou.policies.models import CompanyPack, PackRuling
from shouhou.policies.queries import (
    CompanyPackNotFound,
    book_in_force,
    find_company_packs,
    find_packs_in_force,
    get_company_pack,
)
from shouhou.policies.rules.book import PacksContradict
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.schema.marked import PackRefused
from shouhou.policies.tests.cast import HEAD, entry, verdict_on
from tests.cast import NOW, Cast, refuses

TODAY = date(2026, 11, 23)
TEN_YEARS = "kind: guarantee, segment: whole_unit, months: {}"
TEXT = (
    HEAD + entry("long", TEN_YEARS.format(120)) + entry("rhythm", "kind: rhythm, of: greeting, every: 1, unit: months")
)

pytestmark = pytest.mark.django_db


def propose(cast: Cast, text: str = TEXT, **more: Any) -> CompanyPack:
    how: dict[str, Any] = {
        "reason": "活动",
        "branch": cast.hq,
        "by": cast.headquarters[Role.HQ],
        "at": NOW,
        "today": TODAY,
    }
    return propose_pack(text, **(how | more))


def rule_on(cast: Cast, pack: CompanyPack, *, approve: bool = True, **more: Any) -> PackRuling:
    how: dict[str, Any] = {
        "reason": "",
        "branch": cast.hq,
        "by": cast.headquarters[Role.MANAGER],
        "at": NOW,
        "today": TODAY,
    }
    return rule_on_pack(pack.id, approve=approve, **(how | more))


def in_force(cast: Cast, text: str = TEXT) -> CompanyPack:
    pack = propose(cast, text)
    rule_on(cast, pack)
    return pack


def test_a_pack_counts_once_another_person_has_approved_it(cast: Cast) -> None:
    pack = propose(cast)
    assert (pack.name, pack.version, pack.reason) == ("house", 1, "活动")
    assert book_in_force().fingerprint == shipped_book().fingerprint
    rule_on(cast, pack)
    verdict = verdict_on(book_in_force())
    assert verdict.rights["guarantee.whole_unit"].winner.rule.id == "house.long"


def test_who_proposed_cannot_approve(cast: Cast) -> None:
    pack = propose(cast, by=cast.headquarters[Role.MANAGER])
    with refuses(OwnProposal):
        rule_on(cast, pack)
    assert rule_on(cast, pack, by=cast.headquarters[Role.HQ]).approved


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR])
def test_other_roles_can_do_neither(cast: Cast, role: Role) -> None:
    with refuses(NotPermitted):
        propose(cast, by=cast.headquarters[role])
    pack = propose(cast)
    with refuses(NotPermitted):
        rule_on(cast, pack, by=cast.headquarters[role])


def test_a_branch_cannot_make_rules_for_the_company(cast: Cast) -> None:
    manager = cast.qd.actors[Role.MANAGER]
    with refuses(NotPermitted):
        propose(cast, by=manager, branch=cast.qd.branch)
    pack = propose(cast)
    with refuses(NotPermitted):
        rule_on(cast, pack, by=manager, branch=cast.qd.branch)


def test_the_product_itself_makes_no_rules(cast: Cast) -> None:
    with refuses(PersonNeeded):
        propose(cast, by=cast.root)


def test_a_refused_pack_never_counts_and_the_next_version_may_come(cast: Cast) -> None:
    pack = propose(cast)
    with refuses(NoReasonGiven):
        rule_on(cast, pack, approve=False)
    rule_on(cast, pack, approve=False, reason="太贵")
    assert not find_packs_in_force().exists()
    assert in_force(cast).version == 2
    assert [one.version for one in find_packs_in_force()] == [2]


def test_a_version_is_ruled_on_once(cast: Cast) -> None:
    pack = in_force(cast)
    with refuses(PackRuledOn):
        rule_on(cast, pack)
    with refuses(PackRuledOn):
        rule_on(cast, pack, approve=False, reason="后悔")


def test_one_proposal_at_a_time(cast: Cast) -> None:
    propose(cast)
    with refuses(ProposalOpen):
        propose(cast, TEXT.replace("120", "130"))


def test_two_proposals_in_the_same_moment(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_is_faster(*_: Any, **__: Any) -> None:
        user = User.objects.get(username="manager.hq")
        CompanyPack.objects.create(name="house", version=1, text=TEXT, proposed_by=user, proposed_at=NOW)

    monkeypatch.setattr(actions, "check_pack", somebody_is_faster)
    with pytest.raises(ProposalOpen):
        propose(cast)
    assert not Event.objects.filter(verb__startswith="policies.").exists()


def test_what_is_said_already_is_not_said_again(cast: Cast) -> None:
    in_force(cast)
    with refuses(PackUnchanged):
        propose(cast)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (TEXT.replace("months: 120", "moons: 120"), PackRefused),
        (TEXT.replace("pack: house", "pack: cn-beijing"), PackNameTaken),
        (TEXT.replace("layer: seller", "layer: statute"), NotTheCompanysLayer),
        (TEXT.replace("layer: seller", "layer: platform"), NotTheCompanysLayer),
        (TEXT + entry("other", "kind: rhythm, of: greeting, every: 2, unit: months"), PacksContradict),
        (
            TEXT
            + '    examples: [{given: {matter: defect, on: "2026-01-01"}, expect: {"rhythm.greeting:limit": 2 months}}]\n',
            ExampleComesOutOtherwise,
        ),
        ("x" * 200_001, TextTooLong),
        (TEXT.replace("One.", "O\0ne."), TextUnreadable),
    ],
)
def test_a_wrong_pack_is_refused(cast: Cast, text: str, error: type[Refusal]) -> None:
    with refuses(error):
        propose(cast, text)


def test_a_reason_is_owed(cast: Cast) -> None:
    with refuses(NoReasonGiven):
        propose(cast, reason="  ")


def test_two_packs_that_contradict_each_other_are_not_both_approved(cast: Cast) -> None:
    first = propose(cast)
    other = TEXT.replace("pack: house", "pack: garden").replace("every: 1", "every: 2")
    second = propose(cast, other)
    rule_on(cast, first)
    with refuses(PacksContradict):
        rule_on(cast, second)
    rule_on(cast, second, approve=False, reason="与另一规则包矛盾")


def ended(day: date) -> str:
    """The long guarantee ends; a shorter one follows."""
    first = entry("long", TEN_YEARS.format(120), f'until: "{day}"')
    return TEXT.replace(
        entry("long", TEN_YEARS.format(120)), first + entry("long", TEN_YEARS.format(24), f'since: "{day}"')
    )


def test_a_promise_ends_and_is_kept_to_those_who_bought_under_it(cast: Cast) -> None:
    in_force(cast)
    in_force(cast, ended(TODAY + timedelta(days=1)))
    book = book_in_force()
    for sold, months in ((TODAY, 120), (TODAY + timedelta(days=1), 24)):
        verdict = verdict_on(book, on="2027-01-01", sold_on=str(sold), delivered_on=str(sold), trader_installs=False)
        then = verdict.rights["guarantee.whole_unit"].winner.rule.then
        assert getattr(then, "months", None) == months


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("months: 120", "months: 24"),
        TEXT.replace(entry("long", TEN_YEARS.format(120)), ""),
        ended(TODAY - timedelta(days=1)),
        TEXT.replace("layer: seller", "layer: brand"),
    ],
)
def test_what_counts_already_is_not_rewritten(cast: Cast, text: str) -> None:
    in_force(cast)
    with refuses(RuleRewritten):
        propose(cast, text)


def test_an_end_that_has_passed_stays(cast: Cast) -> None:
    past = TEXT.replace(
        entry("long", TEN_YEARS.format(120)),
        entry("long", TEN_YEARS.format(120), 'since: "2020-01-01"', 'until: "2024-01-01"'),
    )
    in_force(cast, past)
    with refuses(RuleRewritten):
        propose(cast, past.replace('until: "2024-01-01"', 'until: "2028-01-01"'))


def test_what_has_not_begun_may_still_change(cast: Cast) -> None:
    coming = TEXT + entry("coming", "kind: duty, what: smile", 'since: "2027-01-01"')
    in_force(cast, coming)
    assert in_force(cast).version == 2


def test_words_may_be_mended(cast: Cast) -> None:
    in_force(cast)
    assert in_force(cast, TEXT.replace("zh: 一。", "zh: 一条。")).version == 2


def test_nothing_is_edited_or_deleted(cast: Cast) -> None:
    pack = in_force(cast)
    for rows in (CompanyPack.objects.filter(id=pack.id), PackRuling.objects.filter(pack=pack)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(reason="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")


def test_every_step_is_in_the_journal(cast: Cast) -> None:
    pack = in_force(cast)
    events = Event.objects.filter(subject_id=pack.id).order_by("sequence")
    assert [one.verb for one in events] == ["policies.company_pack.proposed", "policies.company_pack.approved"]
    assert events[0].data == {"name": "house", "version": 1, "reason": "活动"}
    assert not list(find_faults())


def test_versions_are_found_newest_first(cast: Cast) -> None:
    in_force(cast)
    in_force(cast, TEXT.replace("zh: 一。", "zh: 一条。"))
    assert [(one.name, one.version, one.ruling.approved) for one in find_company_packs()] == [
        ("house", 2, True),
        ("house", 1, True),
    ]


def test_a_version_that_is_not_there_is_not_found(cast: Cast) -> None:
    pack = propose(cast)
    assert get_company_pack(pack.id) == pack
    stranger = CompanyPack(name="x", version=1)
    with refuses(CompanyPackNotFound):
        rule_on(cast, stranger)
    with pytest.raises(CompanyPackNotFound):
        get_company_pack(stranger.id)


def test_the_book_is_made_once_per_set_of_versions(cast: Cast, django_assert_num_queries: Any) -> None:
    in_force(cast)
    first = book_in_force()
    with django_assert_num_queries(1):
        assert book_in_force() is first
