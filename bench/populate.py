"""A register of any size, made in minutes: customers with units and vouchers, and their orders over three years.

The shape is that of a branch in daily work: nearly everything is struck off, the last two days are open. Made past the
acts, without journal: what is measured on it is reading.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection

from bench.bulk import Bulk, write_in_batches
from shouhou.access.models import Branch, NumberSeries
from shouhou.assets.models import Asset
from shouhou.catalog.models import ProductModel
from shouhou.customers.models import Customer, CustomerKey, Site
from shouhou.customers.rules import keys_of
from shouhou.kernel.ids import uuid7
from shouhou.workforce.models import Technician
from shouhou.workorders.models import RegisterPage, Voucher, WorkOrder

_SPAN = timedelta(days=3 * 365)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文辉力健永红玉梅玲桂珍海燕"
    "春晓东志新利清飞彬富顺信子涵雨欣浩然宇轩梓萱一诺思远"
)
_FAULTS = [
    "开机十分钟停机，显示 E4",
    "不制冷",
    "脱水异响",
    "点火失败",
    "漏水",
    "遥控器失灵",
    "噪音大",
    "二次维修后仍不制冷",
]
_STREETS = ["延安三路", "香港中路", "山东路", "南京路", "台柳路", "黑龙江路", "长城路", "江西路"]


def populate(
    orders: int, *, branch: Branch, technicians: list[Technician], models: list[ProductModel], seed: int
) -> float:
    """Write so many orders into an empty branch; returns the seconds that it took."""
    started = time.perf_counter()
    customer = Bulk(Customer, ["id", "branch", "kind", "name", "phone", "note", "registered_at"])
    key = Bulk(CustomerKey, ["id", "branch", "customer", "key"])
    site = Bulk(Site, ["id", "branch", "customer", "address", "zone"])
    asset = Bulk(
        Asset,
        "id branch customer site product_model serial serial_backwards sale_date".split(),
    )
    voucher = Bulk(Voucher, ["id", "branch", "asset", "number", "state", "holder", "work_order", "since"])
    page = Bulk(RegisterPage, ["id", "branch", "day", "page_number", "closed_at", "received", "carried_over"])
    order = Bulk(
        WorkOrder,
        (
            "id branch number source received_at received_on channel customer asset product_class contact_name phone "
            "address zone work_type work_class fault fault_code urgent status technician visit_count "
            "dispatched_at arrived_at completed_at closed_at"
        ).split(),
    )
    dice = random.Random(seed)
    now = datetime.now(UTC)

    def write() -> Iterator[None]:
        units: list[tuple[UUID, UUID, str, str, str]] = []
        day, counter, page_number = None, 0, 0
        for place in range(orders):
            if place % 3 == 0:
                units.append(_unit(dice, place, branch, models, now, customer, key, site, asset, voucher))
            asset_id, customer_id, name, phone, address = units[-1 if place % 3 == 0 else dice.randrange(len(units))]
            received = now - _SPAN + _SPAN * ((place + 1) / orders)
            local = received + timedelta(hours=8)
            if local.date() != day:
                day, counter, page_number = local.date(), 0, page_number + 1
                page.add(uuid7(), branch.id, day, page_number, None, 0, 0)
            counter += 1
            age = now - received
            status = "struck_off" if age > timedelta(days=2) else dice.choice(["received", "dispatched", "completed"])
            sent = status != "received"
            order.add(
                *(uuid7(), branch.id, f"{branch.code}{day:%y%m%d}-{counter:04d}", "", received, day, "phone"),
                *(
                    customer_id,
                    asset_id,
                    models[0].product_class_id,
                    name,
                    phone,
                    address,
                    "city",
                    "repair",
                    dice.choice("ACCCB"),
                    dice.choice(_FAULTS),
                ),
                *(None, False, status, dice.choice(technicians).id if sent else None, 1 if sent else 0),
                *(received + timedelta(minutes=20) if sent else None, None, None),
                received + timedelta(hours=30) if status == "struck_off" else None,
            )
            yield None

    write_in_batches(write(), [customer, key, site, asset, voucher, page, order])
    # The next real call must not get a number that was given out here.
    for kind, period, last in (("voucher", "", orders), ("register_page", "", 1_200)):
        NumberSeries.objects.create(branch=branch, kind=kind, period=period, counter=last)
    with connection.cursor() as cursor:
        # What a database does by itself in the night after such a load; else it does it while we measure.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return time.perf_counter() - started


def _unit(
    dice: random.Random,
    place: int,
    branch: Branch,
    models: list[ProductModel],
    now: datetime,
    customer: Bulk,
    key: Bulk,
    site: Bulk,
    asset: Bulk,
    voucher: Bulk,
) -> tuple[UUID, UUID, str, str, str]:
    customer_id, site_id, asset_id = uuid7(), uuid7(), uuid7()
    name = dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2))))
    phone = f"+8612{place:09d}"
    address = f"市北区 {dice.choice(_STREETS)} {dice.randrange(1, 300)} 号"
    customer.add(customer_id, branch.id, "person", name, phone, "", now - _SPAN)
    for one in keys_of(name=name, phones=[phone]):
        key.add(uuid7(), branch.id, customer_id, one)
    site.add(site_id, branch.id, customer_id, address, "city")
    model = dice.choice(models)
    serial = f"SN{place:010d}"
    sold = (now - dice.random() * _SPAN).date()
    asset.add(asset_id, branch.id, customer_id, site_id, model.id, serial, serial[::-1], sold)
    voucher.add(uuid7(), branch.id, asset_id, f"{branch.code}-{place:07d}", "filed", None, None, now)
    return asset_id, customer_id, name, phone, address
