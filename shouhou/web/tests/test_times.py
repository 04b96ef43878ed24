from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from shouhou.web.times import book_date, short_date, short_time

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning in Qingdao


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 23, 1, 58, tzinfo=UTC), "Today 09:58"),
        (datetime(2026, 11, 22, 9, 40, tzinfo=UTC), "Yesterday 17:40"),
        (datetime(2026, 11, 22, 16, 5, tzinfo=UTC), "Today 00:05"),
        (datetime(2026, 11, 24, 1, 20, tzinfo=UTC), "Tomorrow 09:20"),
        (datetime(2026, 11, 20, 5, 33, tzinfo=UTC), "20 Nov 13:33"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "1 Jan 00:00"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "31 Dec 2025 23:59"),
    ],
)
def test_it_says_a_time_as_people_of_the_branch_do(at: datetime, said: str) -> None:
    with timezone.override(ZoneInfo("Asia/Shanghai")), translation.override("en"):
        assert short_time(at, now=NOW) == said


def test_a_date_of_law_has_its_year() -> None:
    with translation.override("en"):
        assert short_date(date(2026, 3, 15)) == "15 Mar 2026"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "二〇二六年十一月二十三日 · 星期一"),
        (date(2027, 1, 10), "二〇二七年一月十日 · 星期日"),
        (date(2030, 10, 20), "二〇三〇年十月二十日 · 星期日"),
    ],
)
def test_it_writes_the_date_of_a_book_page_in_words(day: date, said: str) -> None:
    with translation.override("zh-hans"):
        assert book_date(day) == said


def test_in_english_the_book_page_has_an_english_date() -> None:
    with translation.override("en"):
        assert book_date(date(2026, 11, 23)) == "Monday, 23 November 2026"
