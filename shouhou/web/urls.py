"""The addresses of the web interface: one line each."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from shouhou.web.routes import (
    administration,
    catalogue,
    coverage,
    desk,
    dispatch,
    field,
    guide,
    ledger,
    policies,
    promises,
)
from shouhou.web.views import pulse
from shouhou.web.views.styleguide import styleguide

# Of allauth's pages those that a closed house needs, at allauth's own addresses: no sign-up, no change of the e-mail
# address (the company's sign-in trusts it), no reset by mail.
signin: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
]

urlpatterns = [
    path("accounts/", include(signin)),
    path("language/", login_not_required(set_language), name="set_language"),
    path("styleguide/", styleguide, name="styleguide"),
    *administration.urlpatterns,
    *catalogue.urlpatterns,
    *policies.urlpatterns,
    path("pulse/", pulse.pulse, name="pulse"),
    path("pulse-ticket/", pulse.pulse_ticket, name="pulse_ticket"),
    *desk.urlpatterns,
    *coverage.urlpatterns,
    *promises.urlpatterns,
    *dispatch.urlpatterns,
    *field.urlpatterns,
    *ledger.urlpatterns,
    *guide.urlpatterns,
]
