"""Which characters the vendored font can print, and what is printed for the others."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

# The printer's geta mark: Chinese and Japanese typesetters put it where the type case lacks a character.
MISSING = "〓"

# European letters outside the Chinese font come from the compiler's built-in Latin fonts.
_LATIN = range(0xA0, 0x250)
_CONTROLS = {"Cc", "Cf"}
_SEGMENTED_COVERAGE = 12


def legible(text: str) -> str:
    """The same text with every line end a newline, no invisible controls, and 〓 for what no font can print."""
    covered = _covered()
    return "\n".join(
        "".join(sign if ord(sign) in covered else _substitute(sign) for sign in line) for line in text.splitlines()
    )


def _substitute(sign: str) -> str:
    if sign == "\t":
        return " "
    # Joiners, direction overrides and variation selectors have no shape of their own.
    invisible = unicodedata.category(sign) in _CONTROLS or "VARIATION SELECTOR" in unicodedata.name(sign, "")
    return "" if invisible else MISSING


@cache
def _covered() -> frozenset[int]:
    covered = set(_LATIN)
    for first, last in _mapped_ranges(FONTS / "NotoSansSC-Regular.ttf"):
        covered.update(range(first, last + 1))
    return frozenset(sign for sign in covered if unicodedata.category(chr(sign)) not in _CONTROLS)


def _mapped_ranges(font: Path) -> list[tuple[int, int]]:
    """The ranges of the font's full Unicode character map (OpenType table cmap, format 12)."""
    with font.open("rb") as file:
        (table_count,) = struct.unpack(">4xH6x", file.read(12))
        directory = struct.iter_unpack(">4s4xLL", file.read(16 * table_count))
        offset, length = next((offset, length) for tag, offset, length in directory if tag == b"cmap")
        file.seek(offset)
        cmap = file.read(length)
    (map_count,) = struct.unpack_from(">2xH", cmap)
    for (start,) in struct.iter_unpack(">4xL", cmap[4 : 4 + 8 * map_count]):
        (kind,) = struct.unpack_from(">H", cmap, start)
        if kind == _SEGMENTED_COVERAGE:
            (group_count,) = struct.unpack_from(">L", cmap, start + 12)
            groups = cmap[start + 16 : start + 16 + 12 * group_count]
            return [(first, last) for first, last in struct.iter_unpack(">LL4x", groups)]
    raise ValueError(f"{font.name} has no full Unicode character map")
