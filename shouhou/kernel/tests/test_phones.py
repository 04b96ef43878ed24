import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.phones import PhoneInvalid, masked_phone, national_digits, normal_phone

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = st.from_regex(r"0[2-9][1-9][0-9]{8,9}", fullmatch=True)


@given(mobiles | landlines)
def test_a_number_typed_in_any_way_has_one_form(digits: str) -> None:
    stored = normal_phone(digits)
    assert stored == normal_phone(f" {digits[:3]}-{digits[3:7]} {digits[7:]}") == normal_phone(stored)
    assert national_digits(stored) == digits


@given(mobiles | landlines | st.text("+0123456789", min_size=3, max_size=16))
def test_the_mask_hides_four_digits_and_shows_the_end(text: str) -> None:
    try:
        stored = normal_phone(text)
    except PhoneInvalid:
        return
    digits, masked = national_digits(stored), masked_phone(stored)
    assert sum(character.isdigit() for character in masked) <= len(digits) - 4
    assert masked.count("*") == 4
    assert digits.endswith(masked.rpartition("*")[2])
    assert digits.startswith(masked.partition("*")[0].rstrip("-"))


@pytest.mark.parametrize(
    ("typed", "stored", "shown", "masked"),
    [
        ("138 1234 2071", "+8613812342071", "13812342071", "138****2071"),
        ("１３８１２３４２０７１", "+8613812342071", "13812342071", "138****2071"),
        ("(0532) 8388-6610", "+8653283886610", "053283886610", "0532-****6610"),
        ("0532-8388661", "+865328388661", "05328388661", "0532-****661"),
        ("010 6505 2255", "+861065052255", "01065052255", "010-****2255"),
        ("400-820-8820", "+864008208820", "4008208820", "40****8820"),
        ("+852 9123 4567", "+85291234567", "85291234567", "852****4567"),
    ],
)
def test_numbers_of_the_trade(typed: str, stored: str, shown: str, masked: str) -> None:
    assert (normal_phone(typed), national_digits(stored), masked_phone(stored)) == (stored, shown, masked)


NO_NUMBERS = ["", "   ", "110", "一三八", "12345678901234567890", "+86", "不详", "\x00", "tel", "138****2071"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_it_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(PhoneInvalid) as caught:
        normal_phone(text)
    assert caught.value.field == "phone"
