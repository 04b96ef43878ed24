"""The administration: branches, users and roles, technicians, tokens, number series."""

from django.urls import path

from shouhou.web.views.administration import (
    branches,
    calendars,
    limits,
    overview,
    passwords,
    series,
    technicians,
    tokens,
    users,
)

_BRANCH, _USER = "administration/branches/<uuid:branch_id>/", "administration/users/<uuid:user_id>/"
_TECHNICIAN = "administration/technicians/<uuid:technician_id>/"
_LIMITS = "administration/limits/<uuid:branch_id>/"
_CALENDAR = "administration/calendars/<slug:code>/"

urlpatterns = [
    path("administration/", overview.overview, name="administration"),
    path("administration/branches/", branches.branch_list, name="branches"),
    path("administration/branches/new/", branches.branch_open, name="branch_open"),
    path(_BRANCH, branches.branch, name="branch"),
    path(f"{_BRANCH}change/", branches.branch_change, name="branch_change"),
    path(f"{_BRANCH}closing/", branches.branch_close, name="branch_close"),
    path(f"{_BRANCH}reopening/", branches.branch_reopen, name="branch_reopen"),
    path("administration/users/", users.user_list, name="users"),
    path("administration/users/new/", users.user_register, name="user_register"),
    path(_USER, users.user, name="user"),
    path(f"{_USER}change/", users.user_change, name="user_change"),
    path(f"{_USER}roles/", users.user_role, name="user_role"),
    path(f"{_USER}roles/withdrawal/", users.user_role_back, name="user_role_back"),
    path(f"{_USER}deactivation/", users.user_deactivate, name="user_deactivate"),
    path(f"{_USER}reactivation/", users.user_reactivate, name="user_reactivate"),
    path(f"{_USER}password/", users.user_password, name="user_password"),
    path(f"{_USER}password/link/", users.user_password_link, name="user_password_link"),
    path(f"{_USER}second-factor/", users.user_second_factor, name="user_second_factor"),
    path(f"{_USER}unlocking/", users.user_unlock, name="user_unlock"),
    path("administration/technicians/", technicians.technician_list, name="technicians"),
    path("administration/technicians/new/", technicians.technician_register, name="technician_register"),
    path(_TECHNICIAN, technicians.technician, name="technician"),
    path(f"{_TECHNICIAN}change/", technicians.technician_change, name="technician_change"),
    path(f"{_TECHNICIAN}leaving/", technicians.technician_leave, name="technician_leave"),
    path(f"{_TECHNICIAN}return/", technicians.technician_return, name="technician_return"),
    path(f"{_TECHNICIAN}qualifications/", technicians.technician_qualification, name="technician_qualification"),
    path(f"{_TECHNICIAN}absences/", technicians.technician_absence, name="technician_absence"),
    path(
        "administration/qualifications/<uuid:certificate_id>/withdrawal/",
        technicians.qualification_back,
        name="qualification_back",
    ),
    path("administration/absences/<uuid:absence_id>/withdrawal/", technicians.absence_back, name="absence_back"),
    path("administration/tokens/", tokens.token_list, name="tokens"),
    path("administration/tokens/new/", tokens.token_issue, name="token_issue"),
    path("administration/tokens/<uuid:token_id>/revocation/", tokens.token_revoke, name="token_revoke"),
    path("administration/numbers/", series.series_list, name="number_series"),
    path(f"{_BRANCH}numbers/prefix/", series.series_prefix, name="series_prefix"),
    path(f"{_BRANCH}numbers/next/", series.series_next, name="series_next"),
    path("administration/limits/", limits.limit_list, name="limits"),
    path("administration/limits/setting/", limits.limit_set, name="limit_set"),
    path("administration/limits/taking-back/", limits.limit_end, name="limit_end"),
    path(_LIMITS, limits.limit_list, name="branch_limits"),
    path(f"{_LIMITS}setting/", limits.limit_set, name="branch_limit_set"),
    path(f"{_LIMITS}taking-back/", limits.limit_end, name="branch_limit_end"),
    path("administration/calendars/", calendars.calendar_list, name="calendars"),
    path("administration/shared-calendars/new/", calendars.calendar_open, name="calendar_open"),
    path(_CALENDAR, calendars.calendar, name="calendar"),
    path(f"{_CALENDAR}days/", calendars.calendar_days, name="calendar_days"),
    path(f"{_CALENDAR}week/", calendars.calendar_week, name="calendar_week"),
    path("accounts/password/choose/<str:link>/", passwords.choose_password, name="choose_password"),
]
