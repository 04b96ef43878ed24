"""What is known about one question. A fact that is not known is None: the engine never fills it in."""

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any, Literal, get_args, get_type_hints

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.rules.words import Channel, Exclusion, Matter, Pause

Assembly = Literal["engine", "gearbox", "traction_battery", "drive_motor"]
SafetyFailure = Literal["steering_failure", "brake_failure", "body_crack", "fuel_leak", "battery_fire", "none"]
ReturnBar = Literal["made_to_order", "perishable", "unsealed_media", "periodical", "none"]
ConfirmedBar = Literal["unsealed_safety_goods", "loses_value_when_tried", "flawed_or_near_expiry", "none"]
Fault = Literal["customer", "trader", "both", "neither"]
MissingGift = Literal["priced", "valued", "unpriced", "none"]
Rank = Literal["senior", "ordinary"]
Area = Literal["city", "suburb"]
GoodsState = Literal["visible", "hidden"]


class DatesOutOfOrder(Invalid):
    code = "facts_out_of_order"
    template = gettext_noop("%(later)s (%(later_date)s) cannot come before %(earlier)s (%(earlier_date)s).")


class NegativeFact(Invalid):
    code = "negative_fact"
    template = gettext_noop("%(fact)s cannot be less than zero.")


@dataclass(frozen=True, slots=True)
class Told:
    """What a fact means, in both languages; `unit` where it is a number."""

    zh: str
    en: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Stood:
    """One stretch of days that do not count, from the day on which it began."""

    pause: Pause
    on: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one question. Raises DatesOutOfOrder and NegativeFact.

    `stood` is never stated: a history that was read says with it when the days of `repair_days` and `parts_wait_days` were, since
    the period began. A stretch that begins when a period is over does not put its end off.
    """

    matter: Annotated[Matter, Told("问的是哪类事", "what is asked about")]
    on: Annotated[date, Told("提出要求之日", "the day on which the right is asked for")]

    product_class: Annotated[str | None, Told("产品类别", "class of the goods")] = None
    brand: Annotated[str | None, Told("品牌", "brand")] = None
    region: Annotated[str | None, Told("消费者所在省市", "province or municipality of the customer")] = None
    channel: Annotated[Channel | None, Told("购买渠道", "where it was bought")] = None
    platform: Annotated[str | None, Told("交易平台", "marketplace; none if there was none")] = None
    promises: Annotated[frozenset[str], Told("已作出的承诺", "promises made with this sale")] = frozenset()
    bulky: Annotated[bool | None, Told("大件商品", "the goods are bulky")] = None
    low_value_consumable: Annotated[bool | None, Told("低值易耗品", "the goods are a low-value consumable")] = None
    price: Annotated[Decimal | None, Told("发票价格", "invoice price", "CNY")] = None

    sold_on: Annotated[date | None, Told("销售(发票)日期", "date of the sale, as on the invoice")] = None
    delivered_on: Annotated[date | None, Told("交付(签收)日期", "date of delivery, signed for")] = None
    trader_installs: Annotated[bool | None, Told("应由经营者安装", "the trader has to install")] = None
    installed_on: Annotated[date | None, Told("安装完成日期", "date the installation was finished")] = None
    replaced_on: Annotated[
        date | None, Told("换货日期（非换货则空）", "date this unit came as a replacement; none if it is none")
    ] = None
    repaired_on: Annotated[date | None, Told("上次修复日期", "date the last repair was handed back")] = None
    part_repaired_on: Annotated[
        date | None, Told("同一部件上次修复日期", "date the part that fails now was last repaired")
    ] = None

    date_provable: Annotated[bool | None, Told("能证明购买日期", "the date of the sale can be proved")] = None
    exclusions: Annotated[
        frozenset[Exclusion], Told("已查实的除外情形", "exclusions that were found, with evidence")
    ] = frozenset()
    defect: Annotated[bool | None, Told("存在质量问题", "the goods have a quality defect")] = None
    performance_fault: Annotated[
        bool | None, Told("属于性能故障", "the fault is on the list of performance faults")
    ] = None
    faulty_part: Annotated[str | None, Told("故障部件", "the part that fails")] = None
    main_part: Annotated[bool | None, Told("属于主要部件", "the certificate lists it as a main part")] = None
    assembly: Annotated[
        Assembly | Literal["none"] | None, Told("所涉总成", "assembly that the defect is in (cars)")
    ] = None
    assembly_must_be_replaced: Annotated[
        bool | None, Told("需更换总成或其主要零件", "the assembly or a main part of it has to be replaced (cars)")
    ] = None
    safety_failure: Annotated[SafetyFailure | None, Told("严重安全故障", "failure that endangers (cars)")] = None
    battery_capacity: Annotated[
        Decimal | None, Told("电池容量比例", "battery capacity as a share of the rated one", "1")
    ] = None
    km: Annotated[int | None, Told("行驶里程", "distance driven", "km")] = None
    usage_coefficient: Annotated[
        Decimal | None, Told("使用补偿系数", "usage coefficient on the certificate (cars)", "1")
    ] = None

    repaired: Annotated[bool | None, Told("曾经修理", "it was repaired before")] = None
    same_part_repaired: Annotated[
        bool | None, Told("同一部件曾经修理", "the part that fails now was repaired before")
    ] = None
    failed_repairs: Annotated[
        int | None,
        Told("性能故障修理后仍不正常的次数", "repairs of a performance fault after which it still failed", "次"),
    ] = None
    same_fault_repairs: Annotated[int | None, Told("同一故障修理次数", "repairs of the same fault", "次")] = None
    severe_fault_repairs: Annotated[
        int | None, Told("严重安全故障修理未果次数", "repairs of a severe safety fault that did not cure it", "次")
    ] = None
    part_repaired_in_guarantee: Annotated[
        bool | None,
        Told("同一部件上次修理时尚在保修期内", "that repair of the part was within its guarantee"),
    ] = None
    assembly_replacements: Annotated[int | None, Told("同一总成更换次数", "replacements of the assembly", "次")] = None
    same_part_replacements: Annotated[
        int | None, Told("同一主要零件更换次数", "replacements of the same main part", "次")
    ] = None
    accessory_replacements: Annotated[
        int | None, Told("附件更换后仍不正常的次数", "replacements of the accessory after which it still failed", "次")
    ] = None
    repair_days: Annotated[int | None, Told("累计修理天数", "days in repair so far, counted by the rule", "days")] = (
        None
    )
    parts_wait_days: Annotated[
        int | None, Told("累计待料天数", "days waiting for parts so far, outside the days in repair", "days")
    ] = None
    current_repair_days: Annotated[int | None, Told("本次送修天数", "days since this repair began", "days")] = None
    current_parts_wait_days: Annotated[
        int | None, Told("本次待料天数", "days since hand-in without the part", "days")
    ] = None
    repairer_delay_days: Annotated[
        int | None, Told("修理者自身延误天数", "days of delay that are the repairer's own", "days")
    ] = None
    delay_justified: Annotated[bool | None, Told("逾期有正当理由", "there is a good reason for the delay")] = None
    same_model_available: Annotated[bool | None, Told("有同型号可换", "the same model can be had")] = None
    workdays_since_demand: Annotated[
        int | None, Told("提出退换后工作日数", "working days since replacement or refund was demanded", "working days")
    ] = None
    replacement_late_days: Annotated[
        int | None, Told("换货逾期天数", "days by which the replacement is late", "days")
    ] = None

    period_agreed: Annotated[bool | None, Told("已约定保修期", "the seller stated a guarantee period")] = None
    form_contract: Annotated[bool | None, Told("格式合同", "the contract is the trader's form")] = None
    agreed_amount: Annotated[
        Decimal | None, Told("双方约定金额", "amount that both sides agreed on afterwards", "CNY")
    ] = None
    promised_amount: Annotated[Decimal | None, Told("卖家承诺赔付额", "amount the seller promised", "CNY")] = None
    platform_amount: Annotated[Decimal | None, Told("平台规则赔付额", "amount of the platform's own rule", "CNY")] = (
        None
    )
    fraud: Annotated[bool | None, Told("构成欺诈", "the trader deceived the customer")] = None

    intact: Annotated[bool | None, Told("商品完好", "the goods are intact")] = None
    return_bar: Annotated[ReturnBar | None, Told("法定不适用退货情形", "goods that the law takes out of the right")] = (
        None
    )
    confirmed_bar: Annotated[
        ConfirmedBar | None, Told("经确认可不适用退货情形", "goods that are out of the right if the buyer confirmed so")
    ] = None
    bar_confirmed: Annotated[
        bool | None, Told("购买时逐次确认", "the buyer confirmed it for this purchase, not by a ticked default")
    ] = None
    free_shipping: Annotated[bool | None, Told("包邮", "shipping was free")] = None
    breaks_threshold: Annotated[
        bool | None, Told("部分退货后不满包邮条件", "what is kept no longer reaches the free-shipping threshold")
    ] = None
    exchange: Annotated[bool | None, Told("要求换货", "an exchange is wanted, not the money")] = None

    order_closed_on: Annotated[date | None, Told("订单关闭日期", "date the order was closed")] = None
    promise_ends_on: Annotated[date | None, Told("承诺截止日期", "last day of the promise as the seller set it")] = None
    signed_for: Annotated[bool | None, Told("已签收", "the parcel was signed for")] = None
    receipt_confirmed: Annotated[bool | None, Told("已确认收货", "the buyer confirmed receipt")] = None
    damaged_on_the_way: Annotated[bool | None, Told("运输破损", "damaged on the way, proved")] = None
    resends: Annotated[int | None, Told("已补寄次数", "re-sends so far", "次")] = None
    other_courier: Annotated[bool | None, Told("未用指定快递", "another courier than the one named")] = None
    days_late: Annotated[int | None, Told("逾期送达天数", "days later than promised", "days")] = None
    late_excused: Annotated[bool | None, Told("有客观原因", "the delay has an objective cause")] = None
    late_day_rate: Annotated[Decimal | None, Told("每日逾期赔付额", "promised amount per day late", "CNY")] = None
    shipped_against_will: Annotated[
        bool | None, Told("逾期或申请退款后未经同意发货", "shipped without consent after the time or a refund request")
    ] = None
    at_fault: Annotated[Fault | None, Told("过错方", "who is at fault")] = None
    upheld: Annotated[bool | None, Told("平台支持买家", "the platform decided for the buyer")] = None
    page_unclear: Annotated[bool | None, Told("页面描述不清或不一致", "the page is unclear or inconsistent")] = None
    gift_missing: Annotated[MissingGift | None, Told("缺少赠品", "kind of the gift that is missing")] = None
    gift_value: Annotated[Decimal | None, Told("赠品价值", "price or declared value of the gift", "CNY")] = None
    spoilt_share: Annotated[Decimal | None, Told("变质比例", "share that is spoilt", "1")] = None
    blemish: Annotated[GoodsState | None, Told("瑕疵类型", "visible or hidden blemish")] = None

    founded_complaints: Annotated[
        int | None, Told("属实投诉次数", "founded complaints against the person, this one included", "次")
    ] = None
    area: Annotated[Area | None, Told("市区或郊区", "city or suburb")] = None
    rank: Annotated[Rank | None, Told("走访人员级别", "rank of the staff that visit")] = None

    stood: tuple[Stood, ...] | None = None

    def __post_init__(self) -> None:
        days = _days_of(self)
        for first, second in _IN_TURN:
            if (earlier := days[first]) is not None and (later := days[second]) is not None and later < earlier:
                raise DatesOutOfOrder(
                    earlier=_DAYS[first],
                    later=_DAYS[second],
                    earlier_date=earlier.isoformat(),
                    later_date=later.isoformat(),
                    field=_DAYS[second],
                )
        for place, number in enumerate(_numbers_of(self)):
            if number is not None and number < 0:
                raise NegativeFact(fact=_NUMBERS[place], field=_NUMBERS[place])

    def but(self, **changes: Any) -> "Facts":
        """The same facts with some of them different."""
        if self.stood is not None and "stood" not in changes and changes.keys() & _SUMS.keys():
            changes["stood"] = self._stood_if(changes)
        return replace(self, **changes)

    def _stood_if(self, changes: dict[str, Any]) -> tuple[Stood, ...] | None:
        """More days than there were begin today. Which of them there were not if there were fewer, nobody can say."""
        stood = self.stood or ()
        for name, pause in _SUMS.items():
            if name in changes:
                days, known = changes[name], getattr(self, name)
                if days is None or known is None or days < known:
                    return None
                stood += (Stood(pause, self.on, days - known),)
        return stood

    def known(self) -> dict[str, Any]:
        """The facts that are known, in the order of the class, as JSON knows them (text, whole numbers, true and false)."""
        return {name: _plain(value) for name in NAMES if (value := getattr(self, name)) not in (None, frozenset())}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(str(one) for one in value)
    return value if isinstance(value, bool | int) else str(value)


def told(name: str) -> Told:
    """What the fact means."""
    told: Told = _HINTS[name].__metadata__[0]
    return told


def answers(name: str) -> tuple[Any, ...]:
    """The values that the fact can have where they are few: yes and no, or the words of its list. Else nothing."""
    kinds = get_args(_HINTS[name].__origin__)
    if bool in kinds:
        return (True, False)
    return tuple(word for kind in kinds for word in _choices(kind))


def kind_of(name: str) -> type | None:
    """What the fact is measured in: bool, int, Decimal, date, frozenset or str (also a closed list of words)."""
    hint = _HINTS[name].__origin__
    kinds = get_args(hint) or (hint,)
    return next((kind for kind in (bool, int, Decimal, date) if kind in kinds), frozenset if name in _SETS else str)


def _choices(kind: Any) -> tuple[str, ...]:
    if kind is Channel:
        return tuple(Channel)
    inner = get_args(kind)
    return tuple(
        word for one in inner for word in (_choices(one) if get_args(one) else (one,)) if isinstance(word, str)
    )


NAMES = tuple(field.name for field in fields(Facts) if field.name != "stood")
_SUMS = {"repair_days": Pause.REPAIR, "parts_wait_days": Pause.PARTS_WAIT}
_HINTS = get_type_hints(Facts, include_extras=True)
_SETS = {"promises", "exclusions"}
_NUMBERS = tuple(name for name in NAMES if kind_of(name) in (int, Decimal))
_DAYS = tuple(name for name in NAMES if kind_of(name) is date)
# attrgetter reads them all in one step: facts are made as often as verdicts.
_numbers_of, _days_of = attrgetter(*_NUMBERS), attrgetter(*_DAYS)
# Only what can never be otherwise: goods may be delivered before the invoice is written, and installed in the shop.
_IN_TURN = tuple(
    (_DAYS.index(earlier), _DAYS.index(later))
    for earlier, later in (
        *((name, "on") for name in _DAYS if name not in ("on", "promise_ends_on")),
        ("delivered_on", "replaced_on"),
        ("delivered_on", "repaired_on"),
        ("delivered_on", "part_repaired_on"),
    )
)
