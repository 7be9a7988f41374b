"""Pages that go on from a scanned code, where the work is done on a page of its own; and where its label is printed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.cores import access as core_access
from aftercare.domain.cores import queries as cores
from aftercare.domain.custody import access as custody_access
from aftercare.domain.custody import queries as custodies
from aftercare.domain.work import access as work_access
from aftercare.domain.work import queries as orders
from aftercare.flows.scanning import Scanned
from aftercare.foundation.access import Actor

# Papers whose own page has the field for the scanner: they open at once.
OPENED = {"cores.coreshipment": "/core-shipments/{}/"}


def of(found: Scanned, actor: Actor) -> list[dict[str, Any]]:
    """What may be done next with it, by label and address."""
    ways = WAYS.get(found.kind)
    return [{"label": label, "url": url} for label, url in ways(found, actor)] if ways else []


def _core(found: Scanned, actor: Actor):
    core = cores.get_core(found.number, actor)
    if core.status == "owed" and actor.may(core_access.RECEIVE, branch_id=core.branch_id):
        yield _("收旧件"), f"/cores/hand-in/?code={core.number}"
    if core.status == "received":
        if core.shipment_id:
            yield _("所在寄厂单"), f"/core-shipments/{core.shipment.number}/"
        elif actor.may(core_access.PROCESS, branch_id=core.branch_id):
            yield _("翻新入库"), f"/cores/{core.number}/refurbish/"


def _custody(found: Scanned, actor: Actor):
    held = custodies.get_custody(found.number, actor)
    if held.status != "held":
        return
    order = orders.get_orders([held.source_id], actor).get(held.source_id) if held.source_kind == "work.workorder" else None
    if order is not None and order.status == "repaired" and actor.may(work_access.HAND_OVER, branch_id=order.branch_id):
        yield _("收款交还"), f"/counter/{order.number}/"


def _order(found: Scanned, actor: Actor):
    order = orders.get_order(found.number, actor)
    if order.status == "repaired" and order.mode == "bench" and actor.may(work_access.HAND_OVER, branch_id=order.branch_id):
        yield _("收款交还"), f"/counter/{order.number}/"


def _stocktake(found: Scanned, actor: Actor):
    yield _("盘点录入"), f"/stocktakes/{found.number}/count/"


def _asset(found: Scanned, actor: Actor):
    if actor.holds(custody_access.RECEIVE):
        yield _("登记送修"), f"/desk/?q={quote(assets.get_asset(found.number, actor).serial)}"


WAYS = {
    "cores.corereturn": _core, "custody.custody": _custody, "work.workorder": _order, "inventory.stocktake": _stocktake,
    "assets.asset": _asset,
}  # fmt: skip
_LABELS = {
    "catalog.part": "/labels/parts/?pk={0.id}", "inventory.place": "/labels/places/?pk={0.id}", "custody.custody": "/labels/custody/?pk={0.id}",
    "cores.corereturn": "/cores/tags/?pk={0.id}", "purchasing.receipt": "/labels/receipts/{0.number}/",
    "custody.tool": "/labels/things/?n={0.number}", "custody.paper": "/labels/things/?n={0.number}", "custody.loaner": "/labels/things/?n={0.number}",
}  # fmt: skip


def label_of(found: Scanned) -> str:
    """The page that prints its label; empty where it has none."""
    return _LABELS[found.kind].format(found) if found.kind in _LABELS else ""
