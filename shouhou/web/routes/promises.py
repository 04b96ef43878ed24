"""Promises: what is due and overdue, one with its history, excuses and their rulings; and what breaches owe."""

from django.urls import path

from shouhou.web.views import awards, promises

_ONE = "promises/<uuid:commitment_id>/"
_AWARD = "awards/<uuid:award_id>/"

urlpatterns = [
    path("promises/", promises.promise_list, name="promises"),
    path(_ONE, promises.promise, name="promise"),
    path(f"{_ONE}pause/", promises.promise_pause, name="promise_pause"),
    path(f"{_ONE}release/", promises.promise_release, name="promise_release"),
    path(f"{_ONE}excuse/", promises.promise_excuse, name="promise_excuse"),
    path(f"{_ONE}excuses/<uuid:excuse_id>/ruling/", promises.excuse_ruling, name="excuse_ruling"),
    path("promises/evidence/<uuid:evidence_id>/", promises.excuse_evidence, name="excuse_evidence"),
    path("awards/", awards.award_list, name="awards"),
    path(_AWARD, awards.award, name="award"),
    path(f"{_AWARD}approval/", awards.award_approve, name="award_approve"),
    path(f"{_AWARD}refusal/", awards.award_refuse, name="award_refuse"),
    path(f"{_AWARD}settlement/", awards.award_settle, name="award_settle"),
    path(f"{_AWARD}withdrawal/", awards.award_withdraw, name="award_withdraw"),
]
