"""The catalogue, shared by all branches. Creating names the branch at which the act is written down."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from shouhou.api.fields import Amount, Answer, BranchName, Code, Input, Name, Price
from shouhou.api.paging import Page
from shouhou.catalog.models import FaultCode, Part, ProductClass, ProductModel
from shouhou.workforce.models import Qualification

_ShortName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
_ModelCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
_Unit = Annotated[str, StringConstraints(min_length=1, max_length=10, pattern=r"^[^\x00]*$")]


class Named(Answer):
    """Something of the catalogue, in short."""

    code: str
    name: str


class NamedPage(Page):
    rows: list[Named]


class ProductClassInput(Input):
    branch: BranchName
    code: Code = Field(examples=["ac"])
    name: _ShortName = Field(examples=["空调"])


class ProductModelAnswer(Answer):
    """One model that the company sold."""

    id: UUID
    code: str
    name: str
    product_class: Named
    guarantee_months: int

    @classmethod
    def of(cls, row: ProductModel) -> Self:
        return cls(
            id=row.id,
            code=row.code,
            name=row.name,
            product_class=named(row.product_class),
            guarantee_months=row.guarantee_months,
        )


class ProductModelPage(Page):
    rows: list[ProductModelAnswer]


class ProductModelInput(Input):
    branch: BranchName
    code: _ModelCode = Field(examples=["KFR-35GW"])
    name: Name = Field(examples=["海风 KFR-35GW"])
    product_class: Code = Field(description="Code of the class.", examples=["ac"])
    guarantee_months: int = Field(12, ge=0, le=600)


class PartAnswer(Answer):
    """A spare part with its list price."""

    id: UUID
    number: str
    name: str
    unit: str
    price: Amount
    currency: str

    @classmethod
    def of(cls, row: Part) -> Self:
        return cls(id=row.id, number=row.number, name=row.name, unit=row.unit, price=row.price, currency=row.currency)


class PartPage(Page):
    rows: list[PartAnswer]


class PartInput(Input):
    branch: BranchName
    number: _ModelCode = Field(examples=["CBB65-35"])
    name: Name = Field(examples=["压缩机电容"])
    unit: _Unit = "件"
    price: Price


class FaultCodeAnswer(Answer):
    """A fault that has a name."""

    id: UUID
    code: str
    name: str
    product_class: str = Field(description="Code of the class.")
    performance_fault: bool
    severe: bool

    @classmethod
    def of(cls, row: FaultCode) -> Self:
        return cls(
            id=row.id,
            code=row.code,
            name=row.name,
            product_class=row.product_class.code,
            performance_fault=row.performance_fault,
            severe=row.severe,
        )


class FaultCodePage(Page):
    rows: list[FaultCodeAnswer]


class FaultCodeInput(Input):
    branch: BranchName
    product_class: Code = Field(description="Code of the class.")
    code: Code = Field(examples=["E4"])
    name: Name
    performance_fault: bool = False
    severe: bool = False


class QualificationInput(Input):
    branch: BranchName
    code: Code = Field(examples=["gas"])
    name: _ShortName = Field(examples=["燃气具维修证"])


def named(row: ProductClass | ProductModel | Qualification | FaultCode) -> Named:
    """Code and name of a row of the catalogue."""
    return Named(code=row.code, name=row.name)
