"""Which column of a foreign spreadsheet means what. Strict: a key that is not known is refused by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from shouhou.customers.models import Customer, Site
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.sheets import Cell, unique_columns
from shouhou.workorders.rules import CallChannel, WorkClass, WorkType

# Field → the headers by which it is known without a mapping, compared without case and blanks.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "source": ("单号", "工单号", "编号", "source"),
    "received_at": ("叫修时间", "报修时间", "来电时间", "received_at"),
    "channel": ("渠道", "来源", "叫修方式", "channel"),
    "name": ("客户", "客户姓名", "客户名称", "姓名", "name"),
    "phone": ("电话", "联系电话", "手机", "phone"),
    "contact_name": ("联系人", "contact_name"),
    "address": ("地址", "联系地址", "address"),
    "zone": ("区域", "zone"),
    "customer_kind": ("客户类型", "customer_kind"),
    "model": ("型号", "产品型号", "model"),
    "serial": ("机号", "机身号", "序列号", "serial"),
    "sale_date": ("购买日期", "销售日期", "sale_date"),
    "installed_date": ("安装日期", "installed_date"),
    "contract_number": ("合同号", "contract_number"),
    "fault": ("故障", "故障现象", "报修内容", "fault"),
    "fault_code": ("故障代码", "fault_code"),
    "work_type": ("服务类型", "工作类型", "work_type"),
    "work_class": ("类别", "服务类别", "work_class"),
    "urgent": ("紧急", "加急", "urgent"),
}
REQUIRED = ("received_at", "name", "phone", "model", "fault")
_YES, _NO = ("1", "是", "y", "yes", "true", "急", "加急"), ("", "0", "否", "n", "no", "false")
# Words of the trade beside the codes, which are always understood.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "channel": {"电话": "phone", "热线": "phone", "来函": "letter", "信函": "letter", "来访": "walk_in", "上门": "walk_in",
                "网络": "online", "微信": "online", "线上": "online", "其他": "other"},
    "work_class": {"有费": "A", "有费服务": "A", "保外": "A", "合同": "B", "合同服务": "B", "免费": "C", "免费服务": "C",
                   "保内": "C", "行政": "D", "行政工作": "D"},
    "work_type": {"安装": "installation", "安装调试": "installation", "维修": "repair", "修理": "repair",
                  "保养": "maintenance", "使用指导": "guidance", "指导": "guidance", "巡检": "inspection", "检查": "inspection"},
    "zone": {"市区": "city", "城区": "city", "郊区": "suburb", "远郊": "suburb"},
    "customer_kind": {"个人": "person", "公司": "company", "单位": "company", "代理": "dealer", "经销商": "dealer",
                      "直销": "direct_user"},
    "urgent": dict.fromkeys(_YES, "yes") | dict.fromkeys(_NO, ""),
}  # fmt: skip
_CODES: Mapping[str, Sequence[str]] = {
    "channel": CallChannel.values, "work_class": WorkClass.values, "work_type": WorkType.values,
    "zone": Site.Zone.values, "customer_kind": Customer.Kind.values, "urgent": ("yes",),
}  # fmt: skip
DATE_FORMS = (
    "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日%H:%M", "%Y年%m月%d日 %H时%M分", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d",
)  # fmt: skip
_SECTIONS = {"columns": dict, "constants": dict, "values": dict, "dates": list, "time_zone": str, "sheet": str}
_LARGEST = 256 * 1024


class MappingInvalid(Invalid):
    code = "mapping_invalid"
    template = gettext_noop("%(file)s: %(problem)s")


class ColumnsMissing(Invalid):
    code = "columns_missing"
    template = gettext_noop(
        "The file has no column for: %(columns)s. Name them in a mapping, or give them as constants."
    )


class ValueUnknown(Invalid):
    code = "value_unknown"
    template = gettext_noop("“%(value)s” in the column %(column)s means nothing here; give its meaning in the mapping.")


@dataclass(frozen=True)
class ColumnMapping:
    """A mapping as written down. Everything in it is optional."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = DATE_FORMS
    zone: ZoneInfo | None = None
    sheet: str = ""

    def places(self, header: Sequence[Cell]) -> tuple[dict[str, int], list[str]]:
        """In which column each field stands, and which columns mean nothing. Raises ColumnsMissing."""
        names = unique_columns(header)
        folded = {_fold(name): place for place, name in reversed(list(enumerate(names)))}
        found = {}
        for what, known in HEADERS.items():
            for name in self.columns.get(what, known):
                if _fold(name) in folded:
                    found[what] = folded[_fold(name)]
                    break
        missing = [what for what in REQUIRED if what not in found and what not in self.constants]
        missing += [what for what in self.columns if what not in found and what not in missing]
        if missing:
            raise ColumnsMissing(columns=", ".join(f"{HEADERS[what][0]} ({what})" for what in missing))
        return found, [name for place, name in enumerate(names) if place not in found.values()]

    def meaning(self, what: str, value: str) -> str:
        """The code that a value of a closed list means; other values stay as they are. Raises ValueUnknown."""
        value = self.values.get(what, {}).get(value, value)
        if what not in _CODES or not value:
            return value
        if value in _CODES[what]:
            return value
        known = {_fold(word): code for word, code in _WORDS[what].items()} | {
            _fold(code): code for code in _CODES[what]
        }
        if _fold(value) not in known:
            raise ValueUnknown(value=value[:60], column=what, field=what)
        return known[_fold(value)]


def read_mapping(path: Path) -> ColumnMapping:
    """Read a mapping file. Raises MappingInvalid, naming the key that is wrong."""

    def wrong(problem: str) -> MappingInvalid:
        return MappingInvalid(file=path.name, problem=problem)

    try:
        if path.stat().st_size > _LARGEST:
            raise wrong("larger than a mapping can be")
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeError, yaml.YAMLError, RecursionError) as error:
        raise wrong(" ".join(str(error).split())) from None
    if document is None:
        return ColumnMapping()
    if not isinstance(document, dict):
        raise wrong("not a mapping of sections")
    for key, section in document.items():
        if key not in _SECTIONS:
            raise wrong(f"unknown section {key!r}; known are {', '.join(_SECTIONS)}")
        if not isinstance(section, _SECTIONS[key]):
            raise wrong(f"{key} must be a {'mapping' if _SECTIONS[key] is dict else _SECTIONS[key].__name__}")
    for key in ("columns", "constants", "values"):
        for what in document.get(key, {}):
            if what not in HEADERS:
                raise wrong(f"{key}: unknown field {what!r}; known are {', '.join(HEADERS)}")
    try:
        return ColumnMapping(
            columns={what: _names(names) for what, names in document.get("columns", {}).items()},
            constants={what: _text(value) for what, value in document.get("constants", {}).items()},
            values={what: _meanings(words) for what, words in document.get("values", {}).items()},
            dates=tuple(_text(form) for form in document.get("dates", ())) or DATE_FORMS,
            zone=ZoneInfo(document["time_zone"]) if "time_zone" in document else None,
            sheet=document.get("sheet", ""),
        )
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong(str(error)) from None


def _names(names: Any) -> tuple[str, ...]:
    return tuple(_text(name) for name in names) if isinstance(names, list) else (_text(names),)


def _meanings(words: Any) -> dict[str, str]:
    if not isinstance(words, dict):
        raise ValueError("values: each field takes a mapping of words")
    return {_text(word): _text(meaning) for word, meaning in words.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{value!r} must be a text")
    return str(value)


def _fold(name: str) -> str:
    return "".join(name.casefold().split())
