"""What the catalogue says of a class of goods becomes part of the question, where the unit itself does not say it."""

import pytest

from shouhou.assets.queries import get_asset
from shouhou.entitlements.queries import question_about
from shouhou.entitlements.rules.question import Question
from tests.cast import NOW, Cast

KNOWN = [True, False, None]


def _asked(cast: Cast, **of_the_class: bool | None) -> Question:
    kind = cast.air_conditioner.product_class
    for name, value in of_the_class.items():
        setattr(kind, name, value)
    kind.save()
    return question_about(get_asset(cast.qd.unit.id, by=cast.qd.clerk), branch=cast.qd.branch, at=NOW)


@pytest.mark.parametrize("bulky", KNOWN)
def test_bulky_goods_are_known_by_their_class(bulky: bool | None, cast: Cast) -> None:
    assert _asked(cast, bulky=bulky).facts.bulky is bulky


@pytest.mark.parametrize("of_the_unit", KNOWN)
@pytest.mark.parametrize("of_the_class", KNOWN)
def test_the_sale_of_a_unit_goes_before_what_is_usual(
    of_the_unit: bool | None, of_the_class: bool | None, cast: Cast
) -> None:
    unit = cast.qd.unit
    unit.trader_installs = of_the_unit
    unit.save(update_fields=["trader_installs"])
    history = _asked(cast, trader_installs=of_the_class).history
    assert history is not None
    assert history.trader_installs is (of_the_class if of_the_unit is None else of_the_unit)
