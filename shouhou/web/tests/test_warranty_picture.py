"""The picture of a guarantee, whatever the dates: all of it inside, words never upon words, bars as long as periods."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.web.warranty_picture import draw
from shouhou.web.warranty_shapes import (
    Bar,
    Layout,
    Named,
    Picture,
    Repair,
    Row,
    Sketch,
    Still,
    Stroke,
    cut_to,
    touching,
    width_of,
)

LAYOUTS: list[Layout] = ["wide", "narrow"]
TODAY = date(2026, 11, 23)
_DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
_WORDS = st.text("整机主要部件压缩、 abcWM", max_size=60)


@st.composite
def bars(draw_from: st.DrawFn) -> Bar:
    start = draw_from(_DAYS)
    last = start + timedelta(days=draw_from(st.integers(0, 6000)))
    own = last - timedelta(days=draw_from(st.integers(0, 400)))
    begun = start + timedelta(days=draw_from(st.integers(-100, 6000)))
    still = Still("repair", begun, begun + timedelta(days=draw_from(st.integers(0, 90))))
    return Bar(start=start, last_day=last, state="open", own_end=max(own, start), stills=(still,), anew=(start,))


@st.composite
def sketches(draw_from: st.DrawFn) -> Sketch:
    rows = draw_from(
        st.lists(st.builds(Row, _WORDS, st.lists(bars(), min_size=1, max_size=4).map(tuple), _WORDS), max_size=5)
    )
    named = draw_from(
        st.lists(st.builds(Named, _DAYS, st.sampled_from(["售出", "送达", "装好", "Installed"])), max_size=6)
    )
    begun = sorted(draw_from(st.lists(_DAYS, max_size=60)))
    repairs = tuple(Repair(number, on, on + timedelta(days=3)) for number, on in enumerate(begun, start=1))
    pending = Still("installation_pending", named[0].on, named[0].on + timedelta(days=9)) if named else None
    return Sketch(
        today=draw_from(_DAYS),
        today_name="今天",
        rows=tuple(rows),
        named=tuple(named),
        pending=pending,
        repairs=repairs,
    )


def strokes_of(picture: Picture) -> list[Stroke]:
    of_bars = [one for bar in picture.bars for one in (bar.whole, *bar.stills, *bar.anew, bar.added) if one]
    return [*picture.ticks, *picture.dots, *of_bars, picture.today, *([picture.pending] if picture.pending else [])]


@given(sketches(), st.sampled_from(LAYOUTS))
def test_everything_lies_inside_the_picture(sketch: Sketch, layout: Layout) -> None:
    picture = draw(sketch, layout=layout)
    for one in strokes_of(picture):
        assert 0 <= one.x <= one.right <= picture.width
        assert 0 <= one.y <= one.bottom <= picture.height
        assert one.width >= 0
        assert one.height >= 0
    for text in picture.texts:
        left, top, right, bottom = text.box
        assert 0 <= left <= right <= picture.width, text
        assert 0 <= top <= bottom <= picture.height, text
    for mark in picture.repairs:
        assert 9 <= mark.x <= picture.width - 9
        assert mark.y + 9 <= picture.height


@given(sketches(), st.sampled_from(LAYOUTS))
def test_no_words_stand_in_the_way_of_others(sketch: Sketch, layout: Layout) -> None:
    assert not touching(draw(sketch, layout=layout).texts)


@given(sketches(), st.sampled_from(LAYOUTS))
def test_repairs_stand_in_turn_and_touch_nowhere(sketch: Sketch, layout: Layout) -> None:
    picture = draw(sketch, layout=layout)
    assert [one.repair for one in picture.repairs] == list(sketch.repairs[picture.left_off :])
    assert all(after.x - before.x >= 18 for before, after in pairwise(picture.repairs))


@given(sketches(), st.sampled_from(LAYOUTS))
def test_what_is_earlier_stands_further_left(sketch: Sketch, layout: Layout) -> None:
    picture = draw(sketch, layout=layout)
    placed = [(one.bar.start, one.whole.x, one.bar.last_day, one.whole.right) for one in picture.bars]
    for start, left, last, right in placed:
        for other_start, other_left, other_last, other_right in placed:
            assert start > other_start or left <= other_left
            # A bar of a single day is drawn two units wide, so that it can be seen at all.
            assert last > other_last or right <= other_right + 2
    for one in picture.bars:
        for inner in (*one.stills, *([one.added] if one.added else [])):
            assert one.whole.x - 2 <= inner.x
            assert inner.right <= one.whole.right + 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_bar_is_as_long_as_its_period(layout: Layout) -> None:
    year, three = (Bar(start=TODAY, last_day=date(TODAY.year + years, 11, 22), state="open") for years in (1, 3))
    picture = draw(
        Sketch(today=TODAY, today_name="今天", rows=(Row("整机", (year,)), Row("主要部件", (three,)))), layout=layout
    )
    short, long = (one.whole.width for one in picture.bars)
    assert abs(long - 3 * short) <= 3
    assert [one.text for one in picture.texts if one.kind == "end"] == ["2027-11-22", "2029-11-22"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_standstills_and_what_they_add_are_drawn(layout: Layout) -> None:
    stood = Still("repair", date(2026, 6, 1), date(2026, 6, 30))
    bar = Bar(
        start=date(2026, 1, 1), last_day=date(2027, 1, 30), state="open", own_end=date(2026, 12, 31), stills=(stood,)
    )
    (drawn,) = draw(Sketch(today=TODAY, today_name="今天", rows=(Row("整机", (bar,)),)), layout=layout).bars
    assert drawn.added is not None
    assert drawn.added.right == drawn.whole.right
    assert drawn.added.width == pytest.approx(drawn.stills[0].width, abs=2)
    assert drawn.whole.x < drawn.stills[0].x < drawn.added.x


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_standstill_outside_of_the_period_is_not_in_its_bar(layout: Layout) -> None:
    stood = Still("repair", date(2028, 6, 1), date(2028, 6, 30))
    bar = Bar(start=date(2026, 1, 1), last_day=date(2026, 12, 31), state="over", stills=(stood,))
    (drawn,) = draw(Sketch(today=TODAY, today_name="今天", rows=(Row("整机", (bar,)),)), layout=layout).bars
    assert (drawn.stills, drawn.added) == ((), None)


@given(_WORDS, st.integers(0, 300))
def test_what_does_not_fit_is_cut(text: str, room: int) -> None:
    cut = cut_to(text, room)
    assert width_of(cut) <= max(room, 1)
    assert cut == text or cut == "" or (cut.endswith("…") and text.startswith(cut[:-1]))
