"""Writes the table behind shouhou/kernel/pinyin.py: `python tools/pinyin.py`. Run again when a new pypinyin knows more."""

from collections import defaultdict
from pathlib import Path

from pypinyin import Style, pinyin

TABLE = Path(__file__).resolve().parent.parent / "shouhou" / "kernel" / "pinyin.txt"
HEAD = """\
# Characters by their most usual reading, without tones; ü is v, as it is typed. Written by tools/pinyin.py from the data of
# pypinyin and pinyin-data (both under the MIT License, Copyright (c) mozillazg, 闲耘). Do not edit.
"""
# The block of all daily characters, and the one of the rarer ones that stand in names (䶮).
BLOCKS = (range(0x4E00, 0xA000), range(0x3400, 0x4DC0))


def main() -> None:
    """Write the table."""
    by_reading: dict[str, list[str]] = defaultdict(list)
    for character in ["〇", *[chr(code) for block in BLOCKS for code in block]]:
        readings = pinyin(character, style=Style.NORMAL, errors="ignore", v_to_u=False)
        if readings and readings[0][0].isascii() and readings[0][0].isalpha():
            by_reading[readings[0][0]].append(character)
    lines = [f"{reading} {''.join(characters)}\n" for reading, characters in sorted(by_reading.items())]
    TABLE.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{TABLE.name}: {sum(map(len, by_reading.values())):,} characters, {len(by_reading)} readings")


if __name__ == "__main__":
    main()
