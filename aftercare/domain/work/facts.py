"""What happened to a work order. Reactions are subscribed by these names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class _About:
    order_id: int
    number: str


@dataclass(frozen=True)
class OrderOpened(_About):
    """A job is to be done; `repeat_of` is the number of the earlier repair of the same fault, if it is one."""

    service_class: str
    repeat_of: str = ""
    parts: tuple[int, ...] = ()


@dataclass(frozen=True)
class OrderEdited(_About):
    """Something written on the order was changed."""


@dataclass(frozen=True)
class OrderNoted(_About):
    """Somebody wrote a word on it."""


@dataclass(frozen=True)
class OrderDispatched(_About):
    """An engineer or an outlet is to do it."""

    engineer_id: int | None
    outlet_id: int | None = None


@dataclass(frozen=True)
class OrderTaken(_About):
    """An engineer took it himself."""

    engineer_id: int | None


@dataclass(frozen=True)
class OrderRecalled(_About):
    """The dispatcher took it back."""

    reason: str


@dataclass(frozen=True)
class OrderAccepted(_About):
    """The engineer will do it."""

    engineer_id: int | None


@dataclass(frozen=True)
class OrderRefused(_About):
    """The engineer will not do it."""

    engineer_id: int | None
    reason: str


@dataclass(frozen=True)
class OrderScheduled(_About):
    """A time is agreed with the customer."""

    planned_at: str


@dataclass(frozen=True)
class EngineerSetOut(_About):
    """He is on his way."""

    engineer_id: int | None


@dataclass(frozen=True)
class EngineerArrived(_About):
    """He is there; `late_minutes` of wall time after the limit, 0 when in time."""

    engineer_id: int | None
    late_minutes: int = 0


@dataclass(frozen=True)
class WorkStarted(_About):
    """Work on the bench began."""

    engineer_id: int | None


@dataclass(frozen=True)
class WorkPaused(_About):
    """It waits: for a part, for an expert, for the customer's word."""

    why: str
    reason: str


@dataclass(frozen=True)
class WorkResumed(_About):
    """It goes on."""


@dataclass(frozen=True)
class QuoteAsked(_About):
    """The customer is told a price and asked."""

    amount: str


@dataclass(frozen=True)
class QuoteAnswered(_About):
    """The customer agreed or not."""

    agreed: bool


@dataclass(frozen=True)
class RepairFinished(_About):
    """The thing is ready to be collected."""

    result: str


@dataclass(frozen=True)
class OrderCompleted(_About):
    """The job is done; it waits for inspection."""

    result: str
    minutes: int | None


@dataclass(frozen=True)
class OrderHandedOver(_About):
    """The repaired thing went back to the customer."""

    received_by: str


@dataclass(frozen=True)
class OrderInspected(_About):
    """Another person found it good."""


@dataclass(frozen=True)
class OrderSentBack(_About):
    """The inspector wants it done again."""

    reason: str


@dataclass(frozen=True)
class ReworkStarted(_About):
    """The engineer is at it again."""


@dataclass(frozen=True)
class OrderAudited(_About):
    """Money, commission and stock are final now."""

    round: int
    customer_id: int | None
    engineer_id: int | None


@dataclass(frozen=True)
class AuditReversed(_About):
    """What the audit made final was reversed."""

    round: int
    reason: str


@dataclass(frozen=True)
class OrderSettled(_About):
    """Nothing is owed for it."""


@dataclass(frozen=True)
class OrderClosed(_About):
    """It is over."""


@dataclass(frozen=True)
class OrderCancelled(_About):
    """It will not be done."""

    reason: str


@dataclass(frozen=True)
class OrderBackfilled(_About):
    """A job done long ago was taken over from a paper register."""

    result: str


@dataclass(frozen=True)
class MaterialsChanged(_About):
    """Part lines were added, changed or removed."""

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()


@dataclass(frozen=True)
class PartsArrived(_About):
    """A part it waits for has come; `ready` tells that nothing lacks any more."""

    part_id: int
    ready: bool


@dataclass(frozen=True)
class CardWritten(_About):
    """The repair card was written on."""


@dataclass(frozen=True)
class QuoteLapsed:
    """The price told to the customer counts no more; nobody had agreed to it."""

    order_id: int
    number: str
    why: str


@dataclass(frozen=True)
class QuoteStamped:
    """What was told to the customer, or his answer, was kept on the order without a change of its state."""

    order_id: int
    number: str
