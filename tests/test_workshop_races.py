"""What several people do to the same repair card at the same moment: real threads, each with its own connection."""

import pytest

from shouhou.workshop import actions
from shouhou.workshop.models import BenchWork, Inspection, RepairCard
from shouhou.workshop.verifying import find_card_faults
from tests.cast import Crew
from tests.test_races import WAVE, at_once, refused, won
from tests.workshop_acts import ALL_RIGHT, bring_in, card

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_is_written_once(qd: Crew) -> None:
    brought = bring_in(qd)
    told = brought.desk()
    answers = at_once(*[lambda: actions.open_card(brought.life.id, **told)] * WAVE)
    assert len(won(answers)) == 1
    assert refused(answers) == {"card_exists": WAVE - 1}
    assert RepairCard.objects.count() == 1


def test_work_is_started_once(qd: Crew) -> None:
    one = card(qd, "at_bench")
    told = one.told()
    answers = at_once(*[lambda: actions.start_work(one.key, **told)] * WAVE)
    assert len(won(answers)) == 1
    assert refused(answers) == {"at_work_already": WAVE - 1}
    assert BenchWork.objects.count() == 1


def test_it_is_inspected_once_passed_or_sent_back(qd: Crew) -> None:
    one = card(qd, "to_inspect")
    told = one.lead()
    passes = [lambda: actions.inspect(one.key, checks=ALL_RIGHT, **told)] * (WAVE // 2)
    returns = [lambda: actions.send_back_to_bench(one.key, reason="漏水", **told)] * (WAVE // 2)
    answers = at_once(*passes, *returns)
    assert len(won(answers)) == Inspection.objects.count() == 1
    assert refused(answers) == {"card_in_wrong_state": WAVE - 1}
    assert one.card.status in ("inspected", "at_bench")
    assert not list(find_card_faults(qd.branch))
