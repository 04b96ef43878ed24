"""Sets the company's paper forms as PDF: a frozen sheet goes in, the bytes of a PDF come out; no database.

Moments arrive as text in the branch's zone ("2026-11-23 15:55", in the register "15:55"), money as formatted text:
what a form shows is decided where it is known, here it is only set.
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import segno
import typst
from pypdf import PdfWriter

from shouhou.forms.glyphs import FONTS, legible

type WorkClass = Literal["A", "B", "C", "D", ""]
type Jsonable = str | int | list[Jsonable] | dict[str, Jsonable] | None

LAYOUTS = Path(__file__).parent / "layout"
INK = "#1d2126"
_DIGITS = "〇一二三四五六七八九"


class TypesettingFailed(RuntimeError):
    """A form could not be set: an unreadable signature image, a QR content too long, or a fault in the layout."""


class CopyName(StrEnum):
    ORIGINAL = "正本"
    DUPLICATE = "副本"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMark:
    """Which copy of the form this print is, who printed it and whether the form still counts."""

    form_code: str
    copy_number: int = 1
    copy_name: CopyName = CopyName.ORIGINAL
    reprint_count: int = 0
    voided: bool = False
    void_reason: str = ""
    printed_at: str
    printed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherEntryRow:
    """One visit on the voucher; the signature is a PNG, its seal the full hash under which it was sealed."""

    visited_on: date
    work_order: str
    work_class: WorkClass = ""
    fault: str = ""
    work_done: str = ""
    parts: tuple[str, ...] = ()
    labour_minutes: int | None = None
    travel_minutes: int | None = None
    charge: str = ""
    technician: str = ""
    signature_png: bytes | None = None
    signed_at: str = ""
    seal_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherSheet:
    """服表001 服务凭证: the life card of one sold unit."""

    mark: CopyMark
    number: str
    company: str
    branch: str
    customer: str
    phone: str
    address: str
    model: str
    serial: str
    sold_on: date | None = None
    installed_on: date | None = None
    free_until: date | None = None
    contract_number: str = ""
    entries: tuple[VoucherEntryRow, ...] = ()
    seal: str = ""
    qr_content: str
    second_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One call; it is printed struck through once `struck_off_at` is set."""

    sequence: int
    number: str
    received_at: str
    channel: str
    customer: str
    address: str
    phone: str
    model: str
    fault: str
    work_class: WorkClass = ""
    dispatched_to: str = ""
    dispatched_at: str = ""
    arrived_at: str = ""
    completed_at: str = ""
    struck_off_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBalance:
    """The day's closing figures at the foot of every sheet."""

    received: int
    struck_off: int
    still_open: int
    carried_over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSheet:
    """服表002 叫修登记簿: the book page of one day and branch."""

    mark: CopyMark
    number: str
    company: str
    branch: str
    day: date
    book_page: int
    rows: tuple[RegisterRow, ...]
    counts: DayBalance
    qr_content: str
    second_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSheet:
    """服表005 修护卡: the tag on a unit in the workshop. Stretches: who, class, from, to; points: what, answer."""

    mark: CopyMark
    number: str
    company: str
    branch: str
    model: str
    serial: str
    work_order: str
    receipt: str
    accessories: str
    opened_at: str
    planned_on: date
    fault: str
    technician: str
    bench: str
    diagnosis: str
    result: str
    stretches: tuple[tuple[str, str, str, str], ...]
    parts: tuple[tuple[str, str], ...]
    points: tuple[tuple[str, str], ...]
    inspector: str
    inspected_at: str
    qr_content: str
    second_line: bool = False


def typeset_voucher(sheet: VoucherSheet, *, archival: bool = False) -> bytes:
    """The voucher as PDF (A4 portrait); `archival` makes it PDF/A-2b for keeping."""
    return _typeset("voucher.typ", {**asdict(sheet), "qr_svg": _qr_svg(sheet.qr_content)}, archival)


def typeset_register(sheet: RegisterSheet, *, archival: bool = False) -> bytes:
    """The register's page as PDF (A4 landscape); `archival` makes it PDF/A-2b for keeping."""
    words = {"day_words": chinese_date(sheet.day), "qr_svg": _qr_svg(sheet.qr_content)}
    return _typeset("register.typ", {**asdict(sheet), **words}, archival)


def typeset_card(sheet: CardSheet, *, archival: bool = False) -> bytes:
    """The repair card as PDF (A4 portrait); `archival` makes it PDF/A-2b for keeping."""
    return _typeset("card.typ", {**asdict(sheet), "qr_svg": _qr_svg(sheet.qr_content)}, archival)


def bound(sheets: Iterable[bytes]) -> bytes:
    """Several PDFs as one, in their order."""
    book = PdfWriter()
    for sheet in sheets:
        book.append(io.BytesIO(sheet))
    # Each sheet brought its own fonts and pictures: what is the same is kept once.
    book.compress_identical_objects()
    file = io.BytesIO()
    book.write(file)
    return file.getvalue()


def chinese_date(day: date) -> str:
    """二〇二六年十一月二十三日 星期一."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日 星期{'一二三四五六日'[day.weekday()]}"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("", "十", "二十", "三十")[tens] + (_DIGITS[ones] if ones else "")


def _qr_svg(content: str) -> str:
    if not content:
        return ""
    svg = io.BytesIO()
    try:
        code = segno.make(content, error="m", micro=False)
    except segno.DataOverflowError as overflow:
        raise TypesettingFailed(f"the QR code cannot hold {len(content)} characters") from overflow
    code.save(svg, kind="svg", xmldecl=False, omitsize=True, border=0, dark=INK)
    return svg.getvalue().decode()


# One thread at a time: the compiler keeps state and, entered twice, answers "already borrowed". Waiting costs nothing,
# as typesetting is bound by the processor anyway.
_turn = Lock()


@cache
def _compiler() -> typst.Compiler:
    # Reading the fonts costs more than setting a page: once per process. The machine's own fonts stay out,
    # so that a form looks the same wherever it is printed.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
    return typst.Compiler(root=LAYOUTS, font_paths=fonts, ignore_system_fonts=True)


def _typeset(layout: str, sheet: Mapping[str, object], archival: bool) -> bytes:
    written = json.dumps(_jsonable(sheet), ensure_ascii=False)
    with _turn:
        try:
            pdf = _compiler().compile(
                input=LAYOUTS / layout,
                format="pdf",
                sys_inputs={"sheet": written},
                pdf_standards=["a-2b"] if archival else [],
            )
        except typst.TypstError as error:
            raise TypesettingFailed(f"{layout}: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise TypesettingFailed(f"{layout}: the compiler returned no document")
    return pdf


def _jsonable(value: object) -> Jsonable:
    match value:
        case str():
            return legible(value)
        case int():
            return value
        case None:
            return None
        case date():
            return value.isoformat()
        case bytes():
            return list(value)
        case tuple() | list():
            return [_jsonable(part) for part in value]
        case Mapping():
            return {str(name): _jsonable(part) for name, part in value.items()}
    raise TypeError(f"no form can carry a {type(value).__name__}")
