"""Technicians, what they are qualified for, and when they are away."""

from datetime import date, timedelta
from typing import Any

import pytest

from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.ids import uuid7
from shouhou.kernel.periods import PeriodEndsBeforeStart
from shouhou.kernel.phones import PhoneInvalid
from shouhou.kernel.texts import TextTooLong
from shouhou.workforce.actions import (
    QualificationKnownAlready,
    RequiredAlready,
    TechnicianRegisteredAlready,
    add_qualification,
    grant_qualification,
    record_absence,
    register_technician,
    require_qualification,
)
from shouhou.workforce.models import Absence, Certificate, Technician
from shouhou.workforce.queries import TechnicianNotFound, find_required, find_technicians, get_technician
from tests.cast import NOW, Cast, Crew, refuses

DAY = timedelta(days=1)


def grant(cast: Cast, **given: Any) -> Certificate:
    usual: dict[str, Any] = {"qualification": cast.gas_certificate, "starts_on": date(2026, 1, 1), "ends_on": None}
    return grant_qualification(cast.wang_qiang.id, **usual | {"by": cast.qd.supervisor, "at": NOW} | given)


def absent(crew: Crew, **given: Any) -> Absence:
    usual: dict[str, Any] = {"starts_at": NOW, "ends_at": NOW + DAY, "reason": "年假", "by": crew.supervisor, "at": NOW}
    return record_absence(crew.technician.id, **usual | given)


def test_a_user_becomes_a_technician_once(cast: Cast) -> None:
    user = cast.qd.clerk.user
    assert user
    given: dict[str, Any] = {"branch": cast.qd.branch, "by": cast.qd.administrator, "at": NOW}
    technician = register_technician(user, phone="139 0000 0006", **given)
    assert (technician.name, technician.phone) == (user.display_name, "+8613900000006")
    with refuses(TechnicianRegisteredAlready):
        register_technician(user, **given)
    with refuses(PhoneInvalid):
        register_technician(cast.qd.supervisor.user, phone="x", **given)  # type: ignore[arg-type]
    with refuses(NotPermitted):
        register_technician(user, **given | {"by": cast.qd.supervisor})


def test_a_certificate_is_recorded_with_its_event(cast: Cast) -> None:
    certificate = grant(cast, ends_on=date(2027, 1, 1), number=" 37-1 ")
    assert (certificate.number, certificate.branch) == ("37-1", cast.qd.branch)
    event = Event.objects.filter(chain_id=cast.wang_qiang.id).latest("sequence")
    assert event.data == {"qualification": "gas", "from": "2026-01-01", "until": "2027-01-01"}


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"ends_on": date(2026, 1, 1)}, PeriodEndsBeforeStart),
        ({"number": "x" * 41}, TextTooLong),
    ],
)
def test_it_refuses_a_bad_certificate(given: dict[str, Any], refusal: type[Refusal], cast: Cast) -> None:
    with refuses(refusal):
        grant(cast, **given)


def test_an_absence_is_recorded_with_its_event(qd: Crew) -> None:
    assert absent(qd).branch == qd.branch
    assert Event.objects.filter(chain_id=qd.technician.id).latest("sequence").data["reason"] == "年假"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"ends_at": NOW}, PeriodEndsBeforeStart),
        ({"ends_at": NOW - DAY}, PeriodEndsBeforeStart),
        ({"reason": "长" * 101}, TextTooLong),
    ],
)
def test_it_refuses_a_bad_absence(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    with refuses(refusal):
        absent(qd, **given)


def test_supervisors_decide_about_their_own_people_only(cast: Cast, qd: Crew, jn: Crew) -> None:
    for actor, refusal in ((qd.clerk, NotPermitted), (jn.supervisor, TechnicianNotFound)):
        with refuses(refusal):
            grant(cast, by=actor)
        with refuses(refusal):
            absent(qd, by=actor)


def test_a_qualification_is_known_and_required_once(cast: Cast) -> None:
    given: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": NOW}
    cold = add_qualification(code="cold", name="制冷作业证", **given)
    with refuses(QualificationKnownAlready):
        add_qualification(code="cold", name="制冷", **given)
    rule = given | {"product_class": cast.air_conditioner.product_class, "work_type": "installation"}
    require_qualification(cold, **rule)
    with refuses(RequiredAlready):
        require_qualification(cold, **rule)
    required = {
        work: list(find_required(product_class_id=cast.air_conditioner.product_class_id, work_type=work))
        for work in ("installation", "repair")
    }
    assert required == {"installation": [cold], "repair": []}


def test_only_administrators_say_what_work_needs(cast: Cast) -> None:
    given: dict[str, Any] = {"branch": cast.qd.branch, "by": cast.qd.supervisor, "at": NOW}
    with refuses(NotPermitted):
        add_qualification(code="cold", name="制冷作业证", **given)
    with refuses(NotPermitted):
        require_qualification(
            cast.gas_certificate, product_class=cast.air_conditioner.product_class, work_type="", **given
        )


def test_technicians_are_those_of_the_branch_who_work_there(qd: Crew, jn: Crew) -> None:
    assert set(find_technicians(qd.branch)) == {qd.technician, qd.colleague}
    Technician.objects.filter(id=qd.colleague.id).update(active=False)
    assert list(find_technicians(qd.branch)) == [qd.technician]
    assert get_technician(qd.technician.id, by=qd.clerk) == qd.technician
    for key, actor in ((qd.technician.id, jn.clerk), (uuid7(), qd.clerk)):
        with refuses(TechnicianNotFound):
            get_technician(key, by=actor)
