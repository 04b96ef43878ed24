import pytest

from shouhou.audit.models import Event
from shouhou.cli.tests.conftest import Invoke
from shouhou.cli.tests.test_verify import unguarded
from tests.cast import Cast
from tests.stockkeeping import keep_stock


@pytest.fixture
def kept(cast: Cast) -> Cast:
    keep_stock(cast.qd, other=cast.jn.branch)
    return cast


def test_sound_stock_holds(kept: Cast, invoke: Invoke) -> None:
    printed = invoke("stock", "verify", "--json")
    assert (printed.code, printed.json["holds"]) == (0, True)
    assert printed.json["checked"]["serial_numbers"] == 1
    assert invoke("stock", "verify").code == 0


def test_a_fault_ends_with_code_1_and_is_named(kept: Cast, invoke: Invoke) -> None:
    with unguarded(Event):
        Event.objects.filter(verb="stock.parts.issued").delete()
    printed = invoke("stock", "verify", "--json")
    assert (printed.code, printed.json["faults"]) == (1, {"act_without_event": 1})
    assert "act_without_event" in invoke("stock", "verify").out


def test_it_lists_what_is_there(kept: Cast, invoke: Invoke) -> None:
    rows = invoke("stock", "list", "QD", "--json").json
    assert {"place": "VAN", "part": "PCB-9", "quantity": "1", "reserved": "0", "unit": "件"} in rows
    assert {"place": "BR", "part": "FAN-9", "quantity": "7", "reserved": "1", "unit": "件"} in rows
    assert "FAN-9" in invoke("stock", "list", "QD").out


def test_it_says_where_a_part_is(kept: Cast, invoke: Invoke) -> None:
    rows = invoke("stock", "where", "FAN-9", "--json").json
    assert rows == [{"branch": "QD", "place": "BR", "quantity": "7", "available": "6"}]
    assert invoke("stock", "where", "NO-SUCH").code != 0
