"""Lines of a product list into rules: one for the whole unit, one for the main parts, one for depreciation."""

from collections.abc import Iterable

from shouhou.kernel.errors import Wording, gettext_noop
from shouhou.policies.rules.rights import GivesGuarantee, SetsDeduction, Then
from shouhou.policies.rules.words import Pause, Segment
from shouhou.policies.schema.entries import Applies, BothLanguages, ProductRow, RuleEntry
from shouhou.policies.schema.marked import Marked, Path
from shouhou.policies.schema.vocabulary import Vocabulary

_PAUSES = (Pause.REPAIR, Pause.PARTS_WAIT)


def rules_of_row(row: ProductRow, words: Vocabulary, path: Path, document: Marked) -> Iterable[RuleEntry]:
    """The rules of one line of a product list."""
    if row.of not in words.classes:
        raise document.refuse(
            (*path, "of"), Wording(gettext_noop("the class “%(word)s” is not in the vocabulary"), word=row.of)
        )
    goods, applies = words.classes[row.of], Applies(classes=(row.of,))
    parts = row.main_parts

    def entry(name: str, title: BothLanguages, text: BothLanguages, then: Then) -> RuleEntry:
        return RuleEntry(
            id=f"{row.of}.{name}",
            title=title,
            text=text,
            then=then,
            applies=applies,
            mark=row.mark,
            verified=row.verified,
        )

    yield entry(
        "whole",
        BothLanguages(zh=f"{goods.zh}整机三包期", en=f"Guarantee of the whole unit: {goods.en}"),
        BothLanguages(
            zh=f"{goods.zh}整机三包有效期为{row.whole_months}个月。",
            en=f"The guarantee of the whole unit lasts {row.whole_months} months.",
        ),
        GivesGuarantee(kind="guarantee", segment=Segment.WHOLE_UNIT, months=row.whole_months),
    )
    if row.main_months is not None:
        named = parts or ()
        zh = "、".join(words.parts[part].zh for part in named if part in words.parts)
        en = ", ".join(words.parts[part].en for part in named if part in words.parts)
        yield entry(
            "main",
            BothLanguages(zh=f"{goods.zh}主要部件三包期", en=f"Guarantee of the main parts: {goods.en}"),
            BothLanguages(
                zh=f"主要部件({zh or '以三包凭证所列为准'})三包有效期为{row.main_months}个月。",
                en=f"Main parts ({en or 'as the certificate lists them'}) are guaranteed for {row.main_months} months.",
            ),
            GivesGuarantee(kind="guarantee", segment=Segment.MAIN_PARTS, months=row.main_months, parts=parts),
        )
    if row.daily_rate is not None:
        least, most = f"{row.daily_rate:%}", f"{row.daily_rate_to:%}" if row.daily_rate_to else ""
        rate = "–".join(filter(None, (_short(least), _short(most))))
        yield entry(
            "depreciation",
            BothLanguages(zh=f"{goods.zh}折旧率", en=f"Depreciation: {goods.en}"),
            BothLanguages(zh=f"日折旧率为{rate}。", en=f"Depreciation is {rate} of the invoice price a day."),
            SetsDeduction(
                kind="deduction",
                of="depreciation",
                rate=row.daily_rate,
                rate_to=row.daily_rate_to,
                minus=_PAUSES,
            ),
        )


def _short(per_cent: str) -> str:
    return per_cent.rstrip("%").rstrip("0").rstrip(".") + " %" if per_cent else ""
