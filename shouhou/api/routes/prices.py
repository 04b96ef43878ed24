"""The price list. What has begun is never changed."""

from uuid import UUID

from django.utils import timezone

from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.days import today_at
from shouhou.api.paging import Cursor, Keyset, Limit
from shouhou.api.routing import Routes
from shouhou.api.schemas.prices import (
    FourPricesAnswer,
    PriceCourseAnswer,
    PricedList,
    PriceInput,
    PriceOfDayInput,
    PricePage,
)
from shouhou.catalog import actions as acts
from shouhou.catalog.models import Part, Priced, TravelBand, WorkCode
from shouhou.catalog.queries import find_courses, find_entries, get_entry_named

routes = Routes("catalogue")
_BY_CODE = Keyset(code=str, id=UUID)
_BY_NUMBER = Keyset(number=str, id=UUID)
_PRICED: dict[str, type[Part] | type[WorkCode] | type[TravelBand]] = {
    "parts": Part,
    "work-codes": WorkCode,
    "travel-bands": TravelBand,
}


@routes.read("/prices", PricePage)
def list_prices(request: ActorRequest, list: PricedList, cursor: Cursor = "", limit: Limit = 50) -> PricePage:
    """List parts, pieces of work or travel bands with all prices that they had, have and will have."""
    kind, keyset = _PRICED[list], _BY_NUMBER if list == "parts" else _BY_CODE
    found, next_cursor = keyset.page(find_entries(kind), cursor=cursor, limit=limit)
    courses = find_courses(found, day=today_at(branch_named(request)))
    return PricePage(
        rows=[PriceCourseAnswer.of(row, courses[row.id]) for row in found],
        next_cursor=next_cursor,
    )


@routes.act("POST", "/prices", FourPricesAnswer, status=201)
def set_price(request: ActorRequest, body: PriceInput) -> FourPricesAnswer:
    """Set what a thing costs from a day on. What has begun is never changed."""
    branch = branch_named(request, body.branch)
    price = acts.set_price(
        _priced(body),
        prices=body.four(),
        valid_from=body.valid_from,
        branch=branch,
        by=request.auth,
        at=timezone.now(),
        today=today_at(branch),
    )
    return FourPricesAnswer.of(price)


@routes.act("POST", "/price-withdrawals", PriceCourseAnswer)
def withdraw_price(request: ActorRequest, body: PriceOfDayInput) -> PriceCourseAnswer:
    """Take back a price that has not begun. Answers the prices that are left."""
    branch, priced = branch_named(request, body.branch), _priced(body)
    today = today_at(branch)
    acts.withdraw_price(
        priced, valid_from=body.valid_from, branch=branch, by=request.auth, at=timezone.now(), today=today
    )
    return PriceCourseAnswer.of(priced, find_courses([priced], day=today)[priced.id])


def _priced(body: PriceOfDayInput) -> Priced:
    return get_entry_named(_PRICED[body.list], body.code, product_class=body.product_class or "")
