"""服表005 修护卡 on paper: read back as text, counted, and proved to lack no glyph."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from shouhou.forms.actions import print_card
from shouhou.forms.tests.test_typesetting import MARK, MARKUP, RARE, VOID
from shouhou.forms.typesetting import CardSheet, typeset_card
from shouhou.kernel.errors import NotPermitted
from shouhou.workshop.queries import CardNotFound
from tests.cast import Crew, refuses
from tests.workshop_acts import card

SHEET = CardSheet(
    mark=replace(MARK, form_code="服表005"), number="XH-QD261123-0001", company="海风电器", branch="青岛分公司",
    model="海风 JSQ25", serial="SN-JSQ25", work_order="QD261123-0001", receipt="LQ-QD261123-0001", accessories="遥控器",
    opened_at="11-23 09:50", planned_on=date(2026, 11, 26), fault="打不着火", technician="李明", bench="一号台",
    diagnosis="水箱漏水", result="已修好：更换水箱", stretches=(("李明", "C", "11-23 10:10", "11-23 10:20"),),
    parts=(("CBB65-35 压缩机电容", "1 件"),), points=(("无漏水", "ok"), ("试机，各项功能正常", "")),
    inspector="主任青岛", inspected_at="11-23 11:00", qr_content="XH-QD261123-0001",
)  # fmt: skip


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.one_database
def test_the_card_says_what_is_written_on_it() -> None:
    text = text_of(typeset_card(SHEET, archival=True))
    for told in ("修 护 卡", "XH-QD261123-0001", "2026-11-26", "水箱漏水", "一号台", "合格", "主任青岛", "CBB65-35"):
        assert told in text
    assert "作废" in text_of(typeset_card(replace(SHEET, mark=VOID)))


@pytest.mark.one_database
@pytest.mark.parametrize("words", [MARKUP, RARE, "长" * 2000, ""])
def test_whatever_was_typed_is_only_text(words: str) -> None:
    hostile = replace(SHEET, fault=words, diagnosis=words, bench=words[:60], accessories=words[:500], second_line=True)
    assert typeset_card(hostile, archival=True).startswith(b"%PDF")


def test_every_print_of_a_card_is_counted(qd: Crew, jn: Crew) -> None:
    one = card(qd, "inspected")
    first, _ = print_card(one.key, by=qd.clerk, at=one.next())
    again, pdf = print_card(one.key, by=qd.clerk, at=one.next())
    assert (first.id, again.print_count, again.form_code) == (again.id, 2, "SF005")
    text = text_of(pdf)
    assert "补印 1 次" in text
    assert one.receipt.number in text
    assert "李明" in text
    with refuses(CardNotFound):
        print_card(one.key, by=jn.clerk, at=one.next())
    with refuses(NotPermitted):
        print_card(one.key, by=qd.administrator, at=one.next())
