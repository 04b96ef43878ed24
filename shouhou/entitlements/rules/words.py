"""The words of a coverage verdict."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WorkClass(TextChoices):
    """Who pays: rule (四) of the 管理办法."""

    A = "A", _("A · Charged 有费服务")
    B = "B", _("B · Contract 合同服务")
    C = "C", _("C · Free 免费服务")
    D = "D", _("D · Internal 行政工作")


class WorkType(TextChoices):
    """What is to be done."""

    INSTALLATION = "installation", _("Installation and commissioning")
    REPAIR = "repair", _("Repair")
    MAINTENANCE = "maintenance", _("Maintenance")
    GUIDANCE = "guidance", _("Usage guidance")
    INSPECTION = "inspection", _("Inspection")


class Ground(TextChoices):
    """Why it is that class."""

    INTERNAL = "internal", _("work of the house itself")
    CONTRACT = "contract", _("the unit is under a maintenance contract")
    GUARANTEE = "guarantee", _("a guarantee period is open")
    CERTIFICATE = "certificate", _("the certificate of the model is still good")
    INSTALLATION_OWED = "installation_owed", _("installation was sold with the goods")
    GUIDANCE = "guidance", _("usage guidance is part of the sale")
    EXCLUDED = "excluded", _("what was found takes the free repair away")
    OVER = "over", _("the guarantee is over")
    NO_RULE = "no_rule", _("no rule and no promise makes it free")
    NO_STATE_RULE = (
        "no_state_rule",
        _("no 三包 rule of the state is for these goods: the consumer law and promises govern"),
    )
    NOT_REPAIR = "not_repair", _("care that no rule and no contract makes free")
    UNDECIDED = "undecided", _("a fact is missing that decides it")


class Payer(StrEnum):
    """Who pays a line."""

    CUSTOMER = "customer"
    COMPANY = "company"
    CONTRACT = "contract"
    OPEN = "open"  # a missing fact decides it


class Charged(StrEnum):
    """The kinds of lines that a verdict speaks of."""

    LABOUR = "labour"
    PART = "part"
    TRAVEL = "travel"
