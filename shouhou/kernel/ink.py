"""What a signature on a screen has to be: strokes of points, with ink in them."""

from collections.abc import Sequence

from shouhou.kernel.errors import Invalid, gettext_noop


class SignatureEmpty(Invalid):
    code = "signature_empty"
    template = gettext_noop("There is no signature yet: please let the customer sign in the field.")


class SignatureMalformed(Invalid):
    code = "signature_malformed"
    template = gettext_noop("The signature could not be read; please let the customer sign again.")


_MOST_STROKES, _MOST_POINTS, _WIDEST = 400, 20_000, 10_000
type Strokes = Sequence[Sequence[Sequence[int]]]


def check_strokes(strokes: Strokes) -> None:
    """Raise SignatureEmpty for no ink, SignatureMalformed for what is not strokes of points [x, y, milliseconds].

    A dot is ink only beside a line: at least one stroke must move.
    """
    try:
        points = [tuple(point) for stroke in strokes for point in stroke]
        sound = all(
            len(point) == 3
            and all(type(part) is int for part in point)
            and 0 <= point[0] <= _WIDEST
            and 0 <= point[1] <= _WIDEST
            and point[2] >= 0
            for point in points
        )
    except TypeError:
        raise SignatureMalformed(field="strokes") from None
    if not sound or len(strokes) > _MOST_STROKES or len(points) > _MOST_POINTS:
        raise SignatureMalformed(field="strokes")
    if not any(len({(x, y) for x, y, _ms in stroke}) > 1 for stroke in strokes):
        raise SignatureEmpty(field="strokes")
