"""Promises: what is due and overdue, one promise with its history, excuses and their rulings."""

from django.urls import path

from shouhou.web.views import promises

_ONE = "promises/<uuid:commitment_id>/"

urlpatterns = [
    path("promises/", promises.promise_list, name="promises"),
    path(_ONE, promises.promise, name="promise"),
    path(f"{_ONE}pause/", promises.promise_pause, name="promise_pause"),
    path(f"{_ONE}release/", promises.promise_release, name="promise_release"),
    path(f"{_ONE}excuse/", promises.promise_excuse, name="promise_excuse"),
    path(f"{_ONE}excuses/<uuid:excuse_id>/ruling/", promises.excuse_ruling, name="excuse_ruling"),
    path("promises/evidence/<uuid:evidence_id>/", promises.excuse_evidence, name="excuse_evidence"),
]
