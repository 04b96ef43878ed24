"""Work orders: a line of the register, the whole order, and what an act on one answers."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import Field

from shouhou.api.fields import Answer, BranchName, Input, Line, Moment, Name, Price, Word, one_of
from shouhou.api.paging import Page
from shouhou.api.schemas.catalog import Named
from shouhou.api.schemas.customers import NewAssetInput
from shouhou.api.schemas.visits import LineAnswer, VisitAnswer
from shouhou.commitments.rules.words import Cause
from shouhou.customers.models import Customer, Site
from shouhou.kernel.phones import masked_phone
from shouhou.workorders.models import Photo, WorkOrder
from shouhou.workorders.queries import Desk
from shouhou.workorders.register import NO_CLASS, NOT_STRUCK_OFF
from shouhou.workorders.rules import CallChannel, OrderStatus, WorkClass, WorkType

_STATES: Final = [*OrderStatus, NOT_STRUCK_OFF, *Desk]
_CLASSES: Final = [*WorkClass, NO_CLASS]
StateWanted = Annotated[
    str,
    one_of(_STATES),
    Field(
        json_schema_extra={"enum": [str(one) for one in _STATES]},
        description=f"A status; `{NOT_STRUCK_OFF}`: whatever is not struck off; or what waits on the desk.",
    ),
]
ClassWanted = Annotated[
    str,
    one_of(_CLASSES),
    Field(
        json_schema_extra={"enum": [str(one) for one in _CLASSES]},
        description=f"Who pays; `{NO_CLASS}`: nobody has said so yet.",
    ),
]


class NewCallerInput(Input):
    """A caller who has no folder yet."""

    name: Name = Field(examples=["王建华"])
    phone: Word = Field(examples=["13812342071"])
    address: Line = Field("", examples=["市南区南京路 12 号"])
    kind: Customer.Kind = Customer.Kind.PERSON
    zone: Site.Zone = Site.Zone.CITY


class CallInput(Input):
    """A repair call. Customer and unit are named by their ids, or described when they are new."""

    branch: BranchName
    customer: UUID | NewCallerInput
    asset: UUID | NewAssetInput
    fault: str = Field(max_length=4000, pattern=r"^[^\x00]*$", examples=["不制冷，显示 E4"])
    received_at: Moment | None = None
    channel: CallChannel = CallChannel.PHONE
    work_type: WorkType = WorkType.REPAIR
    work_class: WorkClass | None = Field(None, description="Another class than the rules say needs a reason.")
    class_reason: Line = ""
    class_amount: Price | None = Field(None, description="What the work will cost about, where it is given away. CNY.")
    fault_code: Word = ""
    contact_name: Name = ""
    phone: Word = ""
    address: Line = ""
    urgent: bool = False
    wished_start: Moment | None = Field(None, description="When the customer would like the visit; both or neither.")
    wished_end: Moment | None = None
    source: Name = Field("", description="Key of the call in your system; the same key twice is refused.")


class WorkClassInput(Input):
    work_class: WorkClass
    reason: Line = Field("", description="Where it is another class than the verdict's.")
    amount: Price | None = Field(None, description="What the work will cost about, where it is given away. CNY.")


class ReasonInput(Input):
    reason: Line = Field(examples=["等配件"])


class HoldInput(ReasonInput):
    """`cause`: who or what keeps it waiting. Promises to the customer stand still only when it is not the company."""

    cause: Cause = Cause.COMPANY


class Party(Answer):
    """A customer or technician, in short."""

    id: UUID
    name: str


class UnitInShort(Answer):
    id: UUID
    serial: str
    product_model: Named


class WorkOrderState(Answer):
    """Where an order stands. What every act on it answers."""

    id: UUID
    branch_id: UUID
    number: str = Field(examples=["QD261123-0042"])
    status: OrderStatus
    work_class: str = Field(description="A, B, C, D, or empty while nobody has said who pays.")
    customer_id: UUID
    asset_id: UUID
    technician_id: UUID | None = Field(description="The last one sent.")
    visit_count: int
    received_at: datetime
    dispatched_at: datetime | None
    arrived_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, row: WorkOrder) -> Self:
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            number=row.number,
            status=OrderStatus(row.status),
            work_class=row.work_class,
            customer_id=row.customer_id,
            asset_id=row.asset_id,
            technician_id=row.technician_id,
            visit_count=row.visit_count,
            received_at=row.received_at,
            dispatched_at=row.dispatched_at,
            arrived_at=row.arrived_at,
            completed_at=row.completed_at,
            closed_at=row.closed_at,
        )


class RegisterLine(Answer):
    """A line of the call register, as lists show it: no address, and the phone masked."""

    id: UUID
    number: str
    status: OrderStatus
    received_at: datetime
    received_on: date
    channel: str
    work_type: WorkType
    work_class: str
    urgent: bool
    customer: Party
    asset: UnitInShort
    technician: Party | None
    contact_name: str
    phone: str = Field(description="Masked.")
    fault: str
    wished_start: datetime | None = Field(description="When the customer would like the visit.")
    wished_end: datetime | None
    visit_count: int
    dispatched_at: datetime | None
    arrived_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, row: WorkOrder) -> Self:
        return cls(**cls.fields_of(row))

    @staticmethod
    def fields_of(row: WorkOrder) -> dict[str, Any]:
        model = row.asset.product_model
        return {
            "id": row.id,
            "number": row.number,
            "status": row.status,
            "received_at": row.received_at,
            "received_on": row.received_on,
            "channel": row.channel,
            "work_type": row.work_type,
            "work_class": row.work_class,
            "urgent": row.urgent,
            "customer": Party(id=row.customer_id, name=row.customer.name),
            "asset": UnitInShort(
                id=row.asset_id, serial=row.asset.serial, product_model=Named(code=model.code, name=model.name)
            ),
            "technician": Party(id=row.technician.id, name=row.technician.name) if row.technician else None,
            "contact_name": row.contact_name,
            "phone": masked_phone(row.phone),
            "fault": row.fault,
            "wished_start": row.wished_start,
            "wished_end": row.wished_end,
            "visit_count": row.visit_count,
            "dispatched_at": row.dispatched_at,
            "arrived_at": row.arrived_at,
            "completed_at": row.completed_at,
            "closed_at": row.closed_at,
        }


class RegisterLines(Page):
    rows: list[RegisterLine]


class WorkOrderAnswer(RegisterLine):
    """The whole order with its visits and lines."""

    branch_id: UUID
    address: str
    fault_code: Named | None
    source: str
    hold_reason: str | None = Field(description="Why it waits, while it is on hold.")
    visits: list[VisitAnswer]
    lines: list[LineAnswer]


class OpenPointAnswer(Answer):
    """Something that must be so before the line can be struck off."""

    code: str = Field(examples=["signed"])
    done: bool
    text: str


class OpenPointList(Answer):
    rows: list[OpenPointAnswer]


class PhotoAnswer(Answer):
    """A picture that proves a state."""

    id: UUID
    digest: str = Field(description="SHA-256 of the stored file.")
    width: int
    height: int
    caption: str
    taken_at: datetime

    @classmethod
    def of(cls, row: Photo) -> Self:
        return cls(
            id=row.id,
            digest=row.digest,
            width=row.width,
            height=row.height,
            caption=row.caption,
            taken_at=row.taken_at,
        )


class PhotoList(Answer):
    rows: list[PhotoAnswer]


class RegisterPageAnswer(Answer):
    """One page of the book: one day of a branch."""

    branch_id: UUID
    day: date
    page_number: int
    closed_at: datetime | None
    received: int
    carried_over: int = Field(description="Not dispatched by the end of the day; counted when the page is closed.")
