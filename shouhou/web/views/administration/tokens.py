"""API tokens of the people whom the reader administers."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access import actions
from shouhou.access.models import ApiToken, User
from shouhou.access.permissions import ALLOWS
from shouhou.access.queries import find_people, find_tokens, get_token, may_over
from shouhou.web.acting import perform
from shouhou.web.administration import ISSUE_TOKEN, may_look, where
from shouhou.web.administration_inputs import TokenForm, end_of
from shouhou.web.desk_inputs import EmptyForm, error_lines
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found

SHOWN = 200


@require_GET
def token_list(request: ActorRequest) -> HttpResponse:
    """Whose they are, when they were last used, until when they are good."""
    return _show(request)


@require_POST
def token_issue(request: ActorRequest) -> HttpResponse:
    """Make one. Its secret stands on this answer only: it is kept nowhere, not even to be shown after a redirect."""
    may_look(request, ISSUE_TOKEN)
    people = _people(request)
    form = TokenForm(request.POST, people=people, scopes=ALLOWS.items())

    def issue() -> tuple[ApiToken, str]:
        given = form.cleaned_data
        owner = next(one for one in people if one.username == given["username"])
        ends = datetime.combine(end_of(given["expires_on"]), time(), timezone.get_current_timezone())
        return actions.issue_token(
            owner,
            name=given["name"],
            expires_at=ends,
            scopes=given["scopes"],
            branch=where(request.actor, ISSUE_TOKEN)[0],
            by=request.actor,
            at=timezone.now(),
        )

    issued = perform(request, issue, form=form) if form.is_valid() else None
    return _show(request, issued=issued) if issued else _show(request, refused=form)


@require_POST
def token_revoke(request: ActorRequest, token_id: UUID) -> HttpResponse:
    """End one at once."""
    token = found(lambda: get_token(token_id, by=request.actor))
    may_look(request, ISSUE_TOKEN)

    def revoke(_given: dict[str, Any]) -> ApiToken:
        branch = where(request.actor, ISSUE_TOKEN)[0]
        return actions.revoke_token(token.id, branch=branch, by=request.actor, at=timezone.now())

    return one_act(
        request,
        EmptyForm(request.POST),
        revoke,
        said=_("The token is revoked."),
        leads_to=reverse("tokens"),
        refused=lambda form: _show(request, refused=form),
    )


def _people(request: ActorRequest) -> list[User]:
    """For whom he may make a token."""
    people = find_people(by=request.actor).filter(is_active=True)
    return [one for one in people if one.id == request.actor.user_id or may_over(one, ISSUE_TOKEN, by=request.actor)]


def _show(
    request: ActorRequest, *, issued: tuple[ApiToken, str] | None = None, refused: forms.Form | None = None
) -> HttpResponse:
    may_look(request, ISSUE_TOKEN)
    if not where(request.actor, ISSUE_TOKEN):
        raise PermissionDenied
    people, now = _people(request), timezone.now()
    mine = {one.id for one in people}
    tokens = [
        {
            "token": one,
            "state": "revoked" if one.revoked_at else "expired" if one.expires_at <= now else "good",
            "may_revoke": one.revoked_at is None and one.expires_at > now and one.user_id in mine,
        }
        for one in find_tokens(by=request.actor)[:SHOWN]
    ]
    form = refused if isinstance(refused, TokenForm) else TokenForm(people=people, scopes=ALLOWS.items())
    context = {
        "tokens": tokens,
        "issued": issued[0] if issued else None,
        "secret": issued[1] if issued else "",
        "form": form,
        "refused": refused is not None,
        "refusals": error_lines(refused, shown=isinstance(refused, TokenForm)) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/token_list.html", context, status=422 if refused else 200)
