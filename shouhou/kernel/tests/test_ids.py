from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

import pytest

from shouhou.kernel import ids
from shouhou.kernel.ids import uuid7


def test_each_key_is_greater_than_the_one_before() -> None:
    keys = [uuid7() for _ in range(20_000)]
    assert keys == sorted(set(keys))


def test_it_is_a_version_7_uuid_that_tells_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    later = ids._last_ms + 10_000
    monkeypatch.setattr(ids, "_last_ms", ids._last_ms)
    monkeypatch.setattr("shouhou.kernel.ids.time.time_ns", lambda: later * 1_000_000)
    key = uuid7()
    assert (key.version, key.variant, key.int >> 80) == (7, RFC_4122, later)


def test_it_goes_on_upwards_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr("shouhou.kernel.ids.time.time_ns", lambda: 0)
    assert before < uuid7() < uuid7()


def test_it_goes_on_into_the_next_millisecond_when_the_counter_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr("shouhou.kernel.ids.time.time_ns", lambda: 0)
    monkeypatch.setattr(ids, "_last_sequence", 0xFFF)
    after = uuid7()
    assert after > before
    assert after.int >> 80 == (before.int >> 80) + 1


def test_threads_get_no_key_twice() -> None:
    with ThreadPoolExecutor(4) as pool:
        keys = [key for part in pool.map(lambda _: [uuid7() for _ in range(2000)], range(4)) for key in part]
    assert len(set(keys)) == 8000
