"""The catalogue, shared by all branches. Writing names the branch at which the act is written down."""

from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from shouhou.api.fields import Amount, Answer, BranchName, Code, Input, Name, Price, Word, rules_word
from shouhou.api.paging import Page
from shouhou.catalog.models import CatalogueEntry, FaultCode, Part, ProductClass, ProductModel
from shouhou.kernel.money import Money
from shouhou.workforce.models import Qualification

_ShortName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
ModelCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
_Unit = Annotated[str, StringConstraints(min_length=1, max_length=10, pattern=r"^[^\x00]*$")]
_ClassCode = Annotated[Code, Field(description="Code of the class.", examples=["ac"])]
_HoursInput = Annotated[Decimal, Field(gt=0, lt=1000, decimal_places=2, examples=["1.50"])]
_Hours = Annotated[Decimal, PlainSerializer(lambda hours: f"{hours:.2f}", return_type=str), Field(examples=["1.50"])]
_CodeOf = Annotated[
    str, BeforeValidator(lambda row: getattr(row, "code", row)), Field(description="Code of the class.")
]
_RulesClass = Annotated[
    Word,
    rules_word("classes"),
    Field(
        description="What the rule packs call goods of this class; empty where no rule knows them.",
        examples=["air_conditioner"],
    ),
]
_Brand = Annotated[
    str,
    StringConstraints(max_length=40, pattern=r"^([a-z][a-z0-9_]*)?$"),
    Field(description="As rule packs write it; empty where it is not known.", examples=["haifeng"]),
]
_FaultyPart = Annotated[
    Word,
    rules_word("parts"),
    Field(
        description="What the rule packs call the part that fails; empty where it is not known.",
        examples=["compressor"],
    ),
]
_RulesPart = Annotated[
    Word,
    rules_word("parts"),
    Field(description="What the rule packs call the part; empty where it is not known.", examples=["motor"]),
]
_TraderInstalls = Annotated[
    bool | None, Field(description="Whether installation is sold with such goods; null where it is not known.")
]
_Bulky = Annotated[bool | None, Field(description="Whether such goods are bulky (大件); null where it is not known.")]
_MainPart = Annotated[
    bool | None, Field(description="Whether the certificate lists the part as a main one; null where it is not known.")
]

type ListName = Literal["product-classes", "product-models", "parts", "fault-codes", "work-codes", "travel-bands"]


class Named(Answer):
    """Something of the catalogue, in short."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str


class NamedPage(Page):
    rows: list[Named]


class CatalogueEntryAnswer(Answer):
    """An entry of the catalogue, read off its row. What is retired is listed, but nothing new is written down with it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    retired: bool

    @classmethod
    def of(cls, row: CatalogueEntry) -> Self:
        """The row in this shape."""
        return cls.model_validate(row)


class ProductClassAnswer(CatalogueEntryAnswer):
    """A class of products, to which fault codes and pieces of work belong."""

    code: str
    rules_class: str
    trader_installs: bool | None
    bulky: bool | None


class ProductClassPage(Page):
    rows: list[ProductClassAnswer]


class ProductClassInput(Input):
    branch: BranchName
    code: Code = Field(examples=["ac"])
    name: _ShortName = Field(examples=["空调"])
    rules_class: _RulesClass = ""
    trader_installs: _TraderInstalls = None
    bulky: _Bulky = None


class ProductClassChange(Input):
    branch: BranchName
    name: _ShortName
    rules_class: _RulesClass
    trader_installs: _TraderInstalls
    bulky: _Bulky


class ProductModelAnswer(CatalogueEntryAnswer):
    """One model that the company sold."""

    code: str
    product_class: Named
    guarantee_months: int
    brand: str


class ProductModelPage(Page):
    rows: list[ProductModelAnswer]


class ProductModelInput(Input):
    branch: BranchName
    code: ModelCode = Field(examples=["KFR-35GW"])
    name: Name = Field(examples=["海风 KFR-35GW"])
    product_class: _ClassCode
    guarantee_months: int = Field(12, ge=0, le=600)
    brand: _Brand = ""


class ProductModelChange(Input):
    """Units that are registered already keep the guarantee that they were given."""

    branch: BranchName
    name: Name
    guarantee_months: int = Field(ge=0, le=600)
    brand: _Brand


class PartAnswer(CatalogueEntryAnswer):
    """A spare part with what customers are charged for it today, out of warranty."""

    number: str
    unit: str
    rules_part: str
    price: Amount | None = None
    currency: str | None = None

    @classmethod
    def priced(cls, row: Part, price: Money | None) -> Self:
        """The row with its price; null where the list has none today."""
        said = {"price": price.amount, "currency": price.currency} if price else {}
        return cls.of(row).model_copy(update=said)


class PartPage(Page):
    rows: list[PartAnswer]


class PartInput(Input):
    branch: BranchName
    number: ModelCode = Field(examples=["CBB65-35"])
    name: Name = Field(examples=["压缩机电容"])
    unit: _Unit = "件"
    price: Price | None = Field(None, description="What customers have always been charged for it out of warranty.")
    rules_part: _RulesPart = ""


class PartChange(Input):
    branch: BranchName
    name: Name
    unit: _Unit
    rules_part: _RulesPart


class FaultCodeAnswer(CatalogueEntryAnswer):
    """A fault that has a name."""

    code: str
    product_class: _CodeOf
    performance_fault: bool
    severe: bool
    faulty_part: str
    main_part: bool | None


class FaultCodePage(Page):
    rows: list[FaultCodeAnswer]


class FaultCodeInput(Input):
    branch: BranchName
    product_class: _ClassCode
    code: Code = Field(examples=["E4"])
    name: Name
    performance_fault: bool = False
    severe: bool = False
    faulty_part: _FaultyPart = ""
    main_part: _MainPart = None


class FaultCodeChange(Input):
    branch: BranchName
    name: Name
    performance_fault: bool
    severe: bool
    faulty_part: _FaultyPart
    main_part: _MainPart


class WorkCodeAnswer(CatalogueEntryAnswer):
    """A piece of work with the standard hours that it takes."""

    code: str
    product_class: _CodeOf
    hours: _Hours


class WorkCodePage(Page):
    rows: list[WorkCodeAnswer]


class WorkCodeInput(Input):
    branch: BranchName
    product_class: _ClassCode
    code: Code = Field(examples=["AC-GAS"])
    name: Name = Field(examples=["查漏补焊加氟"])
    hours: _HoursInput


class WorkCodeChange(Input):
    branch: BranchName
    name: Name
    hours: _HoursInput


class TravelBandAnswer(CatalogueEntryAnswer):
    """A distance that has one price; it reaches to where the next band begins."""

    code: str
    from_km: int


class TravelBandPage(Page):
    rows: list[TravelBandAnswer]


class TravelBandInput(Input):
    branch: BranchName
    code: Code = Field(examples=["T2"])
    name: _ShortName = Field(examples=["近郊 15–40 公里"])
    from_km: int = Field(ge=0, le=5000)


class TravelBandChange(Input):
    branch: BranchName
    name: _ShortName
    from_km: int = Field(ge=0, le=5000)


class QualificationInput(Input):
    branch: BranchName
    code: Code = Field(examples=["gas"])
    name: _ShortName = Field(examples=["燃气具维修证"])


class CatalogueEntryInput(Input):
    """Which entry is meant."""

    branch: BranchName
    list: ListName
    code: ModelCode
    product_class: Code | None = Field(None, description="Code of the class, for fault codes and work codes.")


def named(row: ProductClass | ProductModel | Qualification | FaultCode) -> Named:
    """Code and name of a row of the catalogue."""
    return Named(code=row.code, name=row.name)
