"""Telephone numbers: one form to store and to find, another to show, a third where they are none of the reader's business."""

import phonenumbers

from shouhou.kernel.errors import Invalid, gettext_noop


class PhoneInvalid(Invalid):
    code = "phone_invalid"
    template = gettext_noop("“%(phone)s” is not a telephone number. Type area code and number, or a mobile number.")


def normal_phone(text: str, *, region: str = "CN") -> str:
    """The E.164 form, ``+8613812342071``. Raises PhoneInvalid when the text cannot be a number of that region."""
    if "*" in text:  # a masked number come back; what is left of its digits would be somebody else's
        raise PhoneInvalid(phone=text, field="phone")
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise PhoneInvalid(phone=text, field="phone") from None
    # "Possible", not "valid": number ranges are opened faster than any list of them is published.
    if not phonenumbers.is_possible_number(number):
        raise PhoneInvalid(phone=text, field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_digits(phone: str) -> str:
    """The digits a clerk would type for a stored number: ``13812342071``, ``053283886610``, ``4008208820``."""
    if not phone.startswith("+86"):
        return phone.removeprefix("+")
    digits = phone.removeprefix("+86")
    mobile = len(digits) == 11 and digits.startswith("1")
    hotline = len(digits) == 10 and digits.startswith(("400", "800"))
    return digits if mobile or hotline else "0" + digits


def masked_phone(phone: str) -> str:
    """``138****2071``, ``0532-****6610``: enough to recognise, not enough to call. The area code is no secret."""
    digits = national_digits(phone)
    # Two digits after the 0 begin with 1 or 2 (Beijing, Shanghai, …); all other areas have three.
    area = digits[: 3 if digits[1:2] in ("1", "2") else 4] if digits.startswith("0") else ""
    local = digits[len(area) :]
    if area and len(local) >= 6:
        return f"{area}-****{local[-min(4, len(local) - 4) :]}"
    tail = 4 if len(digits) > 8 else 2
    head = max(0, min(3, len(digits) - tail - 4))
    return f"{digits[:head]}****{digits[-tail:]}"
