"""The price list: four prices of each thing, each from a day on."""

from datetime import date, timedelta
from itertools import zip_longest
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from shouhou.api.fields import Amount, Answer, BranchName, Code, Day, Input, Price
from shouhou.api.paging import Page
from shouhou.api.schemas.catalog import ModelCode
from shouhou.catalog.models import Price as ListPrice
from shouhou.catalog.models import Priced, ProductClass
from shouhou.catalog.queries import PriceCourse
from shouhou.catalog.rules import AMOUNTS, FourPrices

type PricedList = Literal["parts", "work-codes", "travel-bands"]


class FourPricesAnswer(Answer):
    """In and out of warranty, charged to the customer and settled by the maker; null where nothing was agreed."""

    valid_from: date
    valid_until: date | None = Field(description="The last day on which it counts; null: until further notice.")
    in_charged: Amount | None
    in_settled: Amount | None
    out_charged: Amount | None
    out_settled: Amount | None
    currency: str

    @classmethod
    def of(cls, price: ListPrice, following: ListPrice | None = None) -> Self:
        """A price that ends on the day before the following one begins."""
        until = following.valid_from - timedelta(days=1) if following else None
        return cls(valid_from=price.valid_from, valid_until=until, currency=price.currency, **price.four.amounts())


class PriceCourseAnswer(Answer):
    """All prices that a thing had, has and will have, the earliest first."""

    code: str
    name: str
    product_class: str | None = Field(description="Code of the class; null for what belongs to none.")
    retired: bool
    prices: list[FourPricesAnswer]

    @classmethod
    def of(cls, row: Priced, course: PriceCourse) -> Self:
        """The row with its course."""
        ordered = [*course.past, *([course.now] if course.now else []), *course.future]
        product_class: ProductClass | None = getattr(row, "product_class", None)
        return cls(
            code=row.key,
            name=row.name,
            product_class=product_class.code if product_class else None,
            retired=row.retired,
            prices=[FourPricesAnswer.of(*pair) for pair in zip_longest(ordered, ordered[1:])],
        )


class PricePage(Page):
    rows: list[PriceCourseAnswer]


class PriceOfDayInput(Input):
    """Which price is meant: of which thing, beginning on which day."""

    branch: BranchName
    list: PricedList
    code: ModelCode
    product_class: Code | None = Field(None, description="Code of the class, for work codes.")
    valid_from: Day


class PriceInput(PriceOfDayInput):
    """What a thing costs from a day on. The first price may begin in the past, every other today or later."""

    in_charged: Price | None = None
    in_settled: Price | None = None
    out_charged: Price | None = None
    out_settled: Price | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"

    def four(self) -> FourPrices:
        """The amounts as a value."""
        return FourPrices(**{name: getattr(self, name) for name in AMOUNTS}, currency=self.currency)
