"""Every read of warranties that others may use."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.assets import rules as serials
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.catalog import rules as trees
from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import Term, WarrantyEntry
from aftercare.foundation import access, statements, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound


def list_terms(actor: Actor) -> QuerySet[Term]:
    """The warranty terms, old ones too."""
    return access.visible(Term, actor).select_related("product", "category")


def get_term(term_id: int, actor: Actor) -> Term:
    """That term; refuses an unknown one."""
    found = list_terms(actor).filter(pk=term_id).first()
    if found is None:
        raise NotFound(_("没有找到条款"), kind="entitlement.term", key=str(term_id))
    return found


def list_entries(actor: Actor, asset_id: int | None = None) -> QuerySet[WarrantyEntry]:
    """Warranty lines the actor may see, of one unit or of all; reversed ones and reversals too."""
    rows = access.visible(WarrantyEntry, actor).select_related("asset", "term", "reversal")
    return rows.filter(asset_id=asset_id) if asset_id is not None else rows


def get_entry(entry_id: int, actor: Actor) -> WarrantyEntry:
    """That warranty line; refuses one that is not there or out of scope."""
    found = list_entries(actor).filter(pk=entry_id).first()
    if found is None:
        raise NotFound(_("没有找到保修记录"), kind="entitlement.warrantyentry", key=str(entry_id))
    return found


def decide(
    *, asset_id: int | None = None, product_id: int | None = None, on: dt.date, fault: str = "", work_type=None
) -> rules.Decision:
    """Who pays for a job on that unit on that day (the branch's calendar), explained; at most four statements.

    For callers who have shown that they may see the unit. Without a unit nothing is known that could make it free:
    the answer is paid, and tells the product's term. `fault` and `work_type` do not change the answer today.
    """
    if asset_id is None:
        return _for_product(product_id, on)
    return decide_many([asset_id], on)[asset_id]


def decide_many(asset_ids: Iterable[int], on: dt.date) -> dict[int, rules.Decision]:
    """The decisions for many units on one day, by unit id; four statements however many."""
    ids = list(dict.fromkeys(asset_ids))
    return _decide({asset.pk: asset for asset in assets.load_for_decision(ids)}, ids, on)


def decide_new(asset, *, on: dt.date) -> rules.Decision:
    """The decision for a unit that the running journey itself registered (its product at hand): no ledger can be there."""
    return _decide({asset.pk: asset}, [asset.pk], on, has_ledger=False)[asset.pk]


def _decide(units: dict, ids: list[int], on: dt.date, *, has_ledger: bool = True) -> dict[int, rules.Decision]:
    parents = catalog.category_parents() if units else {}
    plain = {pk: _unit(asset, parents) for pk, asset in units.items()}
    terms = load_terms(plain.values()) if units else []
    ledgers = load_ledgers(units) if has_ledger else {}
    return {pk: rules.decide(plain.get(pk), terms, ledgers.get(pk, []), on) for pk in ids}


def covers_by_terms(asset) -> list[rules.Cover]:
    """The covers that the terms as they are today give a unit; three statements."""
    (loaded,) = assets.load_for_decision([asset.pk])
    unit = _unit(loaded, catalog.category_parents())
    return rules.covers_by_terms(load_terms([unit]), unit)


def load_terms(units: Iterable[rules.Unit]) -> list[rules.TermLine]:
    """The terms that could concern these units; one statement."""
    units = list(units)
    products = {unit.product_id for unit in units}
    categories = {pk for unit in units for pk in unit.categories}
    some = Q(product_id=None) | Q(product_id__in=products), Q(category_id=None) | Q(category_id__in=categories)
    # An import's batch reads them all once: which of them concern a unit, the rules tell again.
    rows = transactions.remember("entitlement.terms", lambda: list(Term.objects.all())) if transactions.gathers() else Term.objects.filter(*some)
    return [
        rules.TermLine(row.pk, row.name, row.product_id, row.category_id, row.component, row.months, row.days,
                       row.starts, row.grace_months, row.covers_parts, row.covers_labour, row.covers_travel,
                       row.valid_from, row.valid_to)
        for row in rows
    ]


def load_ledgers(asset_ids: Iterable[int]) -> dict[int, list[rules.Cover]]:
    """The warranty lines of these units, reversed ones marked; one statement."""
    ids = list(asset_ids)
    found: dict[int, list[rules.Cover]] = {}
    rows = statements.read(_lines, asset_id=ids[0]) if len(ids) == 1 else _lines().filter(asset_id__in=ids) if ids else []
    for row in rows:
        found.setdefault(row.asset_id, []).append(rules.Cover(
            kind=row.kind_of, name=row.name, component=row.component, starts_on=row.starts_on, ends_on=row.ends_on,
            covers_parts=row.covers_parts, covers_labour=row.covers_labour, covers_travel=row.covers_travel,
            service_class=row.service_class, evidence=row.evidence, term_id=row.term_id,
            is_reversed=hasattr(row, "reversal"),
        ))
    return found


def _lines() -> QuerySet[WarrantyEntry]:
    return WarrantyEntry.objects.filter(reverses=None).select_related("reversal").order_by("id")


def _for_product(product_id: int | None, on: dt.date) -> rules.Decision:
    decision = rules.decide(None, [], [], on)
    if product_id is None:
        return decision
    names = Term.objects.filter(product_id=product_id, component="").order_by("-valid_from").values_list("name", flat=True)
    name = names.first() or ""
    return dataclasses.replace(decision, term_name=name) if name else decision


def _unit(asset, parents: dict[int, int | None]) -> rules.Unit:
    return rules.Unit(
        product_id=asset.product_id, categories=tuple(trees.ancestry(asset.product.category_id, parents)),
        serial=asset.serial_key, invoice_serial=serials.serial_key(asset.invoice_serial),
        invoice_number=asset.invoice_number, order_number=asset.order_number, made_on=asset.made_on,
        made_year=asset.made_year, sold_on=asset.sold_on, invoiced_on=asset.invoiced_on,
        delivered_on=asset.delivered_on, installed_on=asset.installed_on, registered_on=asset.registered_on,
    )


# --- in words -----------------------------------------------------------------------------------------------------


def sentence(decision: rules.Decision | dict) -> str:
    """The decision in one line of the active language: class, reasons, what is covered."""
    if isinstance(decision, dict):
        decision = rules.Decision.from_data(decision)
    parts = [class_label(decision.service_class)]
    parts += [text for text in (reason_text(row) for row in decision.reasons) if text]
    return _("：").join([parts[0], _("；").join(parts[1:])]) if parts[1:] else parts[0]


def class_label(letter: str) -> str:
    """The service class in words."""
    return {"A": _("收费"), "B": _("合同"), "C": _("保内免费"), "D": _("行政")}.get(letter, letter)


def reason_text(reason: dict) -> str:
    """One reason in words; an unknown code (of a newer version) is shown as it is."""
    code, params = reason["code"], dict(reason.get("params") or {})
    if code == "started_by":
        params["rule"] = str(dict(Term.Start.choices).get(params.get("rule"), params.get("rule")))
    if code == "overridden":
        params |= {"before": class_label(params["before"]), "after": class_label(params["after"])}
    text = _reason_texts().get(code, code)
    return text % params if params else text


def _reason_texts() -> dict[str, str]:
    return {
        "unit_unknown": _("没有设备档案，无法判定保修"),
        "serial_without_sale": _("有序列号但没有销售记录"),
        "sale_unknown": _("没有销售记录"),
        "sold_after_invoice": _("销售日晚于开票日"),
        "invoice_for_other_serial": _("发票上是另一个序列号"),
        "sale_before_production": _("销售日早于生产日"),
        "provisional_start": _("起算日暂定"),
        "needs_decision": _("需人工判定，暂按收费"),
        "no_term": _("没有适用的保修条款"),
        "no_start": _("不知道起算日"),
        "not_started": _("「%(term)s」自 %(start)s 起才生效"),
        "expired": _("「%(term)s」已于 %(end)s 到期"),
        "within": _("「%(term)s」%(start)s 至 %(end)s（含当日）"),
        "started_by": _("自%(rule)s %(day)s 起算"),
        "repair_days": _("修理占用顺延 %(days)s 天"),
        "component_only": _("仅部件在保"),
        "parts_not_covered": _("不含配件"),
        "labour_not_covered": _("不含人工"),
        "travel_not_covered": _("不含上门"),
        "overridden": _("由%(by)s从「%(before)s」改为「%(after)s」：%(reason)s"),
    }
