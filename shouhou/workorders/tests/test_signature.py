from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from shouhou.kernel.errors import Refusal
from shouhou.kernel.texts import TextTooLong
from shouhou.workorders.actions import record_signature, record_signature_refused
from shouhou.workorders.actions.vouchers import NothingToSign, SignedBeforeEntry, SignerMissing, seal_of
from shouhou.workorders.errors import NotYourVisit, ReasonMissing
from shouhou.workorders.models import VoucherEntry
from shouhou.workorders.rules import SignatureEmpty, SignatureMalformed
from tests.cast import STEP, STROKES, Crew, Life, refuses


def sign(life: Life, **given: Any) -> VoucherEntry:
    usual: dict[str, Any] = {"signer_name": " 王建华 ", "strokes": STROKES, "by": life.worker, "at": life.at + STEP}
    return record_signature(life.id, **usual | given)


def test_it_keeps_strokes_and_picture_and_seals_them_into_the_journal(qd: Crew) -> None:
    life = qd.order("completed")
    sign(life)
    entry = life.entry
    assert (entry.signer_name, entry.strokes, entry.signed_at) == ("王建华", STROKES, life.at + STEP)
    with Image.open(BytesIO(bytes(entry.signature_image or b""))) as picture:
        assert (picture.format, picture.size) == ("PNG", (600, 200))
    assert entry.seal == seal_of(entry) == life.events[-1].data["seal"]
    assert life.voucher.state == "signed"
    assert life.voucher.holder == qd.technician


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("work_done", "什么也没做"),
        ("fault_found", "没有"),
        ("charge", 500),
        ("labour_minutes", 600),
        ("signer_name", "别人"),
        ("work_class", "A"),
        ("strokes", [[[0, 0, 0], [1, 1, 1]]]),
        ("signature_image", b"x"),
        ("unsigned_reason", "x"),
    ],
)
def test_the_seal_breaks_when_what_was_signed_is_changed(field: str, value: Any, qd: Crew) -> None:
    entry = qd.order("signed").entry
    setattr(entry, field, value)
    assert seal_of(entry) != entry.seal


def test_a_customer_who_will_not_sign_leaves_a_reason(qd: Crew) -> None:
    life = qd.order("completed")
    record_signature_refused(life.id, reason="客户拒签", by=life.worker, at=life.next())
    entry = life.entry
    assert (entry.unsigned_reason, entry.signature_image, entry.strokes) == ("客户拒签", None, [])
    assert entry.seal == seal_of(entry) == life.events[-1].data["seal"]


def test_a_refusal_to_sign_needs_its_reason(qd: Crew) -> None:
    life = qd.order("completed")
    with refuses(ReasonMissing):
        record_signature_refused(life.id, reason="", by=life.worker, at=life.next())


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"strokes": []}, SignatureEmpty),
        ({"strokes": [[]]}, SignatureEmpty),
        ({"strokes": [[[5, 5, 0]]]}, SignatureEmpty),
        ({"strokes": [[[5, 5, 0], [5, 5, 9]]]}, SignatureEmpty),
        ({"strokes": "signed"}, SignatureMalformed),
        ({"strokes": None}, SignatureMalformed),
        ({"strokes": [[[1, 2]]]}, SignatureMalformed),
        ({"strokes": [[[1.5, 2, 3], [4, 5, 6]]]}, SignatureMalformed),
        ({"strokes": [[[-1, 2, 3], [4, 5, 6]]]}, SignatureMalformed),
        ({"strokes": [[[0, 0, 0], [9, 9, 9]]] * 401}, SignatureMalformed),
        ({"strokes": [[[0, 0, 0], [9, 9, 9]] * 10_001]}, SignatureMalformed),
        ({"signer_name": " "}, SignerMissing),
        ({"signer_name": "长" * 81}, TextTooLong),
    ],
)
def test_it_refuses_what_is_no_signature(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    life = qd.order("completed")
    with refuses(refusal):
        sign(life, **given)


def test_it_is_signed_once_and_after_the_work(qd: Crew) -> None:
    life = qd.order("completed")
    with refuses(SignedBeforeEntry):
        sign(life, at=life.at - STEP)
    sign(life)
    with refuses(NothingToSign):
        sign(life, at=life.at + 2 * STEP)


def test_only_the_holder_of_the_voucher_lets_it_be_signed(qd: Crew) -> None:
    life = qd.order("completed")
    with refuses(NotYourVisit):
        sign(life, by=qd.colleague_actor)
    sign(life, by=qd.supervisor)
