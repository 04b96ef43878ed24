"""The page behind the link with which somebody chooses his password. Nobody is signed in here: the link is the proof."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouhou.access import actions
from shouhou.access.models import User
from shouhou.access.passwords import user_of_link
from shouhou.web.acting import perform
from shouhou.web.administration_inputs import PasswordForm
from shouhou.web.showing import SeeOther

TEMPLATE = "administration/choose_password.html"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest, link: str) -> HttpResponse:
    """The form, or what to do when the link is no longer good (404: it says nothing of whether it ever was)."""
    who = user_of_link(link, User.objects.all())
    if who is None:
        return render(request, TEMPLATE, {"who": None}, status=404)
    if request.method == "GET":
        return _show(request, who, PasswordForm())
    form = PasswordForm(request.POST)

    def choose() -> User:
        return actions.choose_password(link, password=form.cleaned_data["password"], channel="web", at=timezone.now())

    if form.is_valid() and perform(request, choose, form=form) is not None:
        messages.success(request, _("Your password is set. Sign in with it."))
        return SeeOther(reverse("account_login"))
    return _show(request, who, form)


def _show(request: HttpRequest, who: User, form: PasswordForm) -> HttpResponse:
    response = render(request, TEMPLATE, {"who": who, "form": form}, status=422 if form.is_bound else 200)
    # The address itself is the key: it must not travel on to the page that comes next.
    response["Referrer-Policy"] = "no-referrer"
    return response
