"""Units and who owned them."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.assets import facts, queries, rules
from aftercare.domain.assets.access import EDIT
from aftercare.domain.assets.models import Asset, Ownership, Placement
from aftercare.domain.catalog import actions as dictionary
from aftercare.domain.catalog import rules as words
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation import access, clock, numbering, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import Invalid, NotAllowed, RuleBroken
from aftercare.foundation.search import grams
from aftercare.foundation.transactions import race, step

DAYS = ("made_on", "sold_on", "invoiced_on", "delivered_on", "installed_on", "registered_on")
TEXTS = {"serial": 60, "seller": 120, "order_number": 60, "invoice_number": 60, "invoice_serial": 60, "place": 250,
         "revision": 40, "colour": 40}
EDITABLE = frozenset({*DAYS, *TEXTS, "made_year", "product_id", "branch_id", "parent_id"})
# The permission of the dictionary's room to add a word while registering.
ADD_WORD = "catalog.add_word"
# Deeper nesting of components than this is a mistake.
DEEPEST = 6


def register_asset(
    *, product, serial: str = "", customer=None, branch_id: int, parent: Asset | None = None,
    made_year: int | None = None, actor: Actor, at: dt.datetime, **details,
) -> Asset:
    """Register a unit; `details` are the days (DAYS) and texts (TEXTS), unknown ones left out.

    A serial number that the maker has already is the same unit: it is given back when the owner is the same, taken
    over when it had no owner yet, and refused otherwise (`serial_taken`). Refuses days in the future.
    """
    actor.require(EDIT, branch_id=branch_id)
    _require_branch(branch_id, actor)
    values = _cleaned({**details, "serial": serial, "made_year": made_year}, actor, at)
    _ensure_colour(values, actor, at)
    makers = _makers(product)
    known = queries.find_same_serial(serial, makers)
    if known is not None:
        return _take_known(known, customer, actor, at)
    asset = Asset(product=product, customer=customer, branch_id=branch_id, parent=parent, maker_key=makers[0],
                  serial_key=rules.serial_key(serial), token=secrets.token_urlsafe(16), created_at=at, **values)
    try:
        with race():
            asset.number = numbering.take("A")
            asset.search = _grams(asset)
            open_new(asset, actor=actor, at=at, permission=EDIT,
                     fact=lambda row: facts.AssetRegistered(row.pk, row.number, row.customer_id))
            if customer is not None:
                statements.insert(Ownership(asset=asset, customer=customer, from_on=_owned_from(asset)))
            if parent is not None:
                Placement.objects.create(component=asset, unit=parent)
    except IntegrityError:
        known = queries.find_same_serial(serial, makers)
        if known is None:
            raise
        return _take_known(known, customer, actor, at)
    return asset


def _ensure_colour(values: dict, actor: Actor, at: dt.datetime) -> None:
    # A colour that was typed is in the dictionary from then on, spelled as it is spelled there.
    if values.get("colour") and actor.holds(ADD_WORD):
        values["colour"] = dictionary.ensure_code("colour", values["colour"], actor=actor, at=at)[0].name[:40]


def edit_asset(asset: Asset, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Asset:
    """Change named fields (EDITABLE). Refuses an old version, a serial number of another unit, days in the future."""
    values = _cleaned(fields, actor, at, asset)
    if "branch_id" in values and values["branch_id"] != asset.branch_id:
        actor.require(EDIT, branch_id=values["branch_id"])
        _require_branch(values["branch_id"], actor)
    moved = "parent_id" in values and values["parent_id"] != asset.parent_id
    if "parent_id" in values:
        _require_parent(asset, values["parent_id"], actor)
    _ensure_colour(values, actor, at)
    product = _product(values["product_id"]) if "product_id" in values else asset.product
    if values.keys() & {"serial", "product_id", "order_number", "invoice_number", "place"}:
        serial = values.get("serial", asset.serial)
        makers = _makers(product)
        other = queries.find_same_serial(serial, makers)
        if other is not None and other.pk != asset.pk:
            raise _serial_taken(other, actor)
        shown = Asset(number=asset.number, product=product, serial=serial,
                      order_number=values.get("order_number", asset.order_number),
                      invoice_number=values.get("invoice_number", asset.invoice_number),
                      place=values.get("place", asset.place))
        values |= {"serial_key": rules.serial_key(serial), "maker_key": makers[0], "search": _grams(shown)}
    try:
        with race():
            fresh = revise(asset, actor=actor, at=at, permission=EDIT, version=version, **values)
            if moved:
                Placement.objects.filter(component=asset, to_on=None).update(to_on=_today(actor, at))
                if fresh.parent_id is not None:
                    Placement.objects.create(component=asset, unit_id=fresh.parent_id, from_on=_today(actor, at))
            return fresh
    except IntegrityError:
        raise RuleBroken(_("序列号已登记给另一台设备"), code="serial_taken", field="serial") from None


def install(
    asset: Asset, *, on: dt.date, place: str = "", version: int | None = None, actor: Actor, at: dt.datetime
) -> Asset:
    """Keep the day (branch's calendar) and the place of installation. Refuses a day in the future."""
    values = _cleaned({"installed_on": on, **({"place": place} if place.strip() else {})}, actor, at, asset)
    return revise(asset, actor=actor, at=at, permission=EDIT, version=version, verb="assets.asset.install",
                  fact=facts.AssetInstalled(asset.pk, on), **values)


def change_owner(
    asset: Asset, *, customer, on: dt.date, reason: str = "", version: int | None = None, actor: Actor, at: dt.datetime
) -> Asset:
    """The unit goes over to another customer on that day; the former ownership is closed and kept.

    The new owner takes nothing of the old one's history with him: it stays with its period.
    """
    if customer.pk == asset.customer_id:
        raise RuleBroken(_("已经是这位客户的设备"), code="same_owner", field="customer")
    if on > _today(actor, at):
        raise RuleBroken(_("日期不能晚于今天"), code="future_date", field="on")
    parties.get_customer(customer.pk, actor)
    return take_over(asset, customer, on, version=version, note=reason, actor=actor, at=at)


def take_over(
    asset: Asset, customer, on: dt.date, *, version: int | None = None, note: str = "", actor: Actor, at: dt.datetime
) -> Asset:
    """The ownership itself, for who has shown that he may name that customer; components go with their unit."""
    with step():
        # Claimed first: the loser of a race must not touch the ownerships.
        before = asset.customer_id
        fresh = revise(asset, actor=actor, at=at, permission=EDIT, version=version, customer=customer,
                       verb="assets.asset.change_owner", because=note,
                       fact=facts.OwnerChanged(asset.pk, before, customer.pk, on))
        _close_ownership(asset, on)
        Ownership.objects.create(asset=asset, customer=customer, from_on=on)
        for component in asset.components.filter(customer_id=before).exclude(customer=customer):
            take_over(component, customer, on, actor=actor, at=at)
    return fresh


def release_owner(asset: Asset, *, on: dt.date, reason: str = "", version: int | None = None, actor: Actor,
                  at: dt.datetime) -> Asset:
    """The unit or part is in our hands again: nobody owns it; the former ownership is closed and kept.

    Its warranty ledger stays as it is: coming back, being refurbished and sold again neither renews nor erases it.
    """
    if asset.customer_id is None:
        raise RuleBroken(_("这台设备还没有客户"), code="no_owner", field="asset")
    with step():
        before = asset.customer_id
        fresh = revise(asset, actor=actor, at=at, permission=EDIT, version=version, customer=None,
                       verb="assets.asset.release_owner", because=reason, fact=facts.OwnerReleased(asset.pk, before, on))
        _close_ownership(asset, on)
    return fresh


def _close_ownership(asset: Asset, on: dt.date) -> None:
    current = Ownership.objects.filter(asset=asset, to_on=None).first()
    if current is not None:
        if current.from_on is not None and on < current.from_on:
            raise RuleBroken(_("不能早于现在客户的取得日期"), code="owner_before", field="on")
        Ownership.objects.filter(pk=current.pk).update(to_on=on)


def renew_token(asset: Asset, *, version: int | None = None, actor: Actor, at: dt.datetime) -> Asset:
    """A fresh QR token: labels printed before open nothing any more."""
    return revise(asset, actor=actor, at=at, permission=EDIT, version=version, verb="assets.asset.renew_token",
                  token=secrets.token_urlsafe(16))


def _take_known(known: Asset, customer, actor: Actor, at: dt.datetime) -> Asset:
    if customer is None or known.customer_id == customer.pk:
        if not access.visible(Asset, actor).filter(pk=known.pk).exists():
            raise _serial_taken(known, actor)
        return known
    if known.customer_id is not None:
        raise _serial_taken(known, actor)
    try:
        return change_owner(known, customer=customer, on=_today(actor, at), actor=actor, at=at)
    except NotAllowed:
        raise _serial_taken(known, actor) from None


def _serial_taken(known: Asset, actor: Actor) -> RuleBroken:
    seen = queries.find_assets([known.pk], actor).get(known.pk)
    if seen is None:
        return RuleBroken(_("序列号已登记给另一台设备"), code="serial_taken", field="serial")
    owner = ""
    if seen.customer_id and parties.find_customers([seen.customer_id], actor):
        owner = seen.customer.name
    message = _("序列号已登记：%(number)s %(owner)s") % {"number": seen.number, "owner": owner}
    return RuleBroken(message.strip(), code="serial_taken", field="serial", number=seen.number, asset_id=seen.pk,
                      owner=owner)


def _makers(product) -> list[str]:
    """The maker's key; then the product's own, under which it may stand from before its brand was known."""
    own = rules.maker_key("", product.pk)
    brand = rules.maker_key(words.word_key(product.brand, 120), product.pk)
    return [brand] if brand == own else [brand, own]


def _cleaned(fields: dict, actor: Actor, at: dt.datetime, asset: Asset | None = None) -> dict:
    values = dict(fields)
    unknown = values.keys() - EDITABLE
    if unknown:
        raise Invalid({name: _("这一项不能修改") for name in sorted(unknown)}, code="unknown_field")
    errors: dict[str, str] = {}
    for name, length in TEXTS.items():
        if name in values:
            values[name] = " ".join((values[name] or "").split())
            if len(values[name]) > length:
                errors[name] = _("太长了")
    days = {name: values.get(name, getattr(asset, name, None)) for name in (*DAYS, "made_year")}
    if (values.get("made_on") and "made_year" in values and values["made_year"] is None) or (
        values.get("made_on") and "made_year" not in values
    ):
        values["made_year"] = days["made_year"] = values["made_on"].year
    texts = {"future": _("日期不能晚于今天"), "year": _("年份不对"), "mismatch": _("与生产日期不一致")}
    found = rules.problems(today=_today(actor, at), **days)
    errors |= {name: texts[problem] for name, problem in found.items() if name in values}
    if errors:
        raise Invalid(errors, code="bad_days" if errors.keys() <= {*DAYS, "made_year"} else "invalid")
    return values


def _require_parent(asset: Asset, parent_id: int | None, actor: Actor) -> None:
    seen, step = 0, parent_id
    if parent_id is not None:
        queries.get_asset(parent_id, actor)
    while step is not None:
        seen += 1
        if step == asset.pk or seen > DEEPEST:
            raise RuleBroken(_("上级设备不能是自己或自己的部件"), code="component_circle", field="parent_id")
        step = Asset.objects.filter(pk=step).values_list("parent_id", flat=True).first()


def _require_branch(branch_id: int, actor: Actor) -> None:
    if branch_id != actor.branch_id and not people.branch_ids_below(branch_id):
        raise RuleBroken(_("没有这个机构"), code="unknown_branch", field="branch_id")


def _product(product_id: int):
    products = Asset._meta.get_field("product").related_model._default_manager
    product = products.filter(pk=product_id).first()
    if product is None:
        raise RuleBroken(_("没有这个产品"), code="unknown_product", field="product_id")
    return product


def _today(actor: Actor, at: dt.datetime) -> dt.date:
    return clock.local_day(at, actor.zone)


def _owned_from(asset: Asset) -> dt.date | None:
    return asset.sold_on or asset.delivered_on or asset.installed_on


def _grams(asset: Asset) -> str:
    product = asset.product
    return grams(asset.number, asset.serial, rules.squeezed(asset.serial), product.name, product.code, product.brand,
                 asset.order_number, asset.invoice_number, asset.place)
