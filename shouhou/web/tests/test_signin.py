"""The door: who gets in, who is kept out, and for how long."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from shouhou.access.models import User
from shouhou.web.signin import CompanySignInAdapter
from tests.cast import PASSWORD, Crew

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def clerk(qd: Crew) -> User:
    assert qd.clerk.user
    return qd.clerk.user


def attempt(client: Client, user: User, password: str, **address: Any) -> Any:
    return client.post(LOGIN, {"login": user.username, "password": password}, **address)


def test_the_right_password_lets_in(client: Client, clerk: User) -> None:
    assert attempt(client, clerk, PASSWORD).status_code == 302
    assert client.session["_auth_user_id"] == str(clerk.pk)


def test_a_wrong_one_does_not_and_says_no_more_than_that(client: Client, clerk: User) -> None:
    wrong = attempt(client, clerk, "wrong").content.decode()
    clerk.username = "nobody"
    assert wrong.count("notice") == attempt(client, clerk, "wrong").content.decode().count("notice") > 0


def test_five_wrong_ones_lock_the_account_at_this_address(client: Client, clerk: User) -> None:
    for _ in range(4):
        assert attempt(client, clerk, "wrong").status_code == 200
    locked = attempt(client, clerk, "wrong")
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert "15" in locked.content.decode()
    assert attempt(client, clerk, PASSWORD).status_code == 429


def test_elsewhere_the_owner_still_gets_in(client: Client, clerk: User) -> None:
    for _ in range(6):
        attempt(client, clerk, "wrong", REMOTE_ADDR="203.0.113.9")
    assert attempt(Client(), clerk, PASSWORD, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_the_second_step_is_asked_for(client: Client, clerk: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(clerk, generate_totp_secret())
    assert attempt(client, clerk, PASSWORD).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/accounts/2fa/authenticate/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/recovery-codes/",
        "password/change/",
        "reauthenticate/",
        "logout/",
        "3rdparty/",
    ],
)
def test_every_page_about_ones_own_sign_in_is_drawn(client: Client, clerk: User, path: str) -> None:
    attempt(client, clerk, PASSWORD)
    response = client.get(f"/accounts/{path}", follow=True)
    assert response.status_code in (200, 404)  # recovery codes are not there before a second step is
    assert b"css/tokens" in response.content


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password"])
def test_a_closed_house_has_no_such_door(name: str) -> None:
    from shouhou.web.urls import signin

    assert name not in {pattern.name for pattern in signin if hasattr(pattern, "name")}
    with pytest.raises(NoReverseMatch):
        reverse(name, urlconf="shouhou.web.urls")


def from_company(email: str, *, verified: bool = True) -> SocialLogin:
    """What the company's identity provider says of someone."""
    return SocialLogin(
        user=User(email=email),
        account=SocialAccount(provider="company", uid="u-1"),
        email_addresses=[EmailAddress(email=email, verified=verified)],
    )


def knock(rf: RequestFactory, login: SocialLogin, user: User | None = None) -> HttpResponse | None:
    """What one sees who comes from there; None: he is let in."""
    request: HttpRequest = rf.get("/accounts/oidc/company/login/callback/")
    request.user = user or AnonymousUser()
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    try:
        CompanySignInAdapter(request).pre_social_login(request, login)
    except ImmediateHttpResponse as refused:
        return refused.response
    return None


@pytest.fixture
def colleague(clerk: User, settings: Any) -> User:
    """Has an account and an address that the company knows; the company has its own sign-in."""
    app = {"provider_id": "company", "name": "OIDC", "client_id": "id", "secret": "secret"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    clerk.email = "zhou.min@example.com"
    clerk.save(update_fields=["email"])
    return clerk


def test_the_company_lets_its_colleague_in(rf: RequestFactory, colleague: User) -> None:
    login = from_company("Zhou.Min@example.com")
    assert knock(rf, login) is None
    assert login.user == colleague
    assert SocialAccount.objects.get(uid="u-1").user == colleague


def test_it_lets_no_one_in_without_an_account(rf: RequestFactory, colleague: User) -> None:
    refused = knock(rf, from_company("stranger@example.com"))
    assert refused is not None
    assert refused.status_code == 403
    assert not User.objects.filter(email="stranger@example.com").exists()


def test_it_does_not_trust_an_unverified_address(rf: RequestFactory, colleague: User) -> None:
    assert knock(rf, from_company("zhou.min@example.com", verified=False)) is not None


def test_it_does_not_open_a_closed_account(rf: RequestFactory, colleague: User) -> None:
    colleague.is_active = False
    colleague.save(update_fields=["is_active"])
    assert knock(rf, from_company("zhou.min@example.com")) is not None


def test_it_does_not_guess_between_two_accounts(rf: RequestFactory, colleague: User, qd: Crew) -> None:
    other = qd.supervisor.user
    assert other
    other.email = colleague.email
    other.save(update_fields=["email"])
    assert knock(rf, from_company("zhou.min@example.com")) is not None


def test_someone_signed_in_cannot_take_anothers_identity(rf: RequestFactory, colleague: User, qd: Crew) -> None:
    assert knock(rf, from_company("zhou.min@example.com"), user=qd.supervisor.user) is not None
