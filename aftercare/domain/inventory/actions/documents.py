"""Stock documents: written, changed while they are drafts, posted by who may, taken back by their mirror image."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access, facts, queries, rules
from aftercare.domain.inventory.actions import booking, keeping
from aftercare.domain.inventory.lifecycle import DOCUMENT
from aftercare.domain.inventory.models import Cost, Document, DocumentLine, Place, Reason, StockMove
from aftercare.domain.inventory.rules import ReceiveLine
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import RuleBroken, WrongState, at_line
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

ZERO = Decimal(0)
Kind = Document.Kind
# Which places a kind of document names: (from, to).
_PLACES = {
    Kind.RECEIPT: (False, True), Kind.ISSUE: (True, True), Kind.TRANSFER: (True, True), Kind.SCRAP: (True, False),
    Kind.STATE: (True, False),
}  # fmt: skip
_LINE_FIELDS = {"part_id", "qty", "pack", "pack_qty", "lot", "expires_on", "bin_id", "unit_cost", "note"}


def open_document(
    *, kind: str, dated_on: dt.date, lines: Sequence[Mapping[str, Any]], from_place: Place | None = None,
    to_place: Place | None = None, from_condition: str = rules.GOOD, to_condition: str = rules.GOOD, memo: str = "",
    actor: Actor, at: dt.datetime,
) -> Document:
    """Write a draft. A line has part_id, qty in base units or `pack` and `pack_qty`, and may have lot, expires_on, bin_id, unit_cost.

    Refuses places that do not fit the kind, a day to come, a line that cannot be (`bad_places`, `future_day`, …).
    """
    from_place, to_place = _places(kind, from_place, to_place, from_condition, to_condition)
    branch_id = (from_place or to_place).branch_id
    zone = people.zone_of(branch_id)
    _require_day(dated_on, clock.local_day(at, zone))
    document = Document(
        number=numbering.take("SD", clock.local_day(at, zone)), kind_of=kind, branch_id=branch_id, from_place=from_place,
        to_place=to_place, from_condition=from_condition, to_condition=to_condition, dated_on=dated_on, memo=memo.strip()[:200],
        written_by_kind=actor.kind, written_by_id=actor.id, written_by_name=actor.name[:80], created_at=at,
    )
    with step():
        open_new(document, actor=actor, at=at, permission=access.WRITE_DOCUMENT)
        _write_lines(document, lines)
    return document


@DOCUMENT.move("rewrite")
def rewrite(
    document: Document, *, actor: Actor, at: dt.datetime, lines: Sequence[Mapping[str, Any]] | None = None, **fields: Any
) -> None:
    """Change a draft: its day, places, conditions, memo; `lines` replace all lines. Who changes it last has written it."""
    unknown = set(fields) - {"dated_on", "from_place", "to_place", "from_condition", "to_condition", "memo"}
    if unknown:
        raise RuleBroken(_("这些字段不能修改"), code="not_editable", field=min(unknown))
    if "dated_on" in fields:
        _require_day(fields["dated_on"], clock.local_day(at, people.zone_of(document.branch_id)))
    told = {name: fields.get(name, getattr(document, name)) for name in ("from_place", "to_place", "from_condition", "to_condition")}
    here, there = _places(document.kind_of, *told.values())
    if (here or there).branch_id != document.branch_id:
        raise RuleBroken(_("单据不能换到另一个机构，请另填一张"), code="other_branch", field="from_place")
    revise(document, **fields, written_by_kind=actor.kind, written_by_id=actor.id, written_by_name=actor.name[:80])
    if lines is not None:
        DocumentLine.objects.filter(document=document).delete()
        _write_lines(document, lines)


@DOCUMENT.move("post_document")
def post_document(document: Document, *, actor: Actor, at: dt.datetime) -> facts.DocumentPosted:
    """Book the draft: on its own day when that is open and near enough, else today; its day stays on it.

    Refuses who wrote it when it is worth more than the branch lets one person book (`second_person_needed`).
    """
    lines = list(DocumentLine.objects.filter(document=document).select_related("part").order_by("position"))
    if not lines:
        raise RuleBroken(_("没有明细行"), code="no_lines", field="lines")
    rule = queries.rule_of(document.branch_id)
    value = _value_of(document, lines)
    is_writer = (document.written_by_kind, document.written_by_id) == (actor.kind, actor.id)
    if rules.needs_second_person(value, rule.two_person_amount, is_writer=is_writer):
        raise RuleBroken(
            _("金额 %(value)s 超过 %(limit)s，须由制单人以外的人过账") % {"value": value, "limit": rule.two_person_amount},
            code="second_person_needed",
        )
    today = clock.local_day(at, people.zone_of(document.branch_id))
    branches = {place.branch_id for place in (document.from_place, document.to_place) if place and place.is_inside}
    day = rules.document_day(document.dated_on, today, rule.back_days, queries.closed_to(branches))
    _book(document, lines, day=day, actor=_trusted(actor), at=at)
    revise(document, value_amount=value, booked_on=day, posted_by_name=actor.name[:80], posted_at=at)
    return facts.DocumentPosted(document.pk, document.kind_of, f"{value}", f"{day}")


@DOCUMENT.move("cancel_document")
def cancel_document(document: Document, *, actor: Actor, at: dt.datetime, reason: str) -> None:
    """Give a draft up."""
    _require_reason(reason)


@DOCUMENT.move("reverse_document")
def reverse_document(document: Document, *, actor: Actor, at: dt.datetime, reason: str) -> facts.DocumentReversed:
    """Take a posted document back whole; refuses when its goods are no longer there."""
    _require_reason(reason)
    source = Source.of(document)
    moves = StockMove.objects.filter(source_kind=source.kind, source_id=source.id, reverses=None, reversal=None)
    if not moves:
        raise WrongState(_("这张单据的流水已冲销"), code="reversed_already")
    keeping.reverse(list(moves), actor=actor, at=at, reason=reason)
    return facts.DocumentReversed(document.pk)


def _trusted(actor: Actor) -> Actor:
    # The right to post a document is the right asked for; the verbs below ask for those of a keeper without a paper.
    return replace(actor, reaches=Actor.system("").reaches, scopes=None)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")


def _require_day(dated_on: dt.date, today: dt.date) -> None:
    if dated_on > today:
        raise RuleBroken(_("单据日期不能晚于今天"), code="future_day", field="dated_on")


def _places(
    kind: str, here: Place | None, there: Place | None, from_condition: str, to_condition: str
) -> tuple[Place | None, Place | None]:
    """The places that a document of that kind names; refuses those that do not fit."""
    if kind not in _PLACES:
        raise RuleBroken(_("没有这种单据"), code="no_such_kind", field="kind")
    needs_from, needs_to = _PLACES[kind]
    for name, needed, place in (("from_place", needs_from, here), ("to_place", needs_to, there)):
        if needed and (place is None or not place.is_inside):
            raise RuleBroken(_("请选择公司内部的库位"), code="bad_places", field=name)
    here, there = (here if needs_from else None), (there if needs_to else None)
    keeping.require_on_shelf(here, "from_place")
    keeping.require_on_shelf(there, "to_place")
    if here and here == there:
        raise RuleBroken(_("来源与去向相同"), code="same_place", field="to_place")
    if kind == Kind.STATE and from_condition == to_condition:
        raise RuleBroken(_("新状态与原状态相同"), code="same_condition", field="to_condition")
    return here, there


def _write_lines(document: Document, lines: Sequence[Mapping[str, Any]]) -> None:
    rows = []
    for position, line in enumerate(lines, start=1):
        with at_line(position - 1):
            rows.append(_line(document, position, dict(line)))
    if not rows:
        raise RuleBroken(_("没有明细行"), code="no_lines", field="lines")
    booking.require_parts(row.part_id for row in rows)
    bins = {row.bin_id for row in rows if row.bin_id}
    place = document.to_place if document.kind_of == Kind.RECEIPT else document.from_place
    if bins and Place.objects.filter(pk__in=bins, parent=place).count() != len(bins):
        raise RuleBroken(_("货位不在这个库里"), code="bin_elsewhere", field="bin")
    DocumentLine.objects.bulk_create(rows)


def _line(document: Document, position: int, line: dict[str, Any]) -> DocumentLine:
    unknown = set(line) - _LINE_FIELDS
    if unknown:
        raise RuleBroken(_("这些字段不能修改"), code="not_editable", field=min(unknown))
    qty = line.get("qty")
    if line.get("pack"):
        line["pack_qty"] = require_quantity(line.get("pack_qty") or qty, field="pack_qty")
        qty = catalog.in_base_units(line["part_id"], line["pack"], line["pack_qty"])
    cost = line.get("unit_cost")
    if cost is not None and cost < 0:
        raise RuleBroken(_("成本不能为负"), code="negative_cost", field="unit_cost")
    if document.kind_of != Kind.RECEIPT:
        line.pop("unit_cost", None)
        line.pop("expires_on", None)
    return DocumentLine(document=document, position=position, **(line | {"qty": require_quantity(qty)}))


def _value_of(document: Document, lines: Sequence[DocumentLine]) -> Decimal:
    """What the document's goods are worth in CNY: at the told cost, else at the branch's moving average."""
    costs = {
        row.part_id: rules.average(row.qty, row.value_amount)
        for row in Cost.objects.filter(branch_id=document.branch_id, part_id__in={line.part_id for line in lines})
    }
    total = sum(
        (line.qty * (line.unit_cost if line.unit_cost is not None else costs.get(line.part_id, ZERO)) for line in lines), ZERO
    )
    return money.rounded(total)


def _book(document: Document, lines: Sequence[DocumentLine], *, day: dt.date, actor: Actor, at: dt.datetime) -> list[StockMove]:
    common = {"source": Source.of(document), "key": "post", "day": day, "memo": document.memo, "actor": actor, "at": at}
    if document.kind_of == Kind.RECEIPT:
        rows = [
            ReceiveLine(line.part_id, line.qty, line.unit_cost, line.lot, line.expires_on, line.bin_id, line=str(line.position))
            for line in lines
        ]
        return keeping.receive(document.to_place, lines=rows, condition=document.to_condition, **common)
    if document.kind_of == Kind.STATE:
        rows = [(line.part_id, line.qty, line.lot, line.bin_id) for line in lines]
        return keeping.change_condition(
            document.from_place, lines=rows, from_condition=document.from_condition, to_condition=document.to_condition, **common
        )
    goal, reason = document.to_place, Reason.ISSUE if document.kind_of == Kind.ISSUE else Reason.TRANSFER
    if document.kind_of == Kind.SCRAP:
        goal, reason = keeping.ensure_outside(Place.Kind.SCRAP, actor=actor, at=at), Reason.SCRAP
    rows = [(line.part_id, line.qty, line.lot, line.bin_id) for line in lines]
    return keeping.transfer(
        from_place=document.from_place, to_place=goal, lines=rows, reason=reason, condition=document.from_condition, **common
    )
