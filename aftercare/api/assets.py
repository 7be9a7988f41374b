"""设备档案: units by serial number, their owners and components."""

import datetime as dt
from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Number, Plain, Reason, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import ADDRESS, From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.assets import actions, rules
from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.parties import queries as parties
from aftercare.flows import exchange_unit
from aftercare.foundation.access import Actor

routes = Routes("Assets")
PATH = "/assets/{number}"
ORDERS = {"-created_at": ("-created_at", "-id"), "created_at": ("created_at", "id")}
Year = Annotated[int, Field(ge=1900, le=2200)]
Serial = Annotated[Plain, Field(max_length=60)]
Text40 = Annotated[Plain, Field(max_length=40)]
Text120 = Annotated[Plain, Field(max_length=120)]
Why = Annotated[Plain, Field(max_length=200)]
Place = Annotated[Plain, Field(max_length=250)]


class AssetRow(Row):
    """A unit in a list."""

    id: int
    number: str
    serial: str
    product_id: int
    product: Annotated[str, From("product__name")]
    brand: Annotated[str, From("product__brand")]
    category: Annotated[str | None, From("product__category__name")]
    customer: Annotated[str | None, From("customer__number")]
    customer_name: Annotated[str | None, From("customer__name")]
    branch: Annotated[str, From("branch__number")]
    sold_on: dt.date | None
    installed_on: dt.date | None
    place: Annotated[str, ADDRESS]
    created_at: dt.datetime
    version: int


class OwnerRow(Row):
    """Who owned the unit from when to when."""

    customer: Annotated[str, From("customer__number")]
    customer_name: Annotated[str, From("customer__name")]
    from_on: dt.date | None
    to_on: dt.date | None


class ComponentRow(Row):
    """A registered component."""

    number: str
    serial: str
    product: Annotated[str, From("product__name")]


class PlacementRow(Row):
    """A component that sat or sits in the unit; an empty `from_on`: nobody knows since when."""

    component: Annotated[str, From("component__number")]
    serial: Annotated[str, From("component__serial")]
    product: Annotated[str, From("component__product__name")]
    from_on: dt.date | None
    to_on: dt.date | None


class ReadingRow(Row):
    """What the unit's counter showed on a day, as somebody claimed it."""

    value: int
    on: dt.date
    note: str
    made_at: dt.datetime


def _owners(asset, actor: Actor) -> list[dict]:
    return OwnerRow.many(assets.list_owners_for(asset, actor), actor)


def _paper(name: str):
    # A later owner does not see the papers of the first one; they still show the sale to us.
    def told(asset, actor: Actor) -> str:
        return "" if assets.hides_papers(asset, actor) else getattr(asset, name)

    return Made(told)


class Asset(AssetRow):
    """A unit in full. Former owners whom the caller does not see, and their papers, are left out."""

    parent: Annotated[str | None, From("parent__number")]
    seller: Annotated[str, _paper("seller")]
    order_number: Annotated[str, _paper("order_number")]
    invoice_number: Annotated[str, _paper("invoice_number")]
    invoice_serial: Annotated[str, _paper("invoice_serial")]
    made_on: dt.date | None
    made_year: int | None
    invoiced_on: dt.date | None
    delivered_on: dt.date | None
    registered_on: dt.date | None
    revision: str
    colour: str
    reading: int | None
    read_on: dt.date | None
    owners: Annotated[list[OwnerRow], Made(_owners)]
    placements: Annotated[
        list[PlacementRow], Made(lambda asset, actor: PlacementRow.many(assets.list_placements(asset), actor))
    ]
    readings: Annotated[
        list[ReadingRow], Made(lambda asset, actor: ReadingRow.many(assets.list_readings(asset)[:20], actor))
    ]
    components: Annotated[
        list[ComponentRow], Made(lambda asset, actor: ComponentRow.many(assets.list_components(asset), actor))
    ]


class AssetsAsked(Asking):
    """Filters of the list. `q` finds numbers, serial numbers, products, orders and invoices."""

    serial: Serial | None = Field(None, description="Exactly that serial number.")
    customer: Number | None = Field(None, description="Number of the owner.")
    product: Id | None = None
    branch: Number | None = Field(None, description="Number of the branch.")
    order: Literal[tuple(ORDERS)] = "-created_at"


class NewAsset(Write):
    """Registers a unit. A serial number that the maker has already, with the same owner, answers the unit known."""

    product_id: Id
    serial: Serial = Field("", examples=["SN2023-000123"])
    customer: Number | None = Field(None, description="Number of the owner.")
    branch: Number | None = Field(None, description="Number of the branch; default: the caller's own.")
    parent: Number | None = Field(None, description="Number of the unit it is a component of.")
    seller: Text120 = ""
    order_number: Serial = ""
    invoice_number: Serial = ""
    invoice_serial: Serial = ""
    made_on: Day | None = None
    made_year: Year | None = None
    sold_on: Day | None = None
    invoiced_on: Day | None = None
    delivered_on: Day | None = None
    installed_on: Day | None = None
    registered_on: Day | None = None
    place: Place = ""
    revision: Text40 = ""
    colour: Text40 = ""


class AssetEdit(Write):
    """What may be changed."""

    product_id: Id = None
    serial: Serial = None
    branch: Number = None
    parent: Number | None = None
    seller: Text120 = None
    order_number: Serial = None
    invoice_number: Serial = None
    invoice_serial: Serial = None
    made_on: Day | None = None
    made_year: Year | None = None
    sold_on: Day | None = None
    invoiced_on: Day | None = None
    delivered_on: Day | None = None
    installed_on: Day | None = None
    registered_on: Day | None = None
    place: Place = None
    revision: Text40 = None
    colour: Text40 = None


class Installation(Write):
    """When and where it was installed."""

    on: Day
    place: Place = ""


class NewOwner(Write):
    """To whom it goes over, and when."""

    customer: Number
    on: Day
    reason: Why = ""


class NewReading(Write):
    """What the counter shows."""

    value: Annotated[int, Field(ge=0, le=2_000_000_000)]
    on: Day
    note: Why = ""


class Exchange(Write):
    """The unit given for this one."""

    new_serial: Annotated[Plain, Field(min_length=1, max_length=60)]
    on: Day
    reason: Annotated[Plain, Field(min_length=1, max_length=200)]
    product_id: Id | None = Field(None, description="Another product than the old unit's.")


def units(actor: Actor) -> QuerySet:
    """The units the caller may see."""
    return assets.list_assets(actor)


def _get(number: str, actor: Actor):
    return one_of(Asset, units(actor), actor, number=number)


def _answer(asset, actor: Actor) -> Answer:
    asset = again(Asset, asset)
    return Answer(Asset.of(asset, actor), version=asset.version)


@routes.list("/assets", AssetRow)
def list_assets(request, asked: Query[AssetsAsked]):
    """List units, newest first."""
    actor = calls.caller(request)
    rows = assets.searched(units(actor), asked.q)
    if asked.serial:
        rows = rows.filter(serial_key=rules.serial_key(asked.serial))
    if asked.customer:
        rows = rows.filter(customer__number=asked.customer)
    if asked.product:
        rows = rows.filter(product_id=asked.product)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(AssetRow, rows, actor, order=ORDERS[asked.order], asked=asked)


@routes.create("/assets", Asset)
def create_asset(request, body: NewAsset):
    """Register a unit."""
    actor = calls.caller(request)
    details = body.model_dump(include=set(actions.DAYS) | set(actions.TEXTS) - {"serial"})
    asset = actions.register_asset(
        product=catalog.get_product(body.product_id, actor), serial=body.serial,
        customer=parties.get_customer(body.customer, actor) if body.customer else None,
        branch_id=calls.branch_id(request, body.branch), made_year=body.made_year,
        parent=assets.get_asset(body.parent, actor) if body.parent else None,
        actor=actor, at=calls.moment(request, body.at), **details,
    )
    return calls.created(_answer(asset, actor), "assets", asset.number)


@routes.read(PATH, Asset)
def get_asset(request, number: Number):
    """One unit."""
    actor = calls.caller(request)
    asset = _get(number, actor)
    return Answer(Asset.of(asset, actor), version=asset.version)


@routes.edit(PATH, Asset)
def edit_asset(request, number: Number, body: AssetEdit):
    """Change a unit's data."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "branch" in fields:
        fields["branch_id"] = calls.branch_id(request, fields.pop("branch"))
    if "parent" in fields:
        parent = fields.pop("parent")
        fields["parent_id"] = assets.get_asset(parent, actor).pk if parent else None
    asset = actions.edit_asset(_get(number, actor), version=calls.version_edited(request), actor=actor,
                               at=calls.moment(request, body.at), **fields)
    return _answer(asset, actor)


@routes.act(PATH + "/install", Asset, match=True)
def install_asset(request, number: Number, body: Installation):
    """Keep the day and place of installation."""
    actor = calls.caller(request)
    asset = actions.install(_get(number, actor), on=body.on, place=body.place, version=calls.version_seen(request),
                            actor=actor, at=calls.moment(request, body.at))
    return _answer(asset, actor)


@routes.act(PATH + "/change_owner", Asset, match=True)
def change_asset_owner(request, number: Number, body: NewOwner):
    """Let the unit go over to another customer."""
    actor = calls.caller(request)
    asset = actions.change_owner(_get(number, actor), customer=parties.get_customer(body.customer, actor), on=body.on, reason=body.reason,
                                 version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at))
    return _answer(asset, actor)


@routes.act(PATH + "/readings", Asset, match=True)
def add_asset_reading(request, number: Number, body: NewReading):
    """Note what the unit's counter showed on a day; terms by use are judged by the newest one."""
    actor = calls.caller(request)
    asset = actions.add_reading(_get(number, actor), value=body.value, on=body.on, note=body.note,
                                version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at))
    return _answer(asset, actor)


@routes.act(PATH + "/exchange", Asset, match=True)
def exchange_asset(request, number: Number, body: Exchange):
    """Give the owner another unit for this one; answers the new unit, whose warranty follows the policy."""
    actor = calls.caller(request)
    done = exchange_unit.exchange(
        _get(number, actor), new_serial=body.new_serial, on=body.on, reason=body.reason,
        product=catalog.get_product(body.product_id, actor) if body.product_id else None,
        version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at),
    )
    return _answer(done.new, actor)


@routes.act(PATH + "/undo_exchange", Asset, match=True)
def undo_asset_exchange(request, number: Number, body: Reason):
    """Take back that this unit was exchanged for another one: it is the customer's again, the other one ours; answers this unit."""
    actor = calls.caller(request)
    done = exchange_unit.undo(_get(number, actor), reason=body.reason, actor=actor, at=calls.moment(request, body.at))
    return _answer(done.old, actor)


add_timeline(routes, PATH, "asset", _get, assets.hidden_until)
