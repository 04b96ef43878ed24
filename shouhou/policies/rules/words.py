"""The closed lists that rules and facts are written in."""

from enum import IntEnum, StrEnum

# Lists that the kernel has already: time limits are computed there.
from shouhou.kernel.working_time.lengths import CountFrom as CountFrom
from shouhou.kernel.working_time.lengths import Span as Span


class Layer(IntEnum):
    """Who made the rule. Where two rules are equally good, the one further up is cited."""

    STATUTE = 0
    REGION = 1
    INDUSTRY = 2
    PLATFORM = 3
    BRAND = 4
    SELLER = 5
    CONTRACT = 6

    @property
    def is_legal(self) -> bool:
        """Made by the state: no platform, brand or seller can take it away."""
        return self <= Layer.REGION


class Matter(StrEnum):
    """What is asked about. Only rules of the matter are looked at."""

    DEFECT = "defect"  # goods do not work: repair, replacement, refund
    NO_REASON = "no_reason"  # bought at a distance and not wanted
    ORDERED = "ordered"  # the parcel: shipping, courier, arrival, damage on the way, page, gift
    DISPUTE = "dispute"  # the platform is asked to decide
    COMPLAINT = "complaint"  # to the company, the association or the regulator
    RESPONSE = "response"  # a call or a question: how soon somebody answers or comes
    CARE = "care"  # visits, training, samples, agents, promotion, the house's own standards
    RECORDS = "records"  # what has to be kept, and how long


class Channel(StrEnum):
    ONLINE = "online"
    STORE = "store"


class Remedy(StrEnum):
    """What the customer can have."""

    REPAIR = "repair"
    REPLACE = "replace"
    REFUND = "refund"
    REPLACE_ASSEMBLY = "replace_assembly"
    REPLACE_ACCESSORY = "replace_accessory"
    REFUND_ACCESSORY = "refund_accessory"
    LOAN = "loan"
    TRANSPORT_MONEY = "transport_money"
    TRANSPORT_COST = "transport_cost"  # bringing the goods to the shop and back
    LOST_TIME = "lost_time"
    ON_SITE = "on_site"
    COSTS_OF_OWNERSHIP = "costs_of_ownership"  # registration fee, accessories less depreciation, dealer's fees
    RESEND = "resend"
    REFUND_FREIGHT = "refund_freight"
    REFUSE_PARCEL = "refuse_parcel"
    NO_REASON_RETURN = "no_reason_return"
    RECORD_COPY = "record_copy"
    DEPOSIT_PAYOUT = "deposit_payout"


class Less(StrEnum):
    """What is taken off a refund."""

    NOTHING = "nothing"
    DEPRECIATION = "depreciation"
    USAGE_FEE = "usage_fee"


class Segment(StrEnum):
    """What a guarantee period is about."""

    WHOLE_UNIT = "whole_unit"
    MAIN_PARTS = "main_parts"
    ACCESSORY = "accessory"
    REPLACE_OR_REFUND = "replace_or_refund"  # of a car: 三包有效期, beside the longer 包修期
    REPAIRED = "repaired"  # a repair's own guarantee


class Basis(StrEnum):
    """From which day a period runs."""

    SOLD = "sold"
    DELIVERED = "delivered"
    INSTALLED = "installed"


class Pause(StrEnum):
    REPAIR = "repair"
    PARTS_WAIT = "parts_wait"


class Uncounted(StrEnum):
    """Why time within a repair need not count as days in repair. Whether it does not is for the rule in force to say."""

    CUSTOM_PART_TRANSPORT = "custom_part_transport"
    TRACTION_BATTERY_TRANSPORT = "traction_battery_transport"
    RESCUE_TRAVEL = "rescue_travel"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"


class Restart(StrEnum):
    REPLACEMENT = "replacement"
    PART_REPAIR = "part_repair"


class Side(StrEnum):
    """Who has to keep a time limit. The customer's own limits are good when long, all others when short."""

    CUSTOMER = "customer"
    TRADER = "trader"
    PLATFORM = "platform"
    AUTHORITY = "authority"


class Bearer(StrEnum):
    """Who pays, or who has to prove."""

    CUSTOMER = "customer"
    TRADER = "trader"
    REPAIRER = "repairer"
    AT_FAULT = "at_fault"
    AGREED = "agreed"


class Exclusion(StrEnum):
    """A finding, with evidence, after which the goods count as not defective."""

    MISUSE = "misuse"
    FOREIGN_REPAIR = "foreign_repair"
    NO_CERTIFICATE = "no_certificate"
    ALTERED_CERTIFICATE = "altered_certificate"
    SERIAL_MISMATCH = "serial_mismatch"
    FORCE_MAJEURE = "force_majeure"
    INDEPENDENT_MAINTENANCE = "independent_maintenance"


class Precedence(StrEnum):
    """How rules that give different answers to one question are put in order; without one, the customer's best wins."""

    AGREEMENT_FIRST = "agreement_first"
    HIGHER_AMOUNT = "higher_amount"
    PLATFORM_AMOUNT = "platform_amount"
    WHICHEVER_FIRST = "whichever_first"


class Standing(StrEnum):
    """How far the wording was checked."""

    VERIFIED = "verified"
    CHECK_SUCCESSOR = "verified_but_check_successor"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


class JudgedBy(StrEnum):
    """Which date picks the version of the rule: that of the sale, or that of the question."""

    SALE = "sold_on"
    QUESTION = "on"
