"""A keeper's jobs with a scanner: what a document wants scanned, and the booking of what was, through the flows that pages use."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.catalog import queries as catalog
from aftercare.flows.scan_jobs import buying, moving, parts, shelves, things
from aftercare.flows.scan_jobs.kinds import Kind, Told
from aftercare.flows.scan_loop import missing, require_whole
from aftercare.flows.scan_state import Job, State
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound, Refusal, RuleBroken
from aftercare.foundation.transactions import whole

__all__ = ["KINDS", "Job", "Kind", "Told", "finish", "make", "open_for"]


def make(name: str, number: str, *, actor: Actor, at: dt.datetime) -> Job:
    """The job of that document; refuses what is not open to the actor or not in a state for it."""
    return _kind(name).make(number, actor=actor, at=at)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound(_("没有这种扫码作业"), kind="scan.job")
    return KINDS[name]


def open_for(kind: str, number: str, *, actor: Actor, at: dt.datetime) -> list[Job]:
    """The jobs that the actor may do now with a scanned document or place, those with something to scan."""
    found = []
    for name, known in KINDS.items():
        if kind not in known.begins_with:
            continue
        try:
            job = make(name, number, actor=actor, at=at)
        except Refusal:
            continue
        if job.wants:
            found.append(job)
    return found


@whole()
def finish(
    name: str, number: str, state: State, *, is_short: bool = False, told: Told | None = None, actor: Actor, at: dt.datetime
) -> str:
    """Book what was scanned, all or nothing; gives back the address of what came of it.

    Less than the document wants: refused where all must leave or be judged (`not_all_scanned`), only knowingly (`is_short`, else
    `short_pick`) where the rest would be given up or told missing; where more may follow it is free.
    """
    job = make(name, number, actor=actor, at=at)
    require_whole(job, state, lambda pk: catalog.list_parts(actor).filter(pk=pk).exists())
    left = missing(job, state)
    names = _("、").join(f"{want.name} {shown(qty)}" for want, qty in left[:5])
    if left and job.short == "whole":
        raise RuleBroken(_("还差 %(names)s，扫齐才能提交") % {"names": names}, code="not_all_scanned", field="scans")
    if left and job.short == "confirm" and not is_short:
        box = KINDS[name].short
        raise RuleBroken(_("还差 %(names)s；确定就这些请勾选「%(box)s」") % {"names": names, "box": box}, code="short_pick", field="is_short")
    return KINDS[name].book(job, state, told=told or Told(), actor=actor, at=at)


_THINGS = ("custody.tool", "custody.paper")
KINDS: dict[str, Kind] = {
    "issue": Kind(gettext_lazy("领料出库"), ("work.workorder",), parts.make_issue, parts.book_issue),
    "return": Kind(gettext_lazy("退回未用"), ("work.workorder",), parts.make_return, parts.book_return),
    "receive": Kind(gettext_lazy("采购收货"), ("purchasing.order",), buying.make_receive, buying.book_receive, gettext_lazy("送货单号"),
                    asks=("excess", "wrong")),
    "inspect": Kind(gettext_lazy("到货验收"), ("purchasing.receipt",), buying.make_inspect, buying.book_inspect, gettext_lazy("不合格原因"),
                    asks=("credit",)),
    "send-back": Kind(gettext_lazy("采购退货出库"), ("purchasing.supplierreturn",), buying.make_send_back, buying.book_send_back),
    "ship": Kind(gettext_lazy("调拨发货"), ("purchasing.transfer",), moving.make_ship, moving.book_ship, short=gettext_lazy("少发也提交")),
    "take": Kind(gettext_lazy("调拨签收"), ("purchasing.transfer",), moving.make_take, moving.book_take, gettext_lazy("破损原因"),
                 gettext_lazy("短少也提交")),
    "put-away": Kind(gettext_lazy("上架移位"), ("inventory.place",), shelves.make_put_away, shelves.book_put_away),
    "hand-out": Kind(gettext_lazy("配件出库"), ("orders.sale",), shelves.make_hand_out, shelves.book_hand_out, asks=("method",)),
    "give": Kind(gettext_lazy("发放借出"), _THINGS, things.make_give, things.book_give, gettext_lazy("备注")),
    "lend": Kind(gettext_lazy("出借备用机"), ("custody.loaner",), things.make_lend, things.book_lend, gettext_lazy("备注"), asks=("method",)),
    "take-back": Kind(gettext_lazy("收回"), (*_THINGS, "custody.loaner"), things.make_take_back, things.book_take_back,
                      gettext_lazy("归还时成色")),
    "shelve": Kind(gettext_lazy("移到货位"), ("custody.custody",), things.make_shelve, things.book_shelve),
}
