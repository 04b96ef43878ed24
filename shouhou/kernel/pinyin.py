"""How Chinese is spelled with Latin letters, so that a name is found without its characters: 王小刚 is wangxiaogang and wxg.

A table of one reading for each character is enough for that and is read in milliseconds; a library with its dictionary of
phrases would take 50 MB in every process. Where two readings are in daily use, both are given: nobody can know from the
characters whether 王乐 is wangle or wangyue.
"""

from functools import cache
from itertools import islice, product
from pathlib import Path

_TABLE = Path(__file__).with_name("pinyin.txt")

# As the first character of a name, also with the reading that it otherwise has.
_SURNAMES = {
    "单": "shan", "單": "shan", "曾": "zeng", "仇": "qiu", "朴": "piao", "解": "xie", "查": "zha", "区": "ou", "區": "ou",
    "盖": "ge", "蓋": "ge", "翟": "zhai", "覃": "qin", "缪": "miao", "繆": "miao", "召": "shao", "员": "yun", "員": "yun",
    "隗": "wei", "乜": "nie", "乐": "yue", "樂": "yue", "种": "chong", "洗": "xian", "牟": "mu", "祭": "zhai", "郗": "chi",
    "郇": "xun", "秘": "bi", "折": "she", "繁": "po", "句": "gou", "佴": "nai", "阚": "kan", "薄": "bo", "卜": "bu", "黑": "he",
    "尉": "yu", "澹": "tan",
}  # fmt: skip
# Anywhere, also with this reading: in a given name and in the name of a company.
_OTHERWISE = {
    "长": "chang", "長": "chang", "重": "chong", "行": "hang", "乐": "yue", "樂": "yue", "朝": "zhao", "茜": "xi",
    "盛": "cheng", "晟": "sheng", "厦": "xia", "都": "du", "会": "kuai", "調": "tiao", "调": "tiao", "参": "shen",
    "藏": "zang", "便": "pian", "单": "shan", "單": "shan", "曾": "zeng", "翟": "zhai", "尉": "yu", "率": "shuai", "六": "lu",
    "番": "pan", "还": "huan",
}  # fmt: skip
# Surnames of two characters of which the first is read as nowhere else.
_COMPOUND = {"万俟": "mo", "尉迟": "yu", "尉遲": "yu", "单于": "chan", "單于": "chan"}
_MOST_SPELLINGS = 4


def spellings(text: str) -> list[list[str]]:
    """The syllables of a Chinese text, one list for each way in which it may be read (at most four); none without Chinese.

    Latin letters and digits stand for themselves, every other character is left out. In lower case, ü as v.
    """
    table = _readings()
    if not any(character in table for character in text):
        return []
    ways = [
        _ways(character, table, begins=place == 0, compound=_COMPOUND.get(text[:2], ""))
        for place, character in enumerate(text)
        if character in table or character.isalnum()
    ]
    return [list(one) for one in islice(product(*ways), _MOST_SPELLINGS)]


def typed_words(text: str) -> list[str]:
    """What one may type for a Chinese text on a Latin keyboard: its initials and its whole spelling."""
    words = (word for one in spellings(text) for word in ("".join(part[0] for part in one), "".join(one)))
    return list(dict.fromkeys(words))


def _ways(character: str, table: dict[str, str], *, begins: bool, compound: str) -> list[str]:
    usual = table.get(character)
    if usual is None:
        return [character.lower()]
    first = (compound or _SURNAMES.get(character, "")) if begins else ""
    return list(dict.fromkeys(way for way in (first, usual, _OTHERWISE.get(character, "")) if way))


@cache
def _readings() -> dict[str, str]:
    """Character → its usual reading. Read when it is first needed: a process that writes no customers never does."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" ") for line in lines if not line.startswith("#"))
    return {character: reading for reading, characters in pairs for character in characters}
