"""The closed lists that commitments are written in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How a commitment stands."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    BREACHED = "breached", _("Breached")
    EXCUSED = "excused", _("Excused")
    VOID = "void", _("Void")


OPEN = frozenset({State.RUNNING, State.PAUSED})


class Band(TextChoices):
    """The colour of the bar."""

    GREEN = "green", _("In time")
    YELLOW = "yellow", _("Coming up")
    ORANGE = "orange", _("Urgent")
    RED = "red", _("Overdue")
    GREY = "grey", _("Paused")


class MarkKind(TextChoices):
    """What an event did to the clock."""

    START = "start", _("Began")
    STOP = "stop", _("Kept")
    PAUSE = "pause", _("Paused")
    RELEASE = "release", _("Goes on")
    REOPEN = "reopen", _("Reopened")
    VOID = "void", _("No longer owed")
    EXCUSE = "excuse", _("Excuse accepted")


class Cause(TextChoices):
    """Who or what keeps the promise from being worked on."""

    CUSTOMER = "customer", _("The customer")
    OBJECTIVE = "objective", _("An objective cause (weather, power, authority)")
    COMPANY = "company", _("We ourselves")
