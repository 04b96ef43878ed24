from typing import Any

import pytest

from shouhou.access.actions import BranchCodeInvalid, BranchCodeTaken, UnknownTimeZone, open_branch
from shouhou.access.actors import BranchNotVisible
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.kernel.errors import NotPermitted, Refusal
from tests.cast import NOW, Cast, refuses


def open_one(cast: Cast, **given: Any) -> Branch:
    usual: dict[str, Any] = {"code": "YT", "name": "烟台分公司", "kind": "branch", "parent": cast.hq, "at": NOW}
    return open_branch(**usual | {"by": cast.headquarters[Role.ADMINISTRATOR]} | given)


def test_it_has_its_place_below_the_parent(cast: Cast) -> None:
    centre = open_one(cast, code="JD", kind="centre")
    assert open_one(cast, parent=centre, by=cast.root).path == "HQ/JD/YT/"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"code": "QD"}, BranchCodeTaken),
        ({"code": "Q/D"}, BranchCodeInvalid),
        ({"code": ""}, BranchCodeInvalid),
        ({"code": "qd"}, BranchCodeInvalid),
        ({"code": "TOOLONGCODE"}, BranchCodeInvalid),
        ({"time_zone": "Mars/Olympus"}, UnknownTimeZone),
    ],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], cast: Cast) -> None:
    with refuses(refusal):
        open_one(cast, **given)


def test_only_an_administrator_above_opens_a_branch(cast: Cast) -> None:
    for actor in (cast.headquarters[Role.MANAGER], cast.headquarters[Role.HQ]):
        with refuses(NotPermitted):
            open_one(cast, by=actor)
    with refuses(BranchNotVisible):
        open_one(cast, by=cast.qd.administrator)


def test_nobody_but_the_product_itself_opens_one_at_the_top(cast: Cast) -> None:
    for actor in (cast.qd.clerk, cast.headquarters[Role.ADMINISTRATOR]):
        with refuses(NotPermitted):
            open_one(cast, parent=None, by=actor)
    assert open_one(cast, parent=None, by=cast.root).path == "YT/"
