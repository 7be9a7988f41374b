"""报价单: prices told to customers before paid work, their answers, and the company's rules for them."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Base64Bytes, Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Number, Plain, Text, Write
from aftercare.api.moves import OpenMove, add_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.api.work_bodies import Payer
from aftercare.api.work_orders import get as get_order
from aftercare.domain.quotes import access, actions
from aftercare.domain.quotes import queries as quotes
from aftercare.domain.quotes.lifecycle import QUOTE
from aftercare.flows import consent, lending, quoting
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Quotes")
PATH = "/quotes/{number}"
Status = Literal["draft", "sent", "accepted", "refused", "expired", "superseded"]
Channel = Literal["portal", "signature", "call", "counter"]
AtStart = Literal["off", "warn", "refuse"]
Kind = Literal["labour", "part", "travel", "inspection", "other"]
ValidDays = Annotated[int, Field(ge=1, le=90)]
TaxNote = Annotated[Plain, Field(max_length=120)]
Who = Annotated[Plain, Field(min_length=1, max_length=80)]


class QuoteRow(Row):
    """A quote, in a list."""

    number: str
    status: Status
    round: int
    source_kind: str
    source_number: str
    branch: Annotated[str, From("branch__number")]
    customer: Annotated[str | None, From("customer__number")]
    subject: str
    unit: str
    service_class: str
    currency: str
    total_amount: Decimal
    covered_amount: Decimal
    inspection_amount: Decimal
    is_lump: bool
    valid_until: dt.datetime | None
    sent_at: dt.datetime | None
    answered_at: dt.datetime | None
    version: int


class QuoteLineRow(Row):
    """One line, with the price as it was."""

    position: int
    kind: Annotated[Kind, From("kind_of")]
    name: str
    qty: Decimal
    price_amount: Decimal
    amount: Decimal
    customer_amount: Decimal
    payer: Payer


class ConsentRow(Row):
    """The customer's answer."""

    agreed: bool
    channel: Channel
    name: str
    reason: str
    evidence: dict[str, Any]
    at: dt.datetime
    recorded_by: str


def _lent(quote, actor: Actor) -> Actor:
    order = quoting.order_of(quote)
    return lending.for_quote(order, actor) if order is not None else actor


def _link(quote, actor: Actor) -> str | None:
    may = _lent(quote, actor).may(access.MAKE, branch_id=quote.branch_id, people=quote.people_shown())
    return (quotes.link_of(quote) or None) if may else None


def _moves(quote, actor: Actor) -> list[dict]:
    return [
        {"name": move.name, "label": str(move.label), "asks": list(move.asks), "primary": move.primary, "danger": move.danger}
        for move in quotes.open_moves(quote, _lent(quote, actor))
    ]


def _consent(quote, actor: Actor):
    found = quotes.consent_of(quote)
    return ConsentRow.of(found, actor) if found is not None else None


class Quote(QuoteRow):
    """A quote in full. `link` is the path of the customer's page while he may answer."""

    valid_days: int
    tax_note: str
    note: str
    made_by: str
    lines: Annotated[list[QuoteLineRow], Made(lambda quote, actor: QuoteLineRow.many(quotes.lines_of(quote), actor))]
    consent: Annotated[ConsentRow | None, Made(_consent)]
    link: Annotated[str | None, Made(_link)]
    moves: Annotated[list[OpenMove], Made(_moves)]


class PlannedQuoteLine(Row):
    """A line that a quote would have now."""

    kind: Kind
    name: str
    qty: Decimal
    price: Decimal
    amount: Decimal
    customer_amount: Decimal
    payer: Payer


class QuotePreview(Row):
    """What a quote would say now, and why the order may not be charged so (null: it may)."""

    lines: list[PlannedQuoteLine]
    total_amount: Decimal
    inspection_amount: Decimal
    lack: str | None
    lack_code: str | None


class QuotesAsked(Asking):
    """Filters of the list. `q` is the number of the document."""

    status: list[Status] | None = None
    branch: Number | None = None
    expiring: bool | None = Field(None, description="Waiting, and ending within two days.")


class NewQuote(Write):
    """A quote of the order as it stands; `lump_amount` asks for one sum instead of lines."""

    lump_amount: Annotated[Amount | None, Field(gt=0)] = None
    inspection_amount: Amount | None = Field(None, description="Due when the customer refuses; default: rules, fee schedule.")
    valid_days: ValidDays | None = None
    tax_note: TaxNote | None = None
    note: Text = ""


class AcceptQuote(Write):
    """Consent with its evidence: `signature` (PNG, base64) for a signature, `reference` of the recording for a call."""

    channel: Channel
    name: Who
    reference: Annotated[Plain, Field(max_length=120)] = ""
    note: Annotated[Plain, Field(max_length=200)] = ""
    signature: Annotated[Base64Bytes | None, Field(max_length=540_000)] = None


class RefuseQuote(Write):
    """The customer does not agree."""

    channel: Channel
    name: Who
    reason: Annotated[Plain, Field(max_length=200)] = ""


class QuotePolicyRow(Row):
    """Rules for quotes: of the company (branch null) or of one branch."""

    branch: Annotated[str | None, From("branch__number")]
    free_limit_amount: Decimal | None
    valid_days: int
    inspection_amount: Decimal | None
    tax_note: str
    at_start: AtStart
    version: int


class NewQuotePolicy(Write):
    """Sets the rules; those of the same branch are changed."""

    branch: Number | None = None
    free_limit_amount: Amount | None = Field(None, description="Above it paid work may not start without consent; null: no limit.")
    valid_days: ValidDays = 15
    inspection_amount: Amount | None = None
    tax_note: TaxNote = ""
    at_start: AtStart = Field("off", description="Whether paid work may begin (arrive, start) before the customer agreed; `warn` notes it.")


def _get(number: str, actor: Actor):
    return one_of(Quote, quotes.list_quotes(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Quote, row)
    return Answer(Quote.of(row, actor), version=row.version)


@routes.list("/quotes", QuoteRow)
def list_quotes(request, asked: Query[QuotesAsked]):
    """List quotes, newest first."""
    actor = calls.caller(request)
    rows = quotes.list_quotes(actor, status=asked.status or (), branch=asked.branch or "", source=asked.q or "")
    if asked.expiring:
        rows = quotes.expiring(rows, clock.now())
    return page_of(QuoteRow, rows, actor, order=("-id",), asked=asked)


@routes.read(PATH, Quote)
def get_quote(request, number: Number):
    """One quote."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Quote.of(row, actor), version=row.version)


@routes.read("/work-orders/{number}/quote-preview", QuotePreview)
def preview_quote(request, number: Number):
    """What a quote of the order would say now; nothing is written."""
    actor = calls.caller(request)
    actor.require_anywhere(access.VIEW)
    order, day = get_order(number, actor), clock.local_day(clock.now(), actor.zone)
    lines = quoting.preview(order, on=day)
    lack = consent.find_lack(order, on=day)
    return {
        "lines": [line._asdict() for line in lines], "total_amount": sum((x.customer_amount for x in lines), Decimal("0.00")),
        "inspection_amount": quoting.inspection_fee(order, on=day), "lack": str(lack.message) if lack else None,
        "lack_code": lack.code if lack else None,
    }


@routes.create("/work-orders/{number}/quotes", Quote)
def create_quote(request, number: Number, body: NewQuote):
    """Quote an order and tell the customer; an earlier quote is superseded, and what was agreed by it counts no more."""
    actor = calls.caller(request)
    given = body.model_dump(exclude={"at"})
    quote = quoting.propose(get_order(number, actor), actor=actor, at=calls.moment(request, body.at), **given)
    return calls.created(_answer(quote, actor), "quotes", quote.number)


def _accept(quote, body: AcceptQuote, *, actor: Actor, at: dt.datetime, version: int | None):
    return quoting.answer(
        quote, agreed=True, channel=body.channel, name=body.name, evidence={"reference": body.reference, "note": body.note},
        picture=body.signature, actor=actor, at=at, version=version,
    )


def _refuse(quote, body: RefuseQuote, *, actor: Actor, at: dt.datetime, version: int | None):
    return quoting.answer(quote, agreed=False, channel=body.channel, name=body.name, reason=body.reason, actor=actor, at=at,
                          version=version)


def _withdraw(quote, body, *, actor: Actor, at: dt.datetime, version: int | None):
    return quoting.withdraw(quote, reason=body.reason, actor=actor, at=at, version=version)


def _expire(quote, body: Write, *, actor: Actor, at: dt.datetime, version: int | None):
    return quoting.expire(quote, actor=actor, at=at, version=version)


def _plainly(act):
    return lambda quote, body, *, actor, at, version: act(quote, actor=_lent(quote, actor), at=at, version=version)


add_moves(
    routes, QUOTE, path=PATH, noun="quote", answers=Quote, get=_get, answer=_answer, bodies={"accept": AcceptQuote, "refuse": RefuseQuote},
    performs={"accept": _accept, "refuse": _refuse, "supersede": _withdraw, "expire": _expire,
              "send": _plainly(actions.send), "renew_link": _plainly(actions.renew_link)},
)
add_timeline(routes, PATH, "quote", _get)


@routes.list("/quote-policies", QuotePolicyRow)
def list_quote_policies(request, asked: Query[Asking]):
    """List the rules for quotes."""
    actor = calls.caller(request)
    return page_of(QuotePolicyRow, quotes.list_policies(actor), actor, order=("id",), asked=asked)


@routes.act("/quote-policies", QuotePolicyRow)
def set_quote_policy(request, body: NewQuotePolicy):
    """Set the rules for quotes of the company or of a branch."""
    actor = calls.caller(request)
    row = actions.set_policy(
        branch_id=calls.branch_id(request, body.branch) if body.branch else None, free_limit_amount=body.free_limit_amount,
        valid_days=body.valid_days, inspection_amount=body.inspection_amount, tax_note=body.tax_note, at_start=body.at_start,
        actor=actor, at=calls.moment(request, body.at),
    )
    row = again(QuotePolicyRow, row)
    return Answer(QuotePolicyRow.of(row, actor), version=row.version)
