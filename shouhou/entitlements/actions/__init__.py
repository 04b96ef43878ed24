from shouhou.entitlements.actions.findings import record_finding, withdraw_finding
from shouhou.entitlements.actions.overrides import Overridden, override_verdict, rule_on_override
from shouhou.entitlements.actions.packages import decide_package
from shouhou.entitlements.actions.verdicts import store_verdict

__all__ = [
    "Overridden",
    "decide_package",
    "override_verdict",
    "record_finding",
    "rule_on_override",
    "store_verdict",
    "withdraw_finding",
]
