"""Signing in with others' help, from the first page to the last: an authenticator app, and the company's own sign-in.

The app is computed here from RFC 6238; the company's sign-in is a server of OpenID Connect on this computer.
"""

import base64
import hmac
import json
import re
import struct
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from shouhou.access.models import User
from tests.cast import PASSWORD, Crew

pytestmark = pytest.mark.one_database
LOGIN, SECOND = "/accounts/login/", "/accounts/2fa/authenticate/"
APP, AGAIN = "/accounts/2fa/totp/activate/", "/accounts/reauthenticate/"
CODE = r"<li>([0-9a-f]{8})</li>"
COMPANY = "/accounts/oidc/company/login/"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def clerk(qd: Crew) -> User:
    assert qd.clerk.user
    return qd.clerk.user


def shown_by_app(secret: str) -> str:
    """The six digits of this half minute (RFC 6238, over RFC 4226)."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    mac = hmac.digest(base64.b32decode(secret), moment, "sha1")
    offset = mac[-1] & 0x0F
    return f"{(int.from_bytes(mac[offset : offset + 4]) & 0x7FFFFFFF) % 10**6:06}"


def with_password(user: User) -> tuple[Client, Any]:
    client = Client()
    return client, client.post(LOGIN, {"login": user.username, "password": PASSWORD})


def offered(client: Client) -> str:
    """The key of a new app, shown after the password was asked for once more."""
    asked = client.get(APP)
    assert asked.headers["Location"].startswith(AGAIN)
    assert client.post(asked.headers["Location"], {"password": PASSWORD}).headers["Location"] == APP
    keys: list[str] = re.findall(r"\b[A-Z2-7]{32}\b", client.get(APP).content.decode())
    return keys[0]


def test_an_app_is_enrolled_and_asked_for_from_then_on(clerk: User) -> None:
    client, _ = with_password(clerk)
    secret = offered(client)
    wrong = f"{(int(shown_by_app(secret)) + 1) % 10**6:06}"
    assert client.post(APP, {"code": wrong}).status_code == 200
    assert client.post(APP, {"code": shown_by_app(secret)}).status_code == 302
    codes = re.findall(CODE, client.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10

    client, asked = with_password(clerk)
    assert asked.headers["Location"].startswith(SECOND)
    assert "_auth_user_id" not in client.session
    assert client.post(SECOND, {"code": wrong}).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(SECOND, {"code": shown_by_app(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(clerk.pk)


def test_a_recovery_code_lets_in_once(clerk: User) -> None:
    client, _ = with_password(clerk)
    secret = offered(client)
    client.post(APP, {"code": shown_by_app(secret)})
    code = re.findall(CODE, client.get("/accounts/2fa/recovery-codes/").content.decode())[0]
    first, _ = with_password(clerk)
    assert first.post(SECOND, {"code": code}).status_code == 302
    again, _ = with_password(clerk)
    assert again.post(SECOND, {"code": code}).status_code == 200
    assert "_auth_user_id" not in again.session


class Provider(ThreadingHTTPServer):
    """The company's sign-in: says where everything is, changes a code for a token, says whose token it is."""

    def __init__(self, person: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.person, self.challenge, self.refused = person, "", 0
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        here = self.server.address
        if self.path == "/.well-known/openid-configuration":
            places = {
                "authorization_endpoint": "/authorize",
                "token_endpoint": "/token",
                "userinfo_endpoint": "/person",
            }
            self._say(200, {"issuer": here} | {name: here + path for name, path in places.items()})
        elif self.path == "/person" and self.headers["Authorization"] == "Bearer the token":
            self._say(200, self.server.person)
        else:
            self._say(401, {})

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        proof = base64.urlsafe_b64encode(sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
        if sent["code"] == ["the code"] and proof == self.server.challenge:
            self._say(200, {"access_token": "the token", "token_type": "Bearer"})
        else:
            self.server.refused += 1
            self._say(400, {"error": "invalid_grant"})

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def provider(clerk: User, settings: Any) -> Iterator[Provider]:
    clerk.email = "zhou.min@example.com"
    clerk.save(update_fields=["email"])
    server = Provider({"sub": "u-1", "email": clerk.email, "email_verified": True, "name": "周敏"})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "company", "name": "OIDC", "client_id": "shouhou", "secret": "secret"}
    app |= {"settings": {"server_url": server.address}}  # type: ignore[dict-item]  # as allauth wants it
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    yield server
    server.shutdown()
    server.server_close()


def sent_there(client: Client, provider: Provider) -> dict[str, str]:
    """With what one is sent to the company's sign-in."""
    there = client.post(COMPANY).headers["Location"]
    assert there.startswith(f"{provider.address}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    provider.challenge = asked["code_challenge"]
    return asked


def test_the_company_sends_its_colleague_back_signed_in(client: Client, clerk: User, provider: Provider) -> None:
    asked = sent_there(client, provider)
    assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == ("shouhou", "code", "S256")
    assert urlsplit(asked["redirect_uri"]).path == f"{COMPANY}callback/"
    back = client.get(f"{COMPANY}callback/", {"code": "the code", "state": asked["state"]})
    assert back.status_code == 302, back.content
    assert client.session["_auth_user_id"] == str(clerk.pk)


def test_whoever_did_not_start_here_or_brings_another_code_stays_outside(client: Client, provider: Provider) -> None:
    sent_there(client, provider)
    forged = client.get(f"{COMPANY}callback/", {"code": "the code", "state": "somebody else's"})
    assert forged.status_code < 500
    assert "_auth_user_id" not in client.session
    asked = sent_there(client, provider)
    client.get(f"{COMPANY}callback/", {"code": "another code", "state": asked["state"]})
    assert provider.refused == 1
    assert "_auth_user_id" not in client.session
    provider.person["email"] = "stranger@example.com"
    asked = sent_there(client, provider)
    stranger = client.get(f"{COMPANY}callback/", {"code": "the code", "state": asked["state"]})
    assert stranger.status_code == 403
    assert "_auth_user_id" not in client.session
