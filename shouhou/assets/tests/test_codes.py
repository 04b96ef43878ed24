"""What the code on a plate says."""

import pytest

from shouhou.assets.rules import serial_in

GS = "\x1d"


@pytest.mark.parametrize(
    ("code", "serial"),
    [
        ("SN-123", "SN-123"),
        (" sn 1 ", "sn 1"),
        # Looks like a trade number and is none: the check digit is wrong, so nothing may be cut off
        ("010691234567890321ABC", "010691234567890321ABC"),
        ("010691234567890221ABC-1", "ABC-1"),
        ("0106912345678902", "0106912345678902"),
        ("(01)06912345678902(21)ABC-1(10)LOT", "ABC-1"),
        ("(01)06912345678902", "(01)06912345678902"),
        (f"]C1010691234567890221ABC-1{GS}10LOT", "ABC-1"),
        (f"]d2010691234567890210LOT{GS}21ABC-1", "ABC-1"),
        (f"{GS}01069123456789022111{GS}", "11"),
        ("]C1010691234567890211260101" + "21ABC", "ABC"),
        (f"]Q3{GS}0106912345678902240X9{GS}21ABC", "ABC"),
        ("https://id.gs1.org/01/06912345678902/21/ABC-1", "ABC-1"),
        ("https://id.gs1.org/01/06912345678902/10/L1/21/ABC-1?x=1", "ABC-1"),
        ("https://example.org/21/ABC", "https://example.org/21/ABC"),
    ],
)
def test_the_serial_number_is_found(code: str, serial: str) -> None:
    assert serial_in(code) == serial
