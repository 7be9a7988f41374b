"""What happens in this room."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CoreOwed:
    """A part was replaced, and the old one is to come back."""

    core_id: int
    number: str
    part_id: int
    qty: str
    due_on: str


@dataclass(frozen=True)
class CoreReceived:
    """An old part was handed in; `expected` and `reason` tell of a serial number that was not the expected one."""

    core_id: int
    qty: str
    serial: str
    expected: str = ""
    reason: str = ""
    late_days: int = 0


@dataclass(frozen=True)
class CoreUnreceived:
    """A hand-in was taken back."""

    core_id: int
    reason: str


@dataclass(frozen=True)
class CoreHandedBack:
    """An old part that nobody asks for any more went back to who had brought it."""

    core_id: int
    reason: str


@dataclass(frozen=True)
class CoreWaived:
    """It need not come back."""

    core_id: int
    reason: str


@dataclass(frozen=True)
class CoreReclaimed:
    """It is to come back after all."""

    core_id: int
    reason: str


@dataclass(frozen=True)
class CoreWithdrawn:
    """The part was not used after all: nothing is owed."""

    core_id: int
    qty: str


@dataclass(frozen=True)
class CoreFollowed:
    """What the order told changed: its serial number, or how much of it nobody asks for any more."""

    core_id: int
    surplus_qty: str


@dataclass(frozen=True)
class CoreReminded:
    """Who owes it was reminded; negative days are overdue."""

    core_id: int
    due_on: str
    days_left: int


@dataclass(frozen=True)
class CoreCharged:
    """Overdue: the engineer or outlet pays."""

    core_id: int
    amount: str
    currency: str
    employee_id: int | None
    outlet_id: int | None


@dataclass(frozen=True)
class CoreChargeLifted:
    """A charge was reversed."""

    core_id: int
    amount: str
    reason: str


@dataclass(frozen=True)
class CoreScrapped:
    """It was thrown away."""

    core_id: int
    reason: str


@dataclass(frozen=True)
class CoreRefurbished:
    """It was made good again and entered stock, perhaps as another part."""

    core_id: int
    part_id: int
    unit_cost: str


@dataclass(frozen=True)
class CoreBoxed:
    """It was put into a shipment, or taken out of it."""

    core_id: int
    shipment_id: int
    is_in: bool


@dataclass(frozen=True)
class CoreShipped:
    """It went to the factory."""

    core_id: int
    shipment_id: int


@dataclass(frozen=True)
class CoreCredited:
    """The factory answered: this much for the piece, or nothing."""

    core_id: int
    amount: str
    expected: str
    reason: str


@dataclass(frozen=True)
class CoreCreditReopened:
    """The factory's answer was taken back."""

    core_id: int
    reason: str


@dataclass(frozen=True)
class ShipmentOpened:
    """A shipment was begun."""

    shipment_id: int
    number: str


@dataclass(frozen=True)
class ShipmentPosted:
    """A shipment went off."""

    shipment_id: int
    pieces: int
    carrier: str
    tracking_number: str


@dataclass(frozen=True)
class ShipmentEnded:
    """A shipment was given up or taken back."""

    shipment_id: int
    reason: str


@dataclass(frozen=True)
class RuleSet:
    """A rule was made."""

    rule_id: int


@dataclass(frozen=True)
class StatementWarned:
    """A month was locked although old parts are overdue."""

    statement_id: int
    cores: tuple[str, ...]


@dataclass(frozen=True)
class BillDrawn:
    """An outlet's overdue old parts of a month were put on a bill."""

    bill_id: int
    outlet_id: int
    month: str
    amount: str
    currency: str


@dataclass(frozen=True)
class BillAnswered:
    """A bill was collected, disputed, answered, waived or taken back."""

    bill_id: int
    status: str
    reason: str
