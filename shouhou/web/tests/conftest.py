"""Browsers without a browser: a Django client that is signed in as one of the cast."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from shouhou.access.actors import Actor

type SignIn = Callable[[Actor], Client]
type Open = Callable[[Actor], Page]


@pytest.fixture
def as_(db: None) -> SignIn:
    """`as_(qd.supervisor)`: a client with his session, reading English."""

    def sign_in(actor: Actor) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        assert actor.user
        client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def open_as(open_page: Callable[..., Page], live_server: LiveServer, as_: SignIn) -> Open:
    """`open_as(qd.clerk)`: a browser window of its own in which he is signed in, reading English."""

    def open_one(actor: Actor) -> Page:
        page = open_page(locale="en-GB")
        key = as_(actor).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return page

    return open_one
