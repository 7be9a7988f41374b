"""What happened to things that are held."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemReceived:
    """A customer's thing came in; he has a receipt."""

    custody_id: int
    number: str
    item: str


@dataclass(frozen=True)
class ItemMoved:
    """A thing lies elsewhere now; `before` is where it lay."""

    custody_id: int
    place: str
    before: str = ""


@dataclass(frozen=True)
class ItemReturned:
    """A thing went back; `without_receipt` tells why no receipt was asked for."""

    custody_id: int
    returned_to: str
    without_receipt: str = ""


@dataclass(frozen=True)
class ReceiptVoided:
    """A receipt was written by mistake, or the thing never came in."""

    custody_id: int
    reason: str


@dataclass(frozen=True)
class ItemReady:
    """The owner may fetch his thing since that moment; empty: not yet, after all."""

    custody_id: int
    ready_at: str


@dataclass(frozen=True)
class CollectionReminded:
    """A step of the ladder for unclaimed things was made: 1 first, 2 second, 3 the legal notice."""

    custody_id: int
    stage: int
    days: int
    reminder: str


@dataclass(frozen=True)
class OwnerTold:
    """The owner was told of the last step, by which way."""

    custody_id: int
    stage: int
    channel: str


@dataclass(frozen=True)
class ItemDisposed:
    """An unclaimed thing was disposed of after notice; `notice` is the number of the letter it stands on."""

    custody_id: int
    reason: str
    notice: str


@dataclass(frozen=True)
class ThingGiven:
    """A loaner, tool or paper is with somebody: the row of the ledger, the thing, who has it."""

    holding_id: int
    kind_of: str
    item: str
    holder: str
    due_on: str = ""


@dataclass(frozen=True)
class ThingBack:
    """It came back, with what was found; money in CNY."""

    holding_id: int
    item: str
    holder: str
    damage: str = ""
    compensation_amount: str = "0.00"


@dataclass(frozen=True)
class ThingLost:
    """Whoever has it cannot give it back."""

    holding_id: int
    item: str
    holder: str
    compensation_amount: str = "0.00"


@dataclass(frozen=True)
class ThingPassedOn:
    """It went straight to a successor, whose own row is `next_id`."""

    holding_id: int
    item: str
    holder: str
    successor: str
    next_id: int


@dataclass(frozen=True)
class ReceiptAcknowledged:
    """Whoever has it says so himself."""

    holding_id: int


@dataclass(frozen=True)
class ReceiptSigned:
    """Signed by hand for what was given (`out`) or came back (`back`)."""

    holding_id: int
    way: str
    name: str


@dataclass(frozen=True)
class TermExtended:
    """It is due later."""

    holding_id: int
    due_on: str


@dataclass(frozen=True)
class ReturnReminded:
    """It is late and its holder was reminded, for which time."""

    holding_id: int
    count: int
    channel: str


@dataclass(frozen=True)
class ToolCalibrated:
    """An instrument was calibrated, with which result, good until when."""

    tool_id: int
    is_fit: bool
    valid_to: str
    certificate: str


@dataclass(frozen=True)
class RuleSet:
    """The rules of custody were set, of a branch or (None) of the company."""

    branch_id: int | None
