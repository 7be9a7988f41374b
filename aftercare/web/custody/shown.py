"""Pages of our own things and of a row of the ledger, with the moves that are open there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.billing import queries as bills
from aftercare.domain.custody import access, actions, queries
from aftercare.domain.custody.lifecycle import HOLDING, LOANER, PAPER, TOOL
from aftercare.domain.custody.rules import calculate_deposit
from aftercare.domain.parties import queries as parties
from aftercare.flows import keep_things, lend_loaner
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source
from aftercare.web.custody import things
from aftercare.web.custody.giving import employee_field
from aftercare.web.custody.views import CHANNELS
from aftercare.web.files import shown as files
from aftercare.web.pages import fields, sources, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.quotes.shown import read_signature
from aftercare.web.work.moves import METHODS


def _reason(actor, row):
    return fields.text(_("原因"), 200, required=True)


def _door(slug, lifecycle, load, address, runs):
    return MoveDoor(slug=slug, lifecycle=lifecycle, load=load, address=address, runs=runs, asks={"reason": _reason},
                    open_moves=queries.open_thing_moves)


LOANER_DOOR = _door("loaners", LOANER, queries.get_loaner, things.loaner_url, {
    "suspend": actions.suspend_loaner, "restore": actions.restore_loaner, "retire": actions.retire_loaner})
TOOL_DOOR = _door("tools", TOOL, queries.get_tool, things.tool_url, {
    "send_away": actions.send_away, "come_back": actions.come_back, "find_again": actions.find_tool, "scrap": actions.scrap})
PAPER_DOOR = _door("papers", PAPER, queries.get_paper, things.paper_url, {
    "find_again": actions.find_paper, "withdraw": actions.withdraw_paper})


def _inspect(row, *, actor, at, **given):
    # A box that is not ticked is not sent on.
    return lend_loaner.settle(row, actor=actor, at=at, **{"is_fit": False} | given)


def _lose(row, *, actor, at, reason, compensation_amount=Decimal(0), amount=None, method="cash"):
    given = {"reason": reason, "compensation_amount": compensation_amount, "actor": actor, "at": at}
    if row.kind_of == "loaner":
        return lend_loaner.lose(row, amount=amount, method=method, **given)
    return keep_things.lose(row, **given)


def _bring_back(row, *, actor, at, missing=(), **given):
    return actions.bring_back(row, missing=missing, actor=actor, at=at, **given)


def _missing(actor, row):
    if not row.accessories:
        return None
    return forms.MultipleChoiceField(label=_("缺少的附件"), choices=[(one, one) for one in row.accessories], required=False,
                                     widget=forms.CheckboxSelectMultiple)


def _only_loaner(make):
    return lambda actor, row: make() if row.kind_of == "loaner" else None


HOLDING_DOOR = MoveDoor(
    slug="holdings", lifecycle=HOLDING, load=queries.get_holding, address=things.holding_url, open_moves=queries.open_holding_moves,
    runs={
        "acknowledge": actions.acknowledge, "bring_back": _bring_back, "inspect": _inspect, "take_back": keep_things.take_back,
        "hand_over": actions.hand_over, "extend": actions.extend, "remind": actions.remind_return, "lose": _lose,
    },
    asks={
        "reason": lambda actor, row: fields.text(_("遗失经过"), 200, required=True),
        "in_state": lambda actor, row: fields.text(_("归还时成色"), 200, initial=row.in_state),
        "missing": _missing,
        "damage": lambda actor, row: fields.text(_("损坏情况"), 200),
        "compensation_amount": lambda actor, row: fields.money(
            _("赔偿（元）"), required=False, help_text=_("从押金扣，不足的另收") if row.kind_of == "loaner" else _("记入本人月度结算")),
        "amount": _only_loaner(lambda: fields.money(_("现在另收（元）"), required=False)),
        "method": _only_loaner(lambda: forms.ChoiceField(label=_("收款方式"), choices=METHODS)),
        "is_fit": lambda actor, row: fields.yes(_("可以再借（不勾选则停用）"), initial=True),
        "due_on": lambda actor, row: fields.day(_("新的应还日期")),
        "channel": lambda actor, row: forms.ChoiceField(label=_("催还方式"), choices=CHANNELS),
        "note": lambda actor, row: fields.text(_("备注"), 200),
        "employee": lambda actor, row: employee_field(actor, _("接收人")),
    },
    more={
        "bring_back": ("missing",), "inspect": ("in_state", "damage", "compensation_amount", "amount", "method", "is_fit"),
        "take_back": ("in_state", "damage", "compensation_amount"), "hand_over": ("employee", "note"), "lose": ("amount", "method"),
        "remind": ("note",),
    },
)  # fmt: skip


def _page_of(request: HttpRequest, row: Any, *, door: MoveDoor, tones: dict, label: str, url: str, told: list, **more: Any) -> HttpResponse:
    actor = actor_of(request)
    names = {move.name for move in queries.open_thing_moves(row, actor)}
    address = door.address(row)
    context = {
        "row": row, "title": str(row), "number": row.number, "list_label": label, "list_url": url,
        "status": {"label": row.get_status_display(), "tone": tones[row.status]}, "sub": row.branch.name,
        "moves": sorted(door.buttons(row, actor), key=lambda b: b["primary"]), "told": told, "history": queries.holdings_of(row, 20),
        "tones": things.HOLDING_TONES, "edit_url": f"{address}edit/" if actor.may(access.KEEP, branch_id=row.branch_id) else "",
        "attached": files.section(row, actor), "events": timelines.events(row.kind, row.pk, zone_name=actor.zone), "zone": actor.zone,
        "today": clock.local_day(clock.now(), actor.zone), "names": names,
    }  # fmt: skip
    return render(request, "custody/thing.html", context | more)


@page(access.VIEW_THINGS)
def loaner(request: HttpRequest, key: str) -> HttpResponse:
    """A loaner: where it is, what it costs to borrow, who had it."""
    row = queries.get_loaner(key, actor_of(request))
    deposit = calculate_deposit(queries.rule_at(row.branch_id), row.value_amount, row.deposit_amount)
    told = [
        (_t("产品"), row.product.name), (_t("序列号"), row.serial), (_t("成色"), row.state), (_t("随机附件"), "、".join(row.accessories)),
        (_t("存放位置"), row.place), (_t("价值"), f"¥{row.value_amount:,.2f}"), (_t("押金"), f"¥{deposit:,.2f}"), (_t("备注"), row.note),
    ]  # fmt: skip
    give = f"/loans/new/?loaner={row.number}" if row.status == "available" and actor_of(request).holds(access.LEND) else ""
    return _page_of(request, row, door=LOANER_DOOR, tones=things.LOANER_TONES, label=_t("备用机"), url="/loaners/", told=told,
                    give_url=give, give_label=_t("出借"))


@page(access.VIEW_THINGS)
def tool(request: HttpRequest, key: str) -> HttpResponse:
    """A tool: who has it, until when its calibration holds, who had it."""
    actor = actor_of(request)
    row = queries.get_tool(key, actor)
    state = queries.calibration_of(row, clock.local_day(clock.now(), actor.zone))
    label, tone = things.CALIBRATION[state]
    told = [
        (_t("种类"), row.get_kind_of_display()), (_t("型号"), row.model), (_t("出厂编号"), row.serial), (_t("存放位置"), row.place),
        (_t("购置日期"), row.purchased_on.isoformat() if row.purchased_on else ""), (_t("购置价"), f"¥{row.value_amount:,.2f}"),
        (_t("校准周期（月）"), row.calibration_months or ""), (_t("校准有效期至"), row.calibrated_to.isoformat() if row.calibrated_to else ""),
        (_t("备注"), row.note),
    ]  # fmt: skip
    calibration = {"label": label, "tone": tone, "state": state, "rows": queries.calibrations_of(row)} if state != "none" else None
    names = {move.name for move in queries.open_thing_moves(row, actor)}
    warning = {"expired": _t("校准已过期，送检合格并登记后才能发放"), "missing": _t("还没有校准记录，登记合格的校准后才能发放"),
               "soon": _t("校准将到期，请安排送检")}.get(state, "") if row.status not in ("scrapped", "lost") else ""
    return _page_of(
        request, row, door=TOOL_DOOR, tones=things.TOOL_TONES, label=_t("工具仪器"), url="/tools/", told=told, warning=warning,
        warning_tone=tone, calibration=calibration, calibrate_url=f"/tools/{row.number}/calibrate/" if "calibrate" in names else "",
        give_url=f"/tools/{row.number}/issue/" if "issue" in names and state not in ("expired", "missing") else "", give_label=_t("发放"),
    )  # fmt: skip


@page(access.VIEW_THINGS)
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """A paper: who has it until when, who had it."""
    row = queries.get_paper(key, actor_of(request))
    told = [
        (_t("资料编号"), row.number), (_t("种类"), row.get_kind_of_display()), (_t("密级"), row.get_secrecy_display()),
        (_t("版本号"), row.edition), (_t("存放位置"), row.place), (_t("备注"), row.note),
    ]  # fmt: skip
    give = f"/papers/{row.number}/lend/" if row.status == "in_store" and actor_of(request).holds(access.LEND) else ""
    return _page_of(request, row, door=PAPER_DOOR, tones=things.PAPER_TONES, label=_t("借阅资料"), url="/papers/", told=told,
                    give_url=give, give_label=_t("借阅"))


@page(access.VIEW_THINGS)
def holding(request: HttpRequest, key: str) -> HttpResponse:
    """A row of the ledger: what went to whom in which state, the money, how it came back."""
    actor = actor_of(request)
    row = queries.get_holding(key, actor)
    source = Source.of(row)
    today = clock.local_day(clock.now(), actor.zone)
    signed = queries.signed_ways(row)
    may_lend = actor.may(access.LEND, branch_id=row.branch_id)
    sees_money = row.kind_of == "loaner" and actor.holds("billing.view_bill")
    context = {
        "row": row, "title": row.item, "number": row.number, "list_label": _t("借出领用"), "list_url": "/holdings/",
        "status": {"label": row.get_status_display(), "tone": things.HOLDING_TONES[row.status]}, "sub": row.branch.name,
        "moves": sorted(HOLDING_DOOR.buttons(row, actor), key=lambda b: b["primary"]),
        "late": (today - row.due_on).days if row.status == "out" and row.due_on and row.due_on < today else 0,
        "thing_url": sources.address_of(row.thing_kind, getattr(row, row.kind_of).number),
        "source_url": sources.address_of(row.source_kind, row.source_number), "signed": signed,
        "sign_way": "" if not may_lend or row.status == "lost" else "out" if row.status == "out" and "out" not in signed
        else "back" if row.status != "out" and "back" not in signed else "",
        "phone": parties.shown_phone(row.customer, actor) if row.customer_id else "",
        "bill": bills.find_bill(source) if sees_money else None, "collections": bills.collections_of(source) if sees_money else [],
        "attached": files.section(row, actor), "events": timelines.events(row.kind, row.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "custody/holding.html", context)


@page(access.LEND)
@require_POST
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """The holder signs on the screen for what he gets or gave back."""
    row = queries.get_holding(key, actor_of(request))

    def act(*, actor: Actor, at) -> str:
        actions.sign_holding(row, way=request.POST.get("way", ""), name=request.POST.get("signed_name", ""),
                             image=read_signature(request.POST.get("signature", "")) or b"", actor=actor, at=at)
        return things.holding_url(row)

    return perform(request, f"holdings.sign:{key}", act, done=_t("已签名"))


@page(access.VIEW_THINGS)
def signature(request: HttpRequest, key: str, way: str) -> HttpResponse:
    """The picture of a signature."""
    found = queries.signature_of(queries.get_holding(key, actor_of(request)), way)
    if found is None:
        raise NotFound("")
    return HttpResponse(bytes(found.image), content_type="image/png", headers={"Cache-Control": "private, max-age=600"})
