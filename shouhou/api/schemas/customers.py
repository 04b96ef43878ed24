"""Customers and their units. Telephone numbers are masked wherever they are shown; the whole one is an act of its own."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from shouhou.api.fields import Amount, Answer, BranchName, Day, Input, Line, Name, Prose, Serial, Word
from shouhou.api.paging import Page
from shouhou.api.schemas.catalog import Named
from shouhou.assets.models import Asset
from shouhou.assets.rules import Channel, ProofKind
from shouhou.customers.models import Contact, Customer, Site
from shouhou.kernel.phones import masked_phone


class CustomerRow(Answer):
    """A line of a list of customers."""

    id: UUID
    branch_id: UUID
    kind: str = Field(examples=["person"])
    name: str
    phone: str = Field(description="Masked.", examples=["138****2071"])

    @classmethod
    def of(cls, row: Customer) -> Self:
        return cls(id=row.id, branch_id=row.branch_id, kind=row.kind, name=row.name, phone=masked_phone(row.phone))


class CustomerPage(Page):
    rows: list[CustomerRow]


class ContactAnswer(Answer):
    """Another person to speak to."""

    id: UUID
    name: str
    phone: str = Field(description="Masked.")
    position: str

    @classmethod
    def of(cls, row: Contact) -> Self:
        return cls(id=row.id, name=row.name, phone=masked_phone(row.phone), position=row.position)


class SiteAnswer(Answer):
    """A place where units stand."""

    id: UUID
    address: str
    zone: str

    @classmethod
    def of(cls, row: Site) -> Self:
        return cls(id=row.id, address=row.address, zone=row.zone)


class CustomerAnswer(CustomerRow):
    """A customer's folder."""

    note: str
    registered_at: datetime
    contacts: list[ContactAnswer]
    sites: list[SiteAnswer]

    @classmethod
    def with_folder(cls, row: Customer) -> Self:
        """With contacts and sites: two queries more."""
        contacts = Contact.objects.filter(branch_id=row.branch_id, customer_id=row.id).order_by("id")
        sites = Site.objects.filter(branch_id=row.branch_id, customer_id=row.id).order_by("id")
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            kind=row.kind,
            name=row.name,
            phone=masked_phone(row.phone),
            note=row.note,
            registered_at=row.registered_at,
            contacts=[ContactAnswer.of(contact) for contact in contacts],
            sites=[SiteAnswer.of(site) for site in sites],
        )


class CustomerInput(Input):
    """A new customer, with the first site if there is an address."""

    branch: BranchName
    name: Name = Field(examples=["王建华"])
    phone: Word = Field(examples=["13812342071"])
    kind: Customer.Kind = Customer.Kind.PERSON
    address: Line = ""
    zone: Site.Zone = Site.Zone.CITY
    note: Prose = ""


class CustomerChange(Input):
    """What the folder says from now on, all of it."""

    name: Name
    phone: Word
    kind: Customer.Kind
    note: Prose


class ContactInput(Input):
    name: Name
    phone: Word
    position: Word = ""


class SiteInput(Input):
    address: Line
    zone: Site.Zone = Site.Zone.CITY


class PhoneAnswer(Answer):
    """The whole number, as one dials it from abroad."""

    phone: str = Field(examples=["+8613812342071"])


class AssetAnswer(Answer):
    """One sold unit."""

    id: UUID
    branch_id: UUID
    customer_id: UUID
    site_id: UUID | None
    product_model: Named
    serial: str
    sale_date: date | None
    sale_proof: ProofKind
    delivered_date: date | None
    delivery_proof: ProofKind
    installed_date: date | None
    trader_installs: bool | None = Field(description="Installation was sold with the unit; null: not known.")
    price: Amount | None = Field(description="As on the invoice, in CNY.")
    channel: Channel | None
    platform: str
    promises: list[str]
    guarantee_until: date | None = Field(description="First day on which the model's certificate is no longer good.")
    contract_number: str

    @classmethod
    def of(cls, row: Asset) -> Self:
        return cls(**cls.fields_of(row))

    @staticmethod
    def fields_of(row: Asset) -> dict[str, Any]:
        model = row.product_model
        return {
            "id": row.id,
            "branch_id": row.branch_id,
            "customer_id": row.customer_id,
            "site_id": row.site_id,
            "product_model": Named(code=model.code, name=model.name),
            "serial": row.serial,
            "sale_date": row.sale_date,
            "sale_proof": row.sale_proof,
            "delivered_date": row.delivered_date,
            "delivery_proof": row.delivery_proof,
            "installed_date": row.installed_date,
            "trader_installs": row.trader_installs,
            "price": row.price,
            "channel": row.channel or None,
            "platform": row.platform,
            "promises": row.promises,
            "guarantee_until": row.guarantee_until,
            "contract_number": row.contract_number,
        }


class AssetPage(Page):
    rows: list[AssetAnswer]


class NewAssetInput(Input):
    """A unit that is not in the books yet."""

    product_model: Word = Field(examples=["KFR-35GW"])
    serial: Serial = ""
    sale_date: Day | None = None
    installed_date: Day | None = None
    contract_number: Word = ""


class AssetInput(NewAssetInput):
    """A sold unit to be taken into care."""

    customer_id: UUID
    site_id: UUID | None = None
