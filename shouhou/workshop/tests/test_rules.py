from datetime import timedelta

import pytest
from django.test import SimpleTestCase

from shouhou.workshop.rules import (
    ACTS,
    CardInWrongState,
    CardStatus,
    ChecksMissing,
    InspectionPointUnknown,
    PassedDespiteFault,
    check_passed,
    inspection_list,
    status_after,
    time_worked,
)
from tests.cast import NOW


class RulesTest(SimpleTestCase):
    def test_every_status_is_reached_and_only_the_last_is_left_by_nothing(self) -> None:
        reached = {end for _starts, end in ACTS.values() if end}
        left = {start for starts, end in ACTS.values() if end for start in starts}
        assert reached == set(CardStatus) - {CardStatus.QUEUED}
        assert left == set(CardStatus) - {CardStatus.CLOSED}

    def test_an_act_out_of_turn_is_refused_by_name(self) -> None:
        assert status_after("start_work", "at_bench", number="X") == "at_bench"
        with pytest.raises(CardInWrongState):
            status_after("inspect", "at_bench", number="X")

    def test_the_list_follows_the_goods_and_the_outcome(self) -> None:
        gas = {point.code for point in inspection_list("gas_water_heater", "mended")}
        plain = {point.code for point in inspection_list("furniture", "mended")}
        assert gas - plain == {"gas_tight", "exhaust", "water_tight"}
        assert {point.code for point in inspection_list("gas_water_heater", "as_is")} == {"complete", "safe"}

    def test_nothing_is_passed_that_is_not_looked_at_or_not_right(self) -> None:
        points = inspection_list("", "as_is")
        check_passed(points, {"complete": "ok", "safe": "not_applicable"})
        with pytest.raises(ChecksMissing) as missing:
            check_passed(points, {"complete": "ok"})
        assert missing.value.params["codes"] == ["safe"]
        with pytest.raises(PassedDespiteFault):
            check_passed(points, {"complete": "ok", "safe": "not_ok"})
        for wrong in ({"colour": "ok"}, {"safe": "perhaps"}):
            with pytest.raises(InspectionPointUnknown):
                check_passed(points, wrong)

    def test_work_is_added_up(self) -> None:
        hour = timedelta(hours=1)
        assert time_worked([(NOW, NOW + hour), (NOW + 2 * hour, None)], now=NOW + 3 * hour) == 2 * hour
