from shouhou.entitlements.models.findings import Finding
from shouhou.entitlements.models.packages import PackageLine, ServicePackage
from shouhou.entitlements.models.verdicts import CitedRule, Override, OverrideRuling, Verdict

__all__ = ["CitedRule", "Finding", "Override", "OverrideRuling", "PackageLine", "ServicePackage", "Verdict"]
