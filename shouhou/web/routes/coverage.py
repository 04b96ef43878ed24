"""Who pays for a work order, and why: verdicts, overrides, findings, the paper for the customer."""

from django.urls import path

from shouhou.web.views import coverage, findings

_ORDER = "orders/<uuid:order_id>/"

urlpatterns = [
    path(f"{_ORDER}verdict/", coverage.order_verdict, name="order_verdict"),
    path(f"{_ORDER}verdict/again/", coverage.order_verdict_again, name="order_verdict_again"),
    path(f"{_ORDER}overrides/<uuid:override_id>/ruling/", coverage.override_ruling, name="override_ruling"),
    path(f"{_ORDER}explanation/", coverage.order_explanation, name="order_explanation"),
    path(f"{_ORDER}findings/", findings.order_findings, name="order_findings"),
    path(f"{_ORDER}findings/<uuid:finding_id>/withdrawal/", findings.finding_withdraw, name="finding_withdraw"),
]
