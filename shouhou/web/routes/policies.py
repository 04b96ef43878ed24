"""Rules and promises: the packs, each rule, and the versions of the company's own packs."""

from django.urls import path

from shouhou.web.views.policies import proposing, reading, versions

_VERSION = "rules/versions/<uuid:version_id>/"

urlpatterns = [
    path("rules/", reading.policies, name="policies"),
    path("rules/packs/<str:pack_id>/", reading.policy_pack, name="policy_pack"),
    path("rules/proposal/", proposing.policy_propose, name="policy_propose"),
    path(_VERSION, versions.policy_version, name="policy_version"),
    path(f"{_VERSION}approval/", versions.policy_approve, name="policy_approve"),
    path(f"{_VERSION}refusal/", versions.policy_refuse, name="policy_refuse"),
    path(f"{_VERSION}file/", versions.policy_file, name="policy_file"),
    path("rules/<str:rule_id>/", reading.policy_rule, name="policy_rule"),
]
