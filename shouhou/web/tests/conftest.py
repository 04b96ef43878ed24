"""Browsers without a browser: a Django client that is signed in as one of the cast."""

from collections.abc import Callable

import pytest
from django.test import Client

from shouhou.access.actors import Actor

type SignIn = Callable[[Actor], Client]


@pytest.fixture
def as_(db: None) -> SignIn:
    """`as_(qd.supervisor)`: a client with his session, reading English."""

    def sign_in(actor: Actor) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        assert actor.user
        client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
