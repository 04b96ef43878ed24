from datetime import timedelta

from shouhou.workorders.actions import close_register_page
from shouhou.workorders.actions.pages import DayNotOver, PageClosedAlready, PageNotFound
from shouhou.workorders.models import RegisterPage
from shouhou.workorders.queries import count_register, find_dispatch_queue, find_unclosed_pages
from tests.cast import NOW, Cast, Crew, refuses

MORNING = NOW.replace(hour=16, minute=0)  # midnight in Qingdao: the day is over


def test_what_was_not_dispatched_leads_the_next_day(qd: Crew) -> None:
    waiting = qd.receive()
    qd.order("dispatched")
    qd.order("cancelled", unit=qd.gas_unit)
    page = close_register_page(RegisterPage.objects.get().id, by=qd.clerk, at=MORNING)
    assert (page.received, page.carried_over, page.closed_at) == (3, 1, MORNING)
    today = qd.receive(at=MORNING + timedelta(hours=9))
    assert list(find_dispatch_queue(qd.branch)) == [waiting, today]
    assert count_register(qd.branch, today=today.received_on).carried_over == 1


def test_it_refuses_before_the_day_has_ended_at_the_branch(qd: Crew) -> None:
    qd.receive()
    page = RegisterPage.objects.get()
    with refuses(DayNotOver):
        close_register_page(page.id, by=qd.clerk, at=MORNING - timedelta(seconds=1))


def test_it_refuses_twice_and_from_elsewhere(qd: Crew, jn: Crew) -> None:
    qd.receive()
    page = RegisterPage.objects.get()
    with refuses(PageNotFound):
        close_register_page(page.id, by=jn.clerk, at=MORNING)
    close_register_page(page.id, by=qd.clerk, at=MORNING)
    with refuses(PageClosedAlready):
        close_register_page(page.id, by=qd.clerk, at=MORNING)


def test_pages_of_earlier_days_are_found_until_they_are_closed(cast: Cast, qd: Crew, jn: Crew) -> None:
    qd.receive()
    jn.receive()
    tomorrow = NOW.date() + timedelta(days=1)
    assert find_unclosed_pages(by=cast.root, before_day=tomorrow).count() == 2
    assert not find_unclosed_pages(by=cast.root, before_day=NOW.date())
    assert [page.branch for page in find_unclosed_pages(by=qd.clerk, before_day=tomorrow)] == [qd.branch]
