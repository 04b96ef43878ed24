from datetime import date, timedelta
from typing import Any

import pytest

from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.phones import PhoneInvalid
from shouhou.workforce import actions as acts
from shouhou.workforce.models import Absence, Certificate, Technician
from shouhou.workforce.queries import AbsenceNotFound, CertificateNotFound, TechnicianNotFound
from tests.cast import NOW, Cast, Crew, refuses


def change(qd: Crew, **given: Any) -> Technician:
    usual: dict[str, Any] = {"name": "李明明", "phone": "13900000009", "by": qd.administrator, "at": NOW}
    return acts.change_technician(qd.technician.id, **usual | given)


def absence(qd: Crew) -> Absence:
    away = {"starts_at": NOW, "ends_at": NOW + timedelta(days=2), "reason": "年假"}
    return acts.record_absence(qd.technician.id, **away, by=qd.supervisor, at=NOW)  # type: ignore[arg-type]


def test_name_and_phone_are_corrected_and_the_number_stays_out_of_the_journal(qd: Crew) -> None:
    change(qd)
    stored = Technician.objects.get(id=qd.technician.id)
    assert (stored.name, stored.phone) == ("李明明", "+8613900000009")
    event = Event.objects.get(verb="workforce.technician.changed")
    assert event.data == {"name": ["李明", "李明明"], "phone": "changed"}
    change(qd)
    assert Event.objects.filter(verb="workforce.technician.changed").count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"), [({"name": " "}, acts.TechnicianNameMissing), ({"phone": "abc"}, PhoneInvalid)]
)
def test_it_refuses_a_bad_correction(given: dict[str, str], refusal: type[Refusal], qd: Crew) -> None:
    with refuses(refusal):
        change(qd, **given)


def test_he_comes_back_once(cast: Cast) -> None:
    qd, acting = cast.qd, {"by": cast.qd.administrator, "at": NOW}
    with refuses(acts.TechnicianActive):
        acts.take_on_again(qd.technician.id, **acting)  # type: ignore[arg-type]
    acts.leave_company(qd.technician.id, left_on=date(2026, 11, 30), reason="离职", **acting)  # type: ignore[arg-type]
    back = acts.take_on_again(qd.technician.id, **acting)  # type: ignore[arg-type]
    assert (back.active, back.left_on) == (True, None)


def test_a_certificate_is_withdrawn_once_and_the_journal_keeps_it(qd: Crew) -> None:
    held = Certificate.objects.get(technician=qd.technician)
    acting: dict[str, Any] = {"reason": "发证机关吊销", "by": qd.supervisor, "at": NOW}
    acts.withdraw_qualification(held.id, **acting)
    event = Event.objects.get(verb="workforce.qualification.withdrawn")
    assert event.data["until"] == "2028-01-01"
    with refuses(CertificateNotFound):
        acts.withdraw_qualification(held.id, **acting)


def test_an_absence_is_withdrawn_once_and_the_journal_keeps_it(qd: Crew) -> None:
    away = absence(qd)
    acts.withdraw_absence(away.id, by=qd.supervisor, at=NOW)
    assert not Absence.objects.exists()
    assert Event.objects.get(verb="workforce.absence.withdrawn").data["reason"] == "年假"
    with refuses(AbsenceNotFound):
        acts.withdraw_absence(away.id, by=qd.supervisor, at=NOW)


def test_who_may(cast: Cast) -> None:
    qd, jn = cast.qd, cast.jn
    held, away = Certificate.objects.get(technician=qd.technician).id, absence(qd).id
    for refusal, clerk, lead in ((NotPermitted, qd.clerk, qd.clerk), (TechnicianNotFound, jn.administrator, jn.clerk)):
        with refuses(refusal):
            change(qd, by=clerk)
        with refuses(refusal):
            acts.leave_company(qd.technician.id, left_on=date(2026, 11, 30), reason="离职", by=clerk, at=NOW)
        with refuses(refusal):
            acts.take_on_again(qd.technician.id, by=clerk, at=NOW)
        unseen = refusal is TechnicianNotFound
        with refuses(CertificateNotFound if unseen else refusal):
            acts.withdraw_qualification(held, reason="", by=lead, at=NOW)
        with refuses(AbsenceNotFound if unseen else refusal):
            acts.withdraw_absence(away, by=lead, at=NOW)
