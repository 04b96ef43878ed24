"""What the one search over everything finds."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from shouhou.api.fields import Answer
from shouhou.api.schemas.catalog import Named
from shouhou.api.schemas.customers import AssetAnswer, CustomerRow
from shouhou.api.schemas.work_orders import Party, UnitInShort
from shouhou.assets.models import Asset
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OrderStatus
from shouhou.workorders.search import Found


class OrderInShort(Answer):
    """An order, with what tells it from others."""

    id: UUID
    branch_id: UUID
    number: str = Field(examples=["QD261123-0042"])
    status: OrderStatus
    work_class: str
    received_at: datetime
    customer: Party
    asset: UnitInShort

    @classmethod
    def of(cls, row: WorkOrder) -> Self:
        model = row.asset.product_model
        unit = UnitInShort(
            id=row.asset_id, serial=row.asset.serial, product_model=Named(code=model.code, name=model.name)
        )
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            number=row.number,
            status=OrderStatus(row.status),
            work_class=row.work_class,
            received_at=row.received_at,
            customer=Party(id=row.customer_id, name=row.customer.name),
            asset=unit,
        )


class UnitFound(AssetAnswer):
    """A unit, and whose it is."""

    customer: Party

    @classmethod
    def of(cls, row: Asset) -> Self:
        return cls(**cls.fields_of(row), customer=Party(id=row.customer_id, name=row.customer.name))


class SearchAnswer(Answer):
    """At most so many of each kind as were asked for."""

    exact_id: UUID | None = Field(description="The order whose whole number was asked for.")
    orders: list[OrderInShort]
    customers: list[CustomerRow]
    assets: list[UnitFound]

    @classmethod
    def of(cls, found: Found) -> Self:
        return cls(
            exact_id=found.exact.id if found.exact else None,
            orders=[OrderInShort.of(one) for one in found.orders],
            customers=[CustomerRow.of(one) for one in found.customers],
            assets=[UnitFound.of(one) for one in found.assets],
        )
