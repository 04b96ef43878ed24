import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel import pinyin
from shouhou.kernel.pinyin import spellings, typed_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("王小刚", {"wxg", "wangxiaogang"}),
        ("单雄信", {"sxx", "shanxiongxin"}),
        ("曾国藩", {"zgf", "zengguofan"}),
        ("仇英", {"qy", "qiuying"}),
        ("解晓东", {"xxd", "xiexiaodong"}),
        ("朴树", {"ps", "piaoshu"}),
        ("尉迟恭", {"ycg", "yuchigong"}),
        ("万俟卨", {"mqx", "moqixie"}),
        ("吕布", {"lb", "lvbu"}),
        ("䶮", {"y", "yan"}),
        ("海风TCL 电器", {"hftcldq", "haifengtcldianqi"}),
    ],
)
def test_what_one_types_for_a_name(text: str, words: set[str]) -> None:
    assert words <= set(typed_words(text))


def test_where_two_readings_are_in_use_both_are_given() -> None:
    assert set(typed_words("王乐")) == {"wl", "wangle", "wy", "wangyue"}
    assert "changhong" in typed_words("长虹")
    assert "zhonghang" in typed_words("中行")


@pytest.mark.parametrize("text", ["", "O'Brien", "12", "!?", "\U0001f600"])
def test_what_is_not_chinese_has_no_spelling(text: str) -> None:
    assert spellings(text) == []


def test_traditional_characters_are_spelled_alike() -> None:
    assert typed_words("劉單") == typed_words("刘单")


@given(st.text(st.sampled_from("王单曾乐长重朝ab1-行盛 "), max_size=12))
def test_there_are_few_spellings_and_all_can_be_typed(text: str) -> None:
    found = spellings(text)
    assert len(found) <= 4
    assert all(syllable and syllable.isascii() and syllable.isalnum() for one in found for syllable in one)


def test_the_exceptions_say_something_new() -> None:
    table = pinyin._readings()
    for exceptions in (pinyin._SURNAMES, pinyin._OTHERWISE):
        assert not {one for one, reading in exceptions.items() if table[one] == reading}
