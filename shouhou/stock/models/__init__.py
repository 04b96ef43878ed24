"""The tables. Quantities are whole thousandths of a unit and values whole minor units (fen), so that both databases add exactly.

What `guards` lays on them the database itself refuses: a movement between two parts, a balance below zero or below what is
reserved, a serial number that is somewhere else, a changed row.
"""

from shouhou.stock.models.counts import CountLine, StockCount
from shouhou.stock.models.movements import Movement
from shouhou.stock.models.old_parts import OldPart
from shouhou.stock.models.places import Balance, Costing, Place, SerialNumber, SerialWhereabouts
from shouhou.stock.models.reservations import Reservation, ReservationStep
from shouhou.stock.models.transfers import Arrival, Requisition, RequisitionLine, Transfer

__all__ = [
    "Arrival",
    "Balance",
    "Costing",
    "CountLine",
    "Movement",
    "OldPart",
    "Place",
    "Requisition",
    "RequisitionLine",
    "Reservation",
    "ReservationStep",
    "SerialNumber",
    "SerialWhereabouts",
    "StockCount",
    "Transfer",
]
