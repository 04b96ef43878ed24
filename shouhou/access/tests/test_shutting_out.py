"""What is done about somebody's way in: each act, who may do it, over whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import models

from shouhou.access.actions import (
    DisplayNameMissing,
    EmailInvalid,
    NoSecondFactor,
    OwnSignIn,
    PasswordLinkSpent,
    PasswordSet,
    PasswordTooWeak,
    ReachesFurther,
    ReasonOwed,
    TokenUserInactive,
    UserActive,
    UserInactive,
    UsernameInvalid,
    UsernameTaken,
    assign_role,
    change_user,
    choose_password,
    deactivate_user,
    hand_out_password_link,
    issue_token,
    reactivate_user,
    register_user,
    reset_password,
    reset_second_factor,
    unlock_user,
)
from shouhou.access.actors import BranchNotVisible
from shouhou.access.models import ApiToken, User
from shouhou.access.passwords import link_of, user_of_link
from shouhou.access.permissions import Role
from shouhou.access.queries import UserNotFound, find_locked_out
from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.ids import uuid7
from tests.cast import NOW, PASSWORD, Cast, refuses

type Act = Callable[..., object]

WHY = {"reason": "按本人要求"}
ACTS: list[tuple[Act, dict[str, str]]] = [
    (deactivate_user, WHY),
    (reactivate_user, WHY),
    (reset_password, WHY),
    (reset_second_factor, WHY),
    (hand_out_password_link, {}),
    (unlock_user, {}),
    (change_user, {"display_name": "周敏", "email": ""}),
]
named = pytest.mark.parametrize(("act", "given"), ACTS, ids=[act.__name__ for act, _ in ACTS])


@pytest.fixture
def clerk(cast: Cast) -> User:
    assert cast.qd.clerk.user
    return cast.qd.clerk.user


def by(cast: Cast) -> dict[str, Any]:
    return {"by": cast.qd.administrator, "at": NOW}


def fresh(user: User) -> User:
    return User.objects.get(id=user.id)


@named
def test_only_who_administers_all_his_branches_may(act: Act, given: dict[str, str], cast: Cast, clerk: User) -> None:
    for actor, refusal in (
        (cast.qd.supervisor, NotPermitted),
        (cast.headquarters[Role.MANAGER], NotPermitted),
        (cast.jn.administrator, BranchNotVisible),
    ):
        with refuses(refusal):
            act(clerk.id, **given, by=actor, at=NOW)
    with refuses(UserNotFound):
        act(uuid7(), **given, **by(cast))
    assign_role(clerk, role=Role.CLERK, branch=cast.jn.branch, by=cast.root, at=NOW)
    with refuses(ReachesFurther):
        act(clerk.id, **given, **by(cast))


@named
def test_nobody_does_it_to_himself(act: Act, given: dict[str, str], cast: Cast) -> None:
    administrator = cast.qd.administrator
    assert administrator.user
    if act in (unlock_user, change_user):
        act(administrator.user.id, **given, by=administrator, at=NOW)
        return
    with refuses(OwnSignIn):
        act(administrator.user.id, **given, by=administrator, at=NOW)


@pytest.mark.parametrize("act", [deactivate_user, reactivate_user, reset_password, reset_second_factor])
def test_a_reason_is_owed(act: Act, cast: Cast, clerk: User) -> None:
    with refuses(ReasonOwed):
        act(clerk.id, reason="  ", **by(cast))


def test_shut_out_his_sessions_and_tokens_end(cast: Cast, clerk: User) -> None:
    before = clerk.get_session_auth_hash()
    token, _ = issue_token(
        clerk, name="x", expires_at=NOW + timedelta(9), branch=cast.qd.branch, by=cast.qd.clerk, at=NOW
    )
    deactivate_user(clerk.id, reason="离职", **by(cast))
    assert not fresh(clerk).is_active
    assert ApiToken.objects.get(id=token.id).revoked_at == NOW
    with refuses(UserInactive):
        deactivate_user(clerk.id, reason="离职", **by(cast))
    with refuses(TokenUserInactive):
        issue_token(clerk, name="y", expires_at=NOW + timedelta(9), branch=cast.qd.branch, **by(cast))
    reactivate_user(clerk.id, reason="回来", **by(cast))
    # Let in again, but not through what was open before.
    assert fresh(clerk).get_session_auth_hash() != before
    assert ApiToken.objects.get(id=token.id).revoked_at == NOW
    with refuses(UserActive):
        reactivate_user(clerk.id, reason="回来", **by(cast))


def test_a_reset_password_no_longer_fits_and_ends_the_sessions(cast: Cast, clerk: User) -> None:
    before = clerk.get_session_auth_hash()
    reset_password(clerk.id, reason="忘了", **by(cast))
    assert not fresh(clerk).check_password(PASSWORD)
    assert fresh(clerk).get_session_auth_hash() != before
    deactivate_user(clerk.id, reason="离职", **by(cast))
    with refuses(UserInactive):
        reset_password(clerk.id, reason="忘了", **by(cast))


def test_a_link_is_good_once(cast: Cast, clerk: User) -> None:
    reset_password(clerk.id, reason="忘了", **by(cast))
    link = link_of(hand_out_password_link(clerk.id, **by(cast)))
    with refuses(PasswordTooWeak):
        choose_password(link, password="12345678", channel="web", at=NOW)
    choose_password(link, password="seven green lamps", channel="web", at=NOW)
    assert fresh(clerk).check_password("seven green lamps")
    assert Event.objects.get(verb="access.user.password_chosen").actor_id == clerk.id
    with refuses(PasswordLinkSpent):
        choose_password(link, password="seven green lamps 2", channel="web", at=NOW)


def test_beside_a_password_there_is_no_link(cast: Cast, clerk: User) -> None:
    with refuses(PasswordSet):
        hand_out_password_link(clerk.id, **by(cast))


def test_a_later_reset_and_a_closed_door_end_a_link(cast: Cast, clerk: User) -> None:
    link = link_of(reset_password(clerk.id, reason="忘了", **by(cast)))
    assert user_of_link(link, User.objects.all()) == clerk
    later = link_of(reset_password(clerk.id, reason="又忘了", **by(cast)))
    assert user_of_link(link, User.objects.all()) is None
    deactivate_user(clerk.id, reason="离职", **by(cast))
    assert user_of_link(later, User.objects.all()) is None


@pytest.mark.parametrize("link", ["", "-", "x-y", f"{'0' * 32}-a-b", "\0"])
def test_a_made_up_link_opens_nothing(link: str, cast: Cast) -> None:
    with refuses(PasswordLinkSpent):
        choose_password(link, password=PASSWORD, channel="web", at=NOW)


def test_a_link_is_good_for_a_day(cast: Cast, clerk: User, settings: Any) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT == 24 * 60 * 60
    link = link_of(reset_password(clerk.id, reason="忘了", **by(cast)))
    settings.PASSWORD_RESET_TIMEOUT = -1  # as if the day were over
    assert user_of_link(link, User.objects.all()) is None


def test_a_second_factor_goes_with_its_recovery_codes(cast: Cast, clerk: User) -> None:
    with refuses(NoSecondFactor):
        reset_second_factor(clerk.id, reason="手机丢了", **by(cast))
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=clerk, type=kind, data={})
    before = fresh(clerk).get_session_auth_hash()
    reset_second_factor(clerk.id, reason="手机丢了", **by(cast))
    assert not Authenticator.objects.filter(user=clerk).exists()
    assert fresh(clerk).get_session_auth_hash() != before
    event = Event.objects.get(verb="access.user.second_factor_reset")
    assert event.data == {"reason": "手机丢了", "factors": ["recovery_codes", "totp"]}


def test_unlocked_is_the_one_and_not_his_neighbour(cast: Cast, clerk: User) -> None:
    for name in (clerk.username, "clerk.jn"):
        AccessAttempt.objects.create(username=name, ip_address="10.0.0.9", failures_since_start=5)
    at = AccessAttempt.objects.aggregate(models.Max("attempt_time"))["attempt_time__max"]
    assert find_locked_out([clerk.username, "clerk.jn"], at=at) == {clerk.username, "clerk.jn"}
    assert not find_locked_out([clerk.username], at=at + timedelta(hours=1))
    unlock_user(clerk.id, **by(cast))
    assert find_locked_out([clerk.username, "clerk.jn"], at=at) == {"clerk.jn"}


def test_name_and_address_are_corrected_and_the_address_stays_out_of_the_journal(cast: Cast, clerk: User) -> None:
    change_user(clerk.id, display_name=" 周敏 ", email="zhou@example.com", **by(cast))
    assert (fresh(clerk).display_name, fresh(clerk).email) == ("周敏", "zhou@example.com")
    event = Event.objects.get(verb="access.user.changed")
    assert event.data["display_name"][1] == "周敏"
    assert "zhou@example.com" not in str(event.data)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"display_name": " "}, DisplayNameMissing), ({"email": "kein at"}, EmailInvalid)],
)
def test_it_refuses_a_bad_correction(given: dict[str, str], refusal: type[Refusal], cast: Cast, clerk: User) -> None:
    with refuses(refusal):
        change_user(clerk.id, **by(cast) | {"display_name": "周敏", "email": ""} | given)


@pytest.mark.parametrize(
    ("username", "refusal"),
    [("CLERK.qd", UsernameTaken), ("a b", UsernameInvalid), ("", UsernameInvalid), ("x/y", UsernameInvalid)],
)
def test_a_user_name_is_one_word_that_nobody_has(username: str, refusal: type[Refusal], cast: Cast) -> None:
    with refuses(refusal):
        register_user(username=username, display_name="周敏", password=None, branch=cast.qd.branch, **by(cast))
