"""Users and roles: who may sign in, where he may do what."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access import actions
from shouhou.access.models import User
from shouhou.access.passwords import link_of
from shouhou.access.permissions import Role, allowed_to
from shouhou.access.queries import find_locked_out, find_people, get_person, may_over
from shouhou.audit.queries import find_events
from shouhou.web.acting import perform
from shouhou.web.administration import ASSIGN_ROLE, CHANGE_USER, by_code, may_look, where
from shouhou.web.administration_inputs import NewUserForm, PeopleFilter, PersonForm, RoleForm
from shouhou.web.desk_inputs import EmptyForm, error_lines
from shouhou.web.inputs import ReasonForm
from shouhou.web.one_act import one_act
from shouhou.web.people_journal import tell
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found

SHOWN = 50
EVENTS = 20
# Whose link is shown on the next page; the link itself is made there, and kept nowhere.
LINK_KEY = "password_link"


@require_GET
def user_list(request: ActorRequest) -> HttpResponse:
    """Everyone who counts for something in the reader's branches."""
    return _list(request)


@require_POST
def user_register(request: ActorRequest) -> HttpResponse:
    """A new user with his first role. He chooses his password himself, by the link that the next page shows."""
    may_look(request, CHANGE_USER)
    places = _places(request)
    form = NewUserForm(request.POST, places=places)

    def register() -> User:
        given = dict(form.cleaned_data)
        place, role = by_code(places, given.pop("place")), Role(given.pop("role"))
        acting: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
        with transaction.atomic():
            user = actions.register_user(**given, password=None, branch=place, **acting)
            actions.assign_role(user, role=role, branch=place, **acting)
            return actions.hand_out_password_link(user.id, **acting)

    registered = perform(request, register, form=form) if form.is_valid() else None
    if registered is None:
        return _list(request, refused=form)
    request.session[LINK_KEY] = str(registered.id)
    messages.success(request, _("The user is registered."))
    return SeeOther(reverse("user", args=[registered.id]))


@require_GET
def user(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """One user: his roles in words, his sign-in, what was done about him."""
    return _show(request, user_id)


@require_POST
def user_change(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Correct name and e-mail."""

    def change(given: dict[str, Any]) -> User:
        return actions.change_user(user_id, **given, by=request.actor, at=timezone.now())

    return _act(request, user_id, "change", PersonForm(request.POST), change, _("Corrected."))


@require_POST
def user_role(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Give him a role at a branch."""
    places = _places(request)

    def give(given: dict[str, Any]) -> object:
        who, place = get_person(user_id, by=request.actor), by_code(places, given["place"])
        return actions.assign_role(who, role=Role(given["role"]), branch=place, by=request.actor, at=timezone.now())

    form = RoleForm(request.POST, places=places)
    return _act(request, user_id, "role", form, give, _("The role is given."), code=ASSIGN_ROLE)


@require_POST
def user_role_back(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Take a role back."""
    places = [one for one in request.actor.branches if request.actor.may(ASSIGN_ROLE, one.id)]

    def withdraw(given: dict[str, Any]) -> User:
        role, place = Role(given["role"]), by_code(places, given["place"])
        return actions.withdraw_role(user_id, role=role, branch=place, by=request.actor, at=timezone.now())

    form = RoleForm(request.POST, places=places)
    return _act(request, user_id, "role_back", form, withdraw, _("The role is withdrawn."), code=ASSIGN_ROLE)


@require_POST
def user_deactivate(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Shut him out; sessions and tokens end at once."""
    return _with_reason(
        request, user_id, "deactivate", actions.deactivate_user, _("Shut out; his sessions and tokens have ended.")
    )


@require_POST
def user_reactivate(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Let him in again."""
    return _with_reason(request, user_id, "reactivate", actions.reactivate_user, _("He may sign in again."))


@require_POST
def user_password(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Take his password away, and show the link with which he chooses a new one."""

    def reset(given: dict[str, Any]) -> User:
        acting: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
        with transaction.atomic():
            who = actions.reset_password(user_id, reason=given["reason"], **acting)
            actions.hand_out_password_link(user_id, **acting)
        request.session[LINK_KEY] = str(user_id)
        return who

    return _act(request, user_id, "password", ReasonForm(request.POST), reset, _("The password is taken away."))


@require_POST
def user_password_link(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Another link for somebody who has no password yet."""

    def make(_given: dict[str, Any]) -> User:
        who = actions.hand_out_password_link(user_id, by=request.actor, at=timezone.now())
        request.session[LINK_KEY] = str(user_id)
        return who

    return _act(request, user_id, "link", EmptyForm(request.POST), make, _("Here is the link."))


@require_POST
def user_second_factor(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Take away a lost second factor."""
    return _with_reason(
        request, user_id, "second_factor", actions.reset_second_factor, _("The second factor is taken away.")
    )


@require_POST
def user_unlock(request: ActorRequest, user_id: UUID) -> HttpResponse:
    """Forget the wrong passwords that were counted."""

    def unlock(_given: dict[str, Any]) -> User:
        return actions.unlock_user(user_id, by=request.actor, at=timezone.now())

    return _act(request, user_id, "unlock", EmptyForm(request.POST), unlock, _("Unlocked."))


def _act[F: forms.Form](
    request: ActorRequest,
    user_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    said: str | Promise,
    *,
    code: str = CHANGE_USER,
) -> HttpResponse:
    who = found(lambda: get_person(user_id, by=request.actor))
    # Who may not do it at all learns no more from a form with a mistake in it.
    may_look(request, code)
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=reverse("user", args=[who.id]),
        refused=lambda form: _show(request, user_id, asked=name, refused=form),
    )


def _with_reason(
    request: ActorRequest, user_id: UUID, name: str, act: Callable[..., object], said: str | Promise
) -> HttpResponse:
    def run(given: dict[str, Any]) -> object:
        return act(user_id, reason=given["reason"], by=request.actor, at=timezone.now())

    return _act(request, user_id, name, ReasonForm(request.POST), run, said)


def _places(request: ActorRequest) -> list[Any]:
    return where(request.actor, ASSIGN_ROLE)


def _list(request: ActorRequest, *, refused: forms.Form | None = None) -> HttpResponse:
    branches, places = may_look(request), _places(request)
    asked = PeopleFilter(request.GET, branches=branches)
    asked.is_valid()
    wanted = asked.cleaned_data  # what was not understood is left out, as if it had not been asked
    place = next((one.id for one in branches if one.code == wanted.get("place")), None)
    people = find_people(by=request.actor, text=wanted.get("q", ""), role=wanted.get("role", ""), branch_id=place)
    if state := wanted.get("state"):
        people = people.filter(is_active=state == "active")
    turn = Paginator(people, SHOWN).get_page(wanted.get("page") or 1)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "people": turn,
        "locked": find_locked_out([one.username for one in turn], at=timezone.now()),
        "filter": asked,
        "narrowed": any(value for name, value in wanted.items() if name != "page"),
        "query": query.urlencode(),
        "may_register": bool(places) and any(request.actor.may(CHANGE_USER, one.id) for one in places),
        "form": refused or NewUserForm(places=places),
        "refused": refused is not None,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "roles": [(role, role.label, allowed_to(role)) for role in Role],
        "section": "administration",
    }
    return render(request, "administration/user_list.html", context, status=422 if refused else 200)


def _show(request: ActorRequest, user_id: UUID, *, asked: str = "", refused: forms.Form | None = None) -> HttpResponse:
    who = found(lambda: get_person(user_id, by=request.actor))
    actor, places = request.actor, _places(request)
    is_self = actor.user_id == who.id
    may_change = may_over(who, CHANGE_USER, by=actor)
    events = find_events(branch_id=who.home_id, chain_id=who.id).reverse()[:EVENTS] if who.home_id else []
    show_link = may_change and request.method == "GET" and request.session.get(LINK_KEY) == str(who.id)
    if show_link:
        del request.session[LINK_KEY]
    link = request.build_absolute_uri(reverse("choose_password", args=[link_of(who)])) if show_link else ""
    context = {
        "who": who,
        "held": [
            (one, allowed_to(Role(one.role)), actor.may(ASSIGN_ROLE, one.branch_id)) for one in who.assignments.all()
        ],
        "technician": getattr(who, "technician", None),
        "is_self": is_self,
        "may_change": may_change,
        "may_act": may_change and not is_self,
        "reaches_further": not may_change and any(actor.may(CHANGE_USER, one.id) for one in actor.branches),
        "may_assign": bool(places),
        "has_password": who.has_usable_password(),
        "locked": who.username in find_locked_out([who.username], at=timezone.now()),
        "link": link,
        "events": tell(events),
        "asked": asked,
        "change_form": refused
        if asked == "change" and refused
        else PersonForm(initial={"display_name": who.display_name, "email": who.email}),
        "role_form": refused if asked == "role" and refused else RoleForm(places=places),
        "reason_form": refused if isinstance(refused, ReasonForm) else ReasonForm(),
        "refusals": error_lines(refused, shown=asked in _forms_shown(who)) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/user_detail.html", context, status=422 if refused else 200)


def _forms_shown(who: User) -> set[str]:
    """The acts whose form stands on his page; what is said against any other stands at its head."""
    shown = {"change", "role", "deactivate" if who.is_active else "reactivate"}
    if who.has_usable_password():
        shown.add("password")
    return shown | ({"second_factor"} if getattr(who, "second_factor", False) else set())
