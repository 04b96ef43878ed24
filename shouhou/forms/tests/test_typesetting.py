"""The printed forms, read back as text and, as PDF/A, proved to lack no glyph."""

import io
import re
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from shouhou.forms.glyphs import MISSING, legible
from shouhou.forms.typesetting import (
    CopyMark,
    CopyName,
    DayBalance,
    RegisterRow,
    RegisterSheet,
    TypesettingFailed,
    VoucherEntryRow,
    VoucherSheet,
    chinese_date,
    typeset_register,
    typeset_voucher,
)

MARKUP = '#panic() *bold* _it_ [a] "q" \\ $x$ <b> `r` @ref -- ~ /* c */ // = h'
RARE = "㛃䶮𬭚喆"

MARK = CopyMark(form_code="服表001", printed_at="2026-11-23 16:02", printed_by="周敏")
VOID = replace(MARK, copy_number=2, copy_name=CopyName.DUPLICATE, reprint_count=3, voided=True, void_reason="客户退货")


def signature_png() -> bytes:
    """A grey pixel: the smallest picture that an image decoder accepts."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))

    header = struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x40")) + chunk(b"IEND", b"")
    )


VISIT = VoucherEntryRow(
    visited_on=date(2026, 11, 22),
    work_order="QD261122-0169",
    work_class="C",
    fault="点火失败，水压正常",
    work_done="更换点火针 1 支",
    parts=("P-2231 点火针 ×1", "P-2232 密封垫 ×2"),
    labour_minutes=42,
    travel_minutes=23,
    charge="¥0.00",
    technician="李明",
    signature_png=signature_png(),
    signed_at="2026-11-22 15:55",
    seal_hash="8f3a" + "0" * 56 + "c21e",
)
VOUCHER = VoucherSheet(
    mark=MARK,
    number="QD001-00871",
    company="海风电器有限公司",
    branch="青岛分公司",
    customer="于海涛",
    phone="150 0000 4402",
    address="青岛市市北区延安三路 121 号",
    model="海风 JSQ30-16 燃气热水器",
    serial="SN20260511A00871",
    sold_on=date(2026, 5, 20),
    installed_on=date(2026, 5, 23),
    free_until=date(2027, 5, 23),
    contract_number="HT2026-0007",
    entries=(VISIT,),
    seal="修妥签认",
    qr_content="https://example.com/v/0198f2c47a6b",
)
CALL = RegisterRow(
    sequence=1,
    number="QD261123-0001",
    received_at="08:14",
    channel="电话",
    customer="王建华",
    address="市南区香港中路 8 号",
    phone="138 0000 2071",
    model="海风 KFR-35GW 空调",
    fault="开机十分钟停机，显示 E4",
    work_class="B",
    dispatched_to="赵志强",
    dispatched_at="09:05",
    arrived_at="10:20",
    completed_at="11:02",
    struck_off_at="15:55",
)
REGISTER = RegisterSheet(
    mark=replace(MARK, form_code="服表002"),
    number="QD002-00327",
    company="海风电器有限公司",
    branch="青岛分公司",
    day=date(2026, 11, 23),
    book_page=327,
    rows=(CALL,),
    counts=DayBalance(received=41, struck_off=36, still_open=5, carried_over=3),
    qr_content="https://example.com/r/0198f2c47a6b",
)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without white space and break opportunities, which wrapping puts anywhere."""
    return [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def filled_with[Row: (CopyMark, VoucherEntryRow, VoucherSheet, RegisterRow, RegisterSheet)](row: Row, text: str) -> Row:
    """The same row with the text in every field of free text, each time told apart by the field's name."""
    kept = {"work_class", "copy_name", "form_code", "qr_content", "seal", "seal_hash"}
    free = [field.name for field in fields(row) if field.type is str and field.name not in kept]
    changes: dict[str, Any] = {name: f"{name}:{text}" for name in free}
    return replace(row, **changes)


def test_it_prints_every_field_of_the_voucher() -> None:
    text = text_of(typeset_voucher(VOUCHER))
    for value in (
        *("服务凭证", "服表001·第1联·正本·补印0次", "打印2026-11-23 16:02·周敏", "第1/1页", "修妥", "签认"),
        *("QD001-00871", "海风电器有限公司", "青岛分公司", "于海涛", "150 0000 4402", "青岛市市北区延安三路 121 号"),
        *("海风 JSQ30-16 燃气热水器", "SN20260511A00871", "2026-05-20", "2026-05-23", "2027-05-23", "HT2026-0007"),
        *(
            "2026-11-22",
            "QD261122-0169",
            "点火失败，水压正常",
            "更换点火针 1 支",
            "P-2231 点火针 ×1",
            "P-2232 密封垫 ×2",
        ),
        *("工时42分", "路程23分", "¥0.00", "李明", "2026-11-22 15:55", "封存8f3a…c21e"),
    ):
        assert packed(value) in text


def test_it_prints_every_field_of_the_register() -> None:
    text = text_of(typeset_register(REGISTER))
    for value in (
        *("叫修登记簿", "服表002·第1联·正本·补印0次", "二〇二六年十一月二十三日星期一", "第327页", "QD002-00327"),
        *("QD261123-0001", "08:14", "电话", "王建华", "市南区香港中路 8 号", "138 0000 2071", "海风 KFR-35GW 空调"),
        *("开机十分钟停机，显示 E4", "赵志强", "09:05", "10:20", "11:02", "15:55"),
        *("本日登记41", "已注销36", "未注销5", "转次日3", "业务员", "主任"),
    ):
        assert packed(value) in text


def test_it_draws_signature_and_qr_code() -> None:
    signed, unsigned = (
        PdfReader(io.BytesIO(typeset_voucher(replace(VOUCHER, entries=(visit,))))).pages[0]
        for visit in (VISIT, replace(VISIT, signature_png=None))
    )
    assert len(signed.images) == 1
    assert len(unsigned.images) == 0
    assert len(typeset_voucher(VOUCHER)) > len(typeset_voucher(replace(VOUCHER, qr_content="")))


def test_it_prints_markup_literally_in_every_text_of_the_voucher() -> None:
    awkward = MARKUP + RARE
    visit = replace(filled_with(VISIT, awkward), parts=(awkward,))
    sheet = replace(filled_with(VOUCHER, awkward), mark=filled_with(VOID, awkward), entries=(visit,))
    text = text_of(typeset_voucher(sheet, archival=True))
    # An amount is kept on one line and a running head is cut; everything else is whole.
    for name in ("customer", "phone", "address", "model", "serial", "contract_number", "fault", "work_done"):
        assert packed(f"{name}:{awkward}") in text
    for name in ("company", "branch", "number", "technician", "work_order", "charge", "signed_at"):
        assert packed(f"{name}:{awkward}") in text
    for name in ("void_reason", "printed_at", "printed_by"):
        assert packed(f"{name}:{awkward}") in text


def test_it_prints_markup_literally_in_every_text_of_the_register() -> None:
    awkward = MARKUP + RARE
    sheet = replace(
        filled_with(REGISTER, awkward),
        mark=filled_with(VOID, awkward),
        rows=(filled_with(CALL, f"struck {awkward}"), replace(filled_with(CALL, f"open {awkward}"), struck_off_at="")),
    )
    text = text_of(typeset_register(sheet, archival=True))
    for name in (field.name for field in fields(RegisterRow) if field.type is str):
        assert packed(f"{name}:struck {awkward}") in text
        assert (packed(f"{name}:open {awkward}") in text) == (name != "struck_off_at")
    for name in ("company", "branch", "number", "void_reason", "printed_at", "printed_by"):
        assert packed(f"{name}:{awkward}") in text


@pytest.mark.parametrize("second_line", [False, True])
@pytest.mark.parametrize("mark", [MARK, VOID])
def test_no_glyph_is_missing(mark: CopyMark, second_line: bool) -> None:
    typeset_voucher(replace(VOUCHER, mark=mark, second_line=second_line), archival=True)
    typeset_register(replace(REGISTER, mark=mark, second_line=second_line), archival=True)


def test_every_character_called_legible_has_a_glyph() -> None:
    latin = "".join(chr(sign) for sign in range(0x20, 0x250))
    symbols = "①②③℃㎡½²®€¥￥§№—–…“”‘’「」【】《》〈〉±×÷≤≥→←↑↓√✓△○●□■☆★♀♂〇〓"
    visit = replace(VISIT, fault=f"{latin}{symbols}{RARE}")
    text = text_of(typeset_voucher(replace(VOUCHER, entries=(visit,)), archival=True))
    assert packed(symbols + RARE) in text
    assert MISSING not in legible(latin + symbols.replace(MISSING, "") + RARE)


def test_it_puts_a_mark_in_place_of_what_no_font_can_print() -> None:
    sheet = replace(VOUCHER, customer="阿😀强\ud800", address="甲\u202e乙\x00丙\ufeff丁\t戊", model="葛\U000e0100店")
    text = text_of(typeset_voucher(sheet, archival=True))
    assert "阿〓强〓" in text
    assert "甲乙丙丁戊" in text
    assert "葛店" in text


def test_lines_end_alike_wherever_the_text_was_typed() -> None:
    assert legible("一\r\n二\u2028三\x85四") == "一\n二\n三\n四"


def test_long_text_wraps_inside_its_column() -> None:
    fault, serial = "压缩机启动时有异响。" * 20, "S" * 120
    sheet = replace(VOUCHER, serial=serial, entries=(replace(VISIT, fault=fault, work_order="W" * 60),))
    pages = pages_of(typeset_voucher(sheet))
    assert len(pages) == 1
    assert serial in pages[0]
    # The fault's column is read back line by line among its neighbours: no character may be lost.
    assert pages[0].count("异") == fault.count("异")


def test_a_visit_longer_than_a_sheet_breaks() -> None:
    pages = pages_of(typeset_voucher(replace(VOUCHER, entries=(replace(VISIT, work_done="很长的处理。" * 400),))))
    assert len(pages) >= 2
    assert sum(page.count("很") for page in pages) == 400


def test_a_call_longer_than_a_sheet_breaks() -> None:
    pages = pages_of(typeset_register(replace(REGISTER, rows=(replace(CALL, fault="很长的故障。" * 200), CALL))))
    assert len(pages) >= 2
    assert sum(page.count("很") for page in pages) == 200


def test_the_voucher_goes_on_over_sheets_with_its_head() -> None:
    visits = tuple(replace(VISIT, work_order=f"QD261122-{count:04}") for count in range(30))
    pages = pages_of(typeset_voucher(replace(VOUCHER, entries=visits)))
    assert len(pages) == 3
    for sheet, page in enumerate(pages, start=1):
        assert "日期/工单" in page
        assert f"第{sheet}/3页" in page
    assert "（续）" not in pages[0]
    assert "（续）" in pages[1]
    assert re.findall(r"QD261122-(\d{4})", "".join(pages)) == [f"{count:04}" for count in range(30)]


def test_sixty_calls_flow_over_sheets_with_head_and_foot() -> None:
    rows = tuple(replace(CALL, sequence=count, number=f"QD261123-{count:04}") for count in range(1, 61))
    pages = pages_of(typeset_register(replace(REGISTER, rows=rows)))
    assert len(pages) == 4
    for page in pages:
        assert "工单号" in page
        assert "本日登记41" in page
    assert re.findall(r"QD261123-(\d{4})", "".join(pages)) == [f"{count:04}" for count in range(1, 61)]


def test_unused_lines_fill_the_sheet_without_a_further_one() -> None:
    for visits, sheets in ((0, 1), (6, 1), (12, 1), (13, 2)):
        assert len(pages_of(typeset_voucher(replace(VOUCHER, entries=(VISIT,) * visits)))) == sheets


def test_an_empty_register_is_one_ruled_sheet() -> None:
    empty = replace(REGISTER, rows=(), counts=DayBalance(received=0, struck_off=0, still_open=0, carried_over=0))
    (page,) = pages_of(typeset_register(empty))
    assert "本日登记0" in page


def test_a_void_form_says_so_and_why() -> None:
    for pdf in (typeset_voucher(replace(VOUCHER, mark=VOID)), typeset_register(replace(REGISTER, mark=VOID))):
        (page,) = pages_of(pdf)
        assert "第2联·副本·补印3次·作废：客户退货" in page
        assert page.count("作废") == 2
    assert "作废" not in text_of(typeset_voucher(VOUCHER))


def test_the_english_second_line_is_a_choice() -> None:
    chinese, both = (text_of(typeset_voucher(replace(VOUCHER, second_line=choice))) for choice in (False, True))
    for label in ("ServiceVoucher", "Customer", "Installedon", "Workdone", "Customer'ssignature", "Copy1·Original"):
        assert label not in chinese
        assert label in both
    assert "CallRegister" in text_of(typeset_register(replace(REGISTER, second_line=True)))


def test_it_refuses_an_unreadable_signature() -> None:
    with pytest.raises(TypesettingFailed, match=r"voucher\.typ"):
        typeset_voucher(replace(VOUCHER, entries=(replace(VISIT, signature_png=b"not a picture"),)))


def test_it_refuses_more_than_a_qr_code_holds() -> None:
    with pytest.raises(TypesettingFailed, match="9000 characters"):
        typeset_register(replace(REGISTER, qr_content="x" * 9000))


def test_threads_take_turns_at_the_compiler() -> None:
    sheets = [replace(VOUCHER, number=f"QD001-{count:05}", entries=()) for count in range(12)]
    with ThreadPoolExecutor(max_workers=6) as threads:
        for sheet, pdf in zip(sheets, threads.map(typeset_voucher, sheets), strict=True):
            assert sheet.number in text_of(pdf)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "二〇二六年十一月二十三日 星期一"),
        (date(2027, 1, 10), "二〇二七年一月十日 星期日"),
        (date(2030, 10, 20), "二〇三〇年十月二十日 星期日"),
        (date(2026, 12, 31), "二〇二六年十二月三十一日 星期四"),
    ],
)
def test_dates_are_written_in_chinese(day: date, words: str) -> None:
    assert chinese_date(day) == words
