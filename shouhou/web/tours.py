"""The tour of the first day: a few steps that point at real things of the start page. Each role has its own, seen once."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouhou.access.actors import Actor, BranchNotVisible
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import NotFound
from shouhou.web.models import TourSeen

type Words = str | Promise


class TourNotFound(NotFound):
    code = "tour_not_found"


@dataclass(frozen=True, slots=True)
class TourStep:
    """`target` is the `data-tour` of what it points at; where that is not on the page the step is left out."""

    target: str
    title: Words
    text: Words


@dataclass(frozen=True, slots=True)
class Tour:
    """`start` is the page on which it can be walked, by the name of its address."""

    key: str
    start: str
    steps: tuple[TourStep, ...]


_SEARCH = TourStep(
    "search",
    _("One search for everything"),
    _(
        "The number of a work order, a telephone or its last digits, a serial number, a name. The key / brings you here."
    ),
)
_REGISTER = TourStep(
    "rail-register",
    _("The register is the truth"),
    _("Every call is one line. What is struck through is done; what is not is still owed to a customer."),
)
_HELP = TourStep(
    "help",
    _("Help for the page you are on"),
    _(
        "What it is for, which rule stands behind it, and how it is done. The key H opens it; this tour can be seen again there."
    ),
)

TOURS = (
    Tour(
        "technician",
        "technician_day",
        (
            TourStep(
                "day",
                _("Your visits of today"),
                _("In the order of their time. Each card has one big button: the next step. Touch it when you do it."),
            ),
            TourStep(
                "scan",
                _("Scan a plate or a voucher"),
                _("The unit opens with everything that was ever repaired on it."),
            ),
            TourStep(
                "rail-visits",
                _("Back to the day"),
                _("From anywhere. In the evening the vouchers to hand in stand below the visits."),
            ),
            _HELP,
        ),
    ),
    Tour(
        "supervisor",
        "home",
        (
            TourStep(
                "figures",
                _("The day at a glance"),
                _("Each figure opens its lines. What an earlier day left over stands at the head."),
            ),
            TourStep(
                "rail-dispatch",
                _("Dispatch"),
                _("Calls on the left, technicians who can go beside them. Arrow keys choose, Enter sends."),
            ),
            _REGISTER,
            _SEARCH,
            _HELP,
        ),
    ),
    Tour(
        "clerk",
        "home",
        (
            TourStep(
                "intake",
                _("The telephone rings: press N"),
                _("Type the last four digits, choose the unit, write the fault. Ctrl + Enter enters the call."),
            ),
            TourStep(
                "figures",
                _("What waits for you"),
                _("Vouchers to sign, to hand in, to file, lines to strike off. A figure opens its list."),
            ),
            _SEARCH,
            _REGISTER,
            _HELP,
        ),
    ),
    Tour(
        "administrator",
        "home",
        (
            TourStep(
                "rail-administration",
                _("Administration"),
                _(
                    "Branches, people and their roles, catalogue and prices are kept here. Every change stands in the journal."
                ),
            ),
            _REGISTER,
            TourStep(
                "me",
                _("Make your own sign-in safe"),
                _("Add a passkey or a second step first: who may change everything is the one to be impersonated."),
            ),
            _HELP,
        ),
    ),
    Tour(
        "reader",
        "home",
        (
            _REGISTER,
            _SEARCH,
            TourStep(
                "rail-customers",
                _("Customer folders"),
                _("A customer with all units, their vouchers and all work that was done."),
            ),
            _HELP,
        ),
    ),
)
START_PAGES = frozenset(tour.start for tour in TOURS)
# The first that fits: a supervisor may do what a clerk does, and sees his own tour all the same.
_BY_PERMISSION = (
    ("workorders.work_visit", "technician"),
    ("workorders.dispatch_work_order", "supervisor"),
    ("workorders.receive_call", "clerk"),
    ("access.assign_role", "administrator"),
)
_BY_KEY = {tour.key: tour for tour in TOURS}


def tour_of(actor: Actor) -> Tour:
    """The tour of what he is in the branch that he works in."""
    return _BY_KEY[next((key for code, key in _BY_PERMISSION if actor.may(code)), "reader")]


def has_seen(actor: Actor, tour: Tour) -> bool:
    """Whether he has walked it to its end or closed it."""
    return actor.user is not None and TourSeen.objects.filter(user=actor.user, tour=tour.key).exists()


def close_tour(key: str, *, by: Actor, at: datetime) -> TourSeen:
    """He has seen it, or does not want to; either way it does not come back by itself. Twice is once. Raises TourNotFound."""
    if key not in _BY_KEY or by.user is None:
        raise TourNotFound()
    if by.branch is None:
        raise BranchNotVisible()
    with act_transaction():
        seen, is_new = TourSeen.objects.get_or_create(user=by.user, tour=key, defaults={"at": at})
        if is_new:
            record(
                branch_id=by.branch.id,
                chain_id=by.user.id,
                verb="web.tour.closed",
                subject=("user", by.user.id),
                by=by,
                at=at,
                data={"tour": key},
            )
        return seen
