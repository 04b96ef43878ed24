"""The one search over everything that the caller may see."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shouhou.access.permissions import SEE_CUSTOMER, SEE_REGISTER
from shouhou.api.auth import ActorRequest
from shouhou.api.routing import Routes
from shouhou.api.schemas.search import SearchAnswer
from shouhou.kernel.errors import NotPermitted
from shouhou.workorders.search import search_everything

routes = Routes("search")
_Sought = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
_OfEach = Annotated[int, Field(ge=1, le=20, description="Rows of each kind.")]


@routes.read("/search", SearchAnswer)
def search(request: ActorRequest, q: _Sought, limit: _OfEach = 8) -> SearchAnswer:
    """Find orders, customers and units in all your branches.

    `q` is a number, a serial number, digits of a phone, or a piece of a name, also by its pinyin or the initials of it.
    """
    by = request.auth
    if not any(by.may(code, branch.id) for branch in by.branches for code in (SEE_REGISTER, SEE_CUSTOMER)):
        raise NotPermitted(permission=SEE_REGISTER)
    return SearchAnswer.of(search_everything(q, by=by, limit=limit))
