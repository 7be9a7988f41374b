"""Everything an order's page shows, read in few statements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing import access as money
from aftercare.domain.billing import queries as bills
from aftercare.domain.cores import access as old_parts
from aftercare.domain.cores import queries as cores
from aftercare.domain.custody import queries as receipts
from aftercare.domain.entitlement import access as cover
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.entitlement import rules as covers
from aftercare.domain.parties import rules as phones
from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import OPEN, Status
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.web.cores import registers as tones
from aftercare.web.files import shown as files
from aftercare.web.pages import timelines
from aftercare.web.quotes import shown as quotes
from aftercare.web.rights import shown as rights
from aftercare.web.sales import telling
from aftercare.web.terms.views import shown as tell_decision
from aftercare.web.work import charges, lines, shown, swaps
from aftercare.web.work.moves import METHODS, MOVES

# Moves whose button stands among the first, whatever the order of the lifecycle.
_PRIMARY = {Status.WORKING: "complete", Status.REPAIRED: "hand_over", Status.INSPECTED: "audit"}


def build(order: Any, actor: Actor) -> dict:
    """Context of work/order.html."""
    source = Source.of(order)
    context = lines.build(order, actor)
    bill = context["bill"]
    owed = max(bill.due_amount - bill.paid_amount, 0) if bill else 0
    may_edit = actor.may(access.EDIT, branch_id=order.branch_id) and order.status in OPEN
    may_card = order.status in OPEN and (may_edit or lines.may_change(order, actor))
    held = receipts.list_of_source(source) if order.mode == "bench" else []
    others = queries.list_of_customer(order.customer_id, actor, limit=7) if order.customer_id else []
    return (
        context
        | _head(order, _buttons(order, actor), actor)
        | {
            "decision": _decision(order),
            "under_contract": _contract(order),
            "quotes": quotes.card(order, actor, context["charges"]),
            "owed": owed,
            "collections": bills.collections_of(source) if bill and bill.paid_amount else [],
            "collect_form": CollectForm(initial={"amount": owed}, auto_id="collect_%s") if _may_collect(order, owed, actor) else None,
            "cover_form": CoverForm(initial={"service_class": order.service_class}, auto_id="cover_%s")
            if _may_judge(order, actor)
            else None,
            "waive_form": charges.WaiveForm.of(context["charges"])
            if _may(order, bill, actor, money.WAIVE) or _may(order, bill, actor, money.ASK_WAIVER) else None,
            "divide_form": charges.DivideForm.of(context["charges"]) if _may(order, bill, actor, money.DIVIDE) else None,
            "borne": bills.borne_by(context["charges"]) if bill else [],
            "fee_form": charges.FeeForm(auto_id="fee_%s") if _may(order, bill, actor, money.EDIT_CHARGES) else None,
            "swaps": swaps.swaps_of(order),
            "may_swap": swaps.may_swap(order, actor),
            "cores": _old_parts(source, context, actor),
            "note_url": f"/orders/{order.number}/note",
            "card": queries.card_of(order) if order.mode == "bench" or may_card else None,
            "may_edit": may_edit,
            "may_card": may_card,
            "visits": list(queries.visits_of(order)) if order.visit_count else [],
            "signature": queries.signature_of(order) if order.finished_at else None,
            "unmask_url": f"/orders/{order.number}/unmask"
            if order.customer_id and shown.may_unmask(order, actor)
            else "",
            "phone": phones.mask_phone(order.phone),
            "home": phones.mask_address(order.address),
            "repeats": list(queries.repeats_of(order)[:5]) if order.asset_id else [],
            "others": [other for other in others if other.pk != order.pk][:6],
            "receipts": held,
            "loans": receipts.loans_of(source) if order.customer_id and actor.holds("custody.view_things") else [],
            "lend_url": f"/loans/new/?order={order.number}"
            if order.status in OPEN and order.customer_id and actor.may("custody.lend", branch_id=order.branch_id) else "",
            "rights": rights.of_order(order, actor),
            "notices": telling.card(order, actor),
            "attached": files.section(order, actor, *(("custody.custody", one.pk) for one in held)),
            "events": timelines.events("work.workorder", order.pk, zone_name=actor.zone),
        }
    )


def _old_parts(source: Source, context: dict, actor: Actor) -> list[dict]:
    """The old parts that the order owes; asked only where parts were used."""
    if not actor.holds(old_parts.VIEW) or not context["has_used"]:
        return []
    return [{"row": row, "tone": tones.TONES[row.status]} for row in cores.of_source(source, actor) if row.status != "cancelled"]


def _buttons(order: Any, actor: Actor) -> list[dict]:
    """The moves as buttons, the primary one last: it stands at the right edge."""
    buttons = MOVES.buttons(order, actor)
    wanted = _PRIMARY.get(order.status)
    if any(b["name"] == wanted for b in buttons):
        for button in buttons:
            button["primary"] = button["name"] == wanted
    return sorted(buttons, key=lambda b: b["primary"])


def _head(order: Any, moves: list[dict], actor: Actor) -> dict:
    where = order.region.name if order.region_id else order.branch.name
    return {
        "title": order.title,
        "number": order.number,
        "list_label": _t("服务单"),
        "list_url": "/orders/",
        "status": shown.status_of(order),
        "is_urgent": order.urgent,
        "due": order.due_at if shown.is_running(order) else None,
        "sub": " · ".join(filter(None, (order.work_type.name, order.get_mode_display(), where))),
        "moves": moves,
        "steps": shown.steps_of(order),
        "now": clock.now(),
        "zone": actor.zone,
        "class_tone": shown.CLASS_TONES.get(order.service_class, "mute"),
    }


def _decision(order: Any) -> dict | None:
    if not order.entitlement:
        return None
    data = order.entitlement
    found = covers.Decision.from_data(data)
    today = found.on
    left = total = 0
    if found.starts_on and found.ends_on:
        total = max((found.ends_on - found.starts_on).days, 1)
        left = max((found.ends_on - today).days, 0) if today else 0
    return {
        "sentence": entitlement.sentence(found),
        "evidence": found.evidence,
        "term": found.term_name,
        "starts_on": found.starts_on,
        "ends_on": found.ends_on,
        "days_left": left,
        "days_total": total,
        "covered": bool(left) and found.service_class != "A",
        **{name: value for name, value in tell_decision(found).items() if name in ("lines", "flags")},
        "components": found.components,
    }


def _contract(order: Any) -> dict | None:
    promise = (order.entitlement or {}).get("contract")
    if not promise:
        return None
    return {"number": promise["number"], "text": entitlement.tell_contracts([promise]).get(promise["id"], "")}


def _may(order: Any, bill: Any, actor: Actor, permission: str) -> bool:
    """Whether he may change the money of a bill that is not final."""
    return bool(bill) and not bill.final_at and actor.may(
        permission, branch_id=order.branch_id, people=(order.engineer_id,)
    )


def _may_collect(order: Any, owed: Any, actor: Actor) -> bool:
    return owed > 0 and actor.may(money.COLLECT, branch_id=order.branch_id, people=(order.engineer_id,))


def _may_judge(order: Any, actor: Actor) -> bool:
    return (
        order.status in OPEN
        and actor.may(cover.OVERRIDE, branch_id=order.branch_id)
        and actor.may(access.EDIT, branch_id=order.branch_id)
    )


class CollectForm(forms.Form):
    """Money taken for an order."""

    amount = forms.DecimalField(label=_("金额（元）"), min_value=0, decimal_places=2, max_digits=12)
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)


def _percent(label):
    return forms.IntegerField(label=label, min_value=0, max_value=100, initial=100, required=False)


class CoverForm(forms.Form):
    """Another service class, with the reason; how much of each kind of line is borne for the customer."""

    service_class = forms.ChoiceField(label=_("服务类别"), choices=queries.ORDER_FILTERS["service_class"].choices)
    parts = _percent(_("配件承担比例（%）"))
    labour = _percent(_("人工承担比例（%）"))
    travel = _percent(_("上门承担比例（%）"))
    reason = forms.CharField(label=_("改判原因"), max_length=200)

    def inputs(self) -> dict[str, Any]:
        """What the journey asks for."""
        given = dict(self.cleaned_data)
        percents = {kind: given.pop(kind) for kind in covers.KINDS}
        return given | {"percents": {kind: share for kind, share in percents.items() if share is not None}}


def build_peek(order: Any, actor: Actor) -> dict:
    """Context of work/peek.html: the head, who and where, lines and the newest happenings."""
    primary = [move for move in queries.open_moves(order, actor) if move.primary][:1]
    moves = [
        {"label": m.label, "url": f"{shown.address_of(order)}moves/{m.name}", "asks": bool(m.asks or MOVES.build_form(m, actor, order).fields)}
        for m in primary
    ]
    return _head(order, moves, actor) | {
        "order": order,
        "url": shown.address_of(order),
        "phone": shown.phone_of(order, actor),
        "home": shown.home_of(order, actor),
        "lines": lines.build(order, actor)["lines"],
        "events": timelines.events("work.workorder", order.pk, limit=8, zone_name=actor.zone),
    }
