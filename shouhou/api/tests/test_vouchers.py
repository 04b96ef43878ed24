"""The voucher's way, photos, and the forms on paper."""

from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shouhou.api.tests.conftest import Caller, assert_problem
from tests.cast import Crew, Life, Stage, unchanged

type Lives = Callable[[Stage], Life]


def test_it_is_issued_once_and_brought_back(clerk: Caller, life: Lives, qd: Crew) -> None:
    path = f"/work-orders/{life('received').id}/voucher"
    body = {"technician_id": str(qd.technician.id)}
    assert clerk.post(f"{path}/issue", body).json()["holder_id"] == str(qd.technician.id)
    with unchanged():
        assert_problem(clerk.post(f"{path}/issue", body), 409, "voucher_not_in_folder")
        assert_problem(clerk.post(f"{path}/hand-in"), 409, "voucher_in_wrong_state")
    returned = clerk.post(f"{path}/return", {"reason": "换人"}).json()
    assert (returned["state"], returned["holder_id"]) == ("in_folder", None)


def test_it_shows_its_lines(clerk: Caller, life: Lives) -> None:
    order = life("signed")
    of_order = clerk.get(f"/work-orders/{order.id}/voucher").json()
    assert [entry["work_done"] for entry in of_order["entries"]] == ["更换电容"]
    assert clerk.get(f"/vouchers/{of_order['id']}").json() == of_order


def test_it_is_printed_as_pdf_and_counted(clerk: Caller, life: Lives) -> None:
    voucher = life("received").voucher
    prints = [clerk.post(f"/vouchers/{voucher.id}/prints", {}).json() for _ in range(2)]
    assert [one["print_count"] for one in prints] == [1, 2]
    assert b64decode(prints[0]["pdf"]).startswith(b"%PDF-")


def test_the_register_page_is_printed(clerk: Caller, life: Lives) -> None:
    day = life("received").order.received_on
    printed = clerk.post(f"/register-pages/{day}/prints", {"branch": "QD", "second_line": True}).json()
    assert b64decode(printed["pdf"]).startswith(b"%PDF-")
    with unchanged():
        assert clerk.post("/register-pages/2001-01-01/prints", {"branch": "QD"}).status_code == 404


def test_a_photo_is_stored_and_shown(clerk: Caller, life: Lives, picture: Callable[[str], bytes]) -> None:
    path = f"/work-orders/{life('received').id}/photos"
    sent = _send(clerk, path, picture("red"), caption="铭牌")
    assert sent.status_code == 201
    assert [row["caption"] for row in clerk.get(path).json()["rows"]] == ["铭牌"]
    shown = clerk.get(f"{path}/{sent.json()['id']}")
    assert shown["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(shown.content)).size == (8, 8)


def test_it_refuses_a_photo_of_ten_megabytes(clerk: Caller, life: Lives) -> None:
    path = f"/work-orders/{life('received').id}/photos"
    with unchanged():
        assert_problem(_send(clerk, path, bytes(10 * 1024 * 1024)), 422, "photo_too_large")


def test_it_refuses_what_is_no_photo(clerk: Caller, life: Lives, picture: Callable[[str], bytes]) -> None:
    path = f"/work-orders/{life('received').id}/photos"
    with unchanged():
        assert_problem(_send(clerk, path, b"GIF89a"), 422, "photo_unreadable")
        assert_problem(_send(clerk, path, picture("red"), caption="x" * 101), 422, "invalid_input")
        assert_problem(clerk.upload(path, {"caption": "铭牌"}), 422, "invalid_input")
        assert_problem(clerk.post(path, {"photo": "red"}), 422, "invalid_input")
        broken = clerk.send("POST", path, b"--x", content_type="multipart/form-data")
        assert_problem(broken, 400, "malformed_request")


def _send(caller: Caller, path: str, content: bytes, **form: Any) -> Any:
    return caller.upload(path, {"photo": SimpleUploadedFile("a.jpg", content), **form})
