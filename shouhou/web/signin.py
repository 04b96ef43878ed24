"""How one gets in: accounts are given out by an administrator, never made at the door.

Wrong passwords are counted by django-axes per account *and* address (`AXES_LOCKOUT_PARAMETERS`): it watches Django's
`authenticate`, through which allauth signs in, and its middleware puts `locked_out` in the place of the answer.
"""

from math import ceil
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from axes.helpers import get_cool_off
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class SignInAdapter(DefaultAccountAdapter):
    """allauth, closed for sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave the counting of wrong passwords to axes.

        allauth counts them per account, whatever the address: anyone could lock a colleague out from outside. What it
        counts per address, all attempts to sign in, goes on.
        """


class CompanySignInAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the company's own identity provider (OIDC): for those who have an account here, for no one else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie an identity that is new here to the one open account with the e-mail address that the provider confirmed."""
        if sociallogin.is_existing:
            return
        user = _colleague(sociallogin)
        is_someone_else = request.user.is_authenticated and request.user != user
        if user is None or is_someone_else:
            raise ImmediateHttpResponse(render(request, "socialaccount/no_account.html", status=403))
        if not request.user.is_authenticated:
            sociallogin.connect(request, user)


def _colleague(sociallogin: SocialLogin) -> AbstractUser | None:
    confirmed = [address.email for address in sociallogin.email_addresses if address.verified and address.email]
    found = {
        user.pk: user
        for email in confirmed
        for user in get_user_model()._default_manager.filter(email__iexact=email, is_active=True)
    }
    # Two accounts with one address: whose is it? Better nobody's.
    return next(iter(found.values())) if len(found) == 1 else None


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """What axes answers while an account is locked at this address: 429, and when to come back."""
    cool_off = get_cool_off(request)
    if cool_off is None:
        raise ImproperlyConfigured("AXES_COOLOFF_TIME must say for how long an account stays locked")
    seconds = cool_off.total_seconds()
    page = render(request, "account/locked_out.html", {"minutes": ceil(seconds / 60)}, status=429)
    page["Retry-After"] = str(ceil(seconds))
    return page
