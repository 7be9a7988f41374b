"""What callers send about orders: registration, edits, and the body of each move."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from aftercare.api.fields import (
    Amount,
    Day,
    Id,
    Instant,
    LongText,
    Minutes,
    Number,
    PhoneText,
    Plain,
    Qty,
    RegionCode,
    Strict,
    Text,
    Write,
)
from aftercare.api.orders import Mode

Word = Annotated[Plain, Field(max_length=160)]
Address = Annotated[Plain, Field(max_length=250)]
Name80 = Annotated[Plain, Field(max_length=80)]
Mark = Annotated[Plain, Field(max_length=80)]
Serial = Annotated[Plain, Field(max_length=60)]
Method = Literal["cash", "wechat", "alipay", "card", "transfer"]
DoneResult = Literal["fixed", "repairable", "end_of_life", "no_fault", "unrepaired", "unknown"]
RequestKind = Literal["repair", "installation", "delivery", "support", "return", "part_order", "consultation", "complaint",
                      "suggestion", "praise", "status_query"]
Channel = Literal["phone", "counter", "web", "mail", "wechat", "letter", "dealer", "api", "import"]

Payer = Literal["customer", "warranty", "contract", "supplier", "outlet", "company"]

class PartLine(Strict):
    """A part line: the part by its code."""

    part: Annotated[Plain, Field(min_length=1, max_length=60)] = Field(description="Code of the part.", examples=["P-001"])
    qty: Qty = Field(examples=["1"])
    place_id: Id | None = Field(None, description="Where it is taken from; default: the engineer's van, then the depot.")
    price_amount: Amount | None = None
    is_free: bool = False
    free_reason: Annotated[Plain, Field(max_length=120)] = ""
    old_serial: Serial = ""
    new_serial: Serial = ""


Lines = Annotated[list[PartLine], Field(max_length=100)]


class Intake(Strict):
    """The thing is taken in against a receipt."""

    item: Annotated[Plain, Field(max_length=200)] = ""
    appearance: Annotated[list[Mark], Field(max_length=30)] = []
    accessories: Annotated[list[Mark], Field(max_length=30)] = []
    place: Annotated[Plain, Field(max_length=60)] = ""
    note: Text = ""


class UnitDetails(Strict):
    """Days of the unit, as far as known."""

    made_on: Day | None = None
    sold_on: Day | None = None
    installed_on: Day | None = None


class Unit(Write):
    """Who and what a request is about; whatever is unknown is made."""

    customer: Number | None = Field(None, description="Number of the customer; without it the telephone tells.")
    phone: PhoneText = Field("", examples=["13800000001"])
    customer_name: Annotated[Plain, Field(max_length=120)] = ""
    branch: Number | None = Field(None, description="Number of the branch; default: the caller's own.")
    region: RegionCode | None = None
    region_name: Annotated[Plain, Field(max_length=120)] = Field(
        "", description="The region as typed, instead of its code; a new one is made under the nearest known division.",
        examples=["浦东新区张江镇"],
    )
    address: Address = ""
    asset: Number | None = Field(None, description="Number of a known unit.")
    product: Word = Field("", description="The product as typed; a new word is added to the dictionary.")
    brand: Annotated[Plain, Field(max_length=120)] = ""
    category: Name80 = ""
    serial: Serial = ""
    unit: UnitDetails | None = None
    fault: Word = Field("", description="The fault as typed.", examples=["不制冷"])
    title: Word = ""
    detail: LongText = ""
    work_type: Annotated[Plain, Field(max_length=60)] = ""
    urgent: bool = False
    limit_amount: Amount | None = Field(None, description="Above it the customer is called before work.")
    intake: Intake | None = None
    lines: Lines = []
    open_anyway: bool = Field(False, description="Although the unit has an open order already.")
    external_id: Name80 = ""
    planned_minutes: Minutes | None = None


class NewOrder(Unit):
    """Registers a request; for kinds that are work its order is opened."""

    kind: RequestKind = "repair"
    channel: Channel = "api"
    mode: Mode = "on_site"
    caller: Name80 = ""


class NewRepair(Unit):
    """Takes a thing in for repair on the bench."""


class OrderEdit(Write):
    """What may be changed before the audit."""

    title: Word = None
    detail: LongText = None
    urgent: bool = None
    address: Address = None
    contact_name: Annotated[Plain, Field(max_length=120)] = None
    phone: PhoneText = None
    region: RegionCode | None = None
    limit_amount: Amount | None = None
    fault: Word | None = None
    cause: Word | None = None
    solution: Word | None = None
    work_type: Annotated[Plain, Field(min_length=1, max_length=60)] = None
    mode: Mode = None
    planned_minutes: Minutes = None
    findings: LongText = None
    minutes: Minutes | None = None
    asset: Number | None = None
    customer: Number = None
    external_id: Name80 = None


class Dispatch(Write):
    """To whom the order goes."""

    engineer: Number | None = Field(None, description="Number of the employee.")
    outlet: Number | None = Field(None, description="Number of the outlet that chooses its own engineer.")
    planned_at: Instant | None = None
    planned_minutes: Minutes | None = None
    reason: Annotated[Plain, Field(max_length=200)] = ""


class Engineer(Write):
    """Who does it; default: the caller, or whom the order names."""

    engineer: Number | None = None


class Schedule(Write):
    """The time agreed with the customer."""

    planned_at: Instant
    planned_minutes: Minutes | None = None


class Position(Strict):
    """Where the device says it is (WGS 84)."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy: Annotated[float, Field(ge=0, le=100000, allow_inf_nan=False)] | None = None


class OnTheWay(Write):
    """What the device claims; kept as a claim beside the server's time."""

    claimed_at: Instant | None = None
    position: Position | None = None


class AskQuote(Write):
    """What the customer is asked to agree to."""

    amount: Amount | None = None
    note: Text = ""


class Fee(Strict):
    """A typed charge; labour, travel and inspection take the place of the schedule's."""

    kind: Literal["labour", "travel", "inspection", "other"] = "other"
    name: Annotated[Plain, Field(max_length=120)] = ""
    amount: Amount
    qty: Qty = Decimal(1)
    payer: Payer = "customer"
    reason: Annotated[Plain, Field(max_length=200)] = ""


class Used(Strict):
    """How much of a part line was used in total."""

    line: Id
    qty: Annotated[Decimal, Field(max_digits=12, decimal_places=3, ge=0)]


class Money(Strict):
    """Money taken from the customer (CNY)."""

    amount: Amount
    method: Method = "cash"


class EndOfRepair(Write):
    """What was found and done. Without `used` all that is on the part lines was used."""

    findings: LongText = Field("", examples=["更换压缩机，试机正常"])
    minutes: Minutes | None = None
    result: DoneResult = "fixed"
    fault: Word | None = None
    cause: Word | None = None
    solution: Word | None = None
    used: Annotated[list[Used], Field(max_length=100)] | None = None
    lines: Lines = Field([], description="Parts used that nobody had written down.")
    fees: Annotated[list[Fee], Field(max_length=20)] = []


class Complete(EndOfRepair):
    """The work is done at the customer's."""

    signed_name: Annotated[Plain, Field(max_length=60)] = ""
    signature: Annotated[str, Field(max_length=400_000, pattern=r"^[A-Za-z0-9+/]*={0,2}$")] | None = Field(
        None, description="The customer's signature, a PNG in base64."
    )
    claimed_at: Instant | None = None
    distance_km: Annotated[Decimal | None, Field(ge=0, max_digits=7, decimal_places=1)] = Field(None, description="The way there, one way: for the distance fee.")
    collect: Money | None = None


class DoneOnBench(EndOfRepair):
    """The repair is done; `to_collect` when its owner still has to fetch it."""

    to_collect: bool = False


class HandOver(Write):
    """The repaired thing is given back and paid."""

    amount: Amount | None = None
    method: Method = "cash"
    returned_to: Name80 = ""
    code: Annotated[Plain, Field(max_length=12)] = ""
    no_receipt_reason: Annotated[Plain, Field(max_length=200)] = ""
    owed_reason: Annotated[Plain, Field(max_length=200)] = ""
    loaner_reason: Annotated[Plain, Field(max_length=200)] = Field("", description="Why its loaner stays with the customer.")


class Note(Write):
    """A remark."""

    note: Annotated[Plain, Field(max_length=500)] = ""


class Settle(Write):
    """Nothing is owed any more, or why it may stay owed."""

    owed_reason: Annotated[Plain, Field(max_length=200)] = ""


class Cancel(Write):
    """Why, and what becomes of a thing that we hold."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]
    item: Literal["", "returned", "void"] = ""
    returned_to: Name80 = ""
    code: Annotated[Plain, Field(max_length=12)] = ""
    loaner_reason: Annotated[Plain, Field(max_length=200)] = Field("", description="Why its loaner stays with the customer.")


class Backfill(Write):
    """A finished job from a paper register."""

    findings: LongText = ""
    result: DoneResult = "unknown"
    engineer: Number | None = None
    minutes: Minutes | None = None
    finished_at: Instant | None = None
    signed_name: Annotated[Plain, Field(max_length=60)] = ""


class Confirm(Write):
    """Who repairs it; default: the caller."""

    engineer: Number | None = None


class NewLines(Write):
    """Part lines for an order; stock is promised to them at once."""

    lines: Annotated[list[PartLine], Field(min_length=1, max_length=100)]
    reserve: bool = True
    request_short: bool = Field(True, description="Request what lacks; else a lack refuses everything.")


class LineEdit(Write):
    """What may be changed on a part line."""

    qty: Qty = None
    price_amount: Amount = None
    is_free: bool = None
    free_reason: Annotated[Plain, Field(max_length=120)] = None
    place_id: Id = None
    old_serial: Serial = None
    new_serial: Serial = None


class Reserve(Write):
    """Promise stock to every line."""

    request_short: bool = True


class Issue(Write):
    """Where promised parts go (default: the engineer's van), for one line or all; with `line` and `qty` only so much of it."""

    to_place_id: Id | None = None
    line: Id | None = None
    qty: Qty | None = None


class BringBack(Write):
    """Where unused parts go (default: the branch's depot), of one line or all; with `line` and `qty` only so much of it."""

    to_place_id: Id | None = None
    line: Id | None = None
    qty: Qty | None = None


class Test(Strict):
    """One measurement on the bench."""

    name: Name80
    value: Name80 = ""
    unit: Annotated[Plain, Field(max_length=20)] = ""
    ok: bool | None = None


class CardEdit(Write):
    """The repair card."""

    inspection: LongText = None
    tests: Annotated[list[Test], Field(max_length=100)] = None
    minutes: Minutes = None
    bench: Annotated[Plain, Field(max_length=40)] = None
    conclusion: LongText = None


class Restamp(Write):
    """Another decision who pays, and why."""

    service_class: Literal["A", "B", "C", "D"]
    reason: Annotated[Plain, Field(min_length=1, max_length=200)]
    percents: dict[Literal["parts", "labour", "travel"], Annotated[int, Field(ge=0, le=100)]] = Field(
        {}, description="How many per cent are borne for the customer; what is left out is borne in full."
    )
