from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.purchasing import access, actions, queries
from aftercare.foundation.quantity import shown
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, ByLine, LinesForm, part_lines, qty
from aftercare.web.transfers.registers import address_of

BEARERS = [("carrier", _("承运人")), ("sender", _("发货方（货在原库）")), ("receiver", _("收货方")), ("company", _("公司承担"))]
_PART = ((_("配件"), lambda line: line.part.name), (_("编码"), lambda line: line.part.code))
_LOT = ((_("配件"), lambda row: row.line.part.name), (_("批次或序列号"), lambda row: row.lot))


class TransferForm(LinesForm):
    """What a store asks another one for."""

    to_place = fields.row(_("收货库位"), required=True)
    from_place = fields.row(_("发货库位"), help_text=_("留空向上级机构的配件库要货"))
    needed_on = fields.day(_("需要日期"), required=False)
    remark = fields.text(_("备注"), 500, rows=2)
    columns = (("qty", _("数量"), qty),)

    def places(self):
        return super().places().filter(kind_of__in=["depot", "outlet", "van"])

    def heads(self):
        # Somebody with one store of his own asks for that one.
        mine = [place.pk for place in self.places()[:2]]
        return {"to_place": mine[0] if len(mine) == 1 else None}

    def fit(self):
        super().fit()
        # An outlet does not see the stock of the depot that it asks.
        if self.actor.branch_id:
            self.fields["from_place"].queryset = queries.list_senders(self.actor, self.actor.branch_id).filter(kind_of__in=["depot", "outlet"])


class ApproveForm(ByLine):
    """How much is let go."""

    reason = fields.text(_("批准意见"), 200)
    told = (*_PART, (_("要货数量"), lambda line: shown(line.qty)))
    columns = (("qty", _("批准数量"), qty),)

    def read(self, row):
        return queries.transfer_lines_of(row)

    def first(self, line):
        return {"qty": shown(line.qty)}


class ShipForm(ByLine):
    """What is sent; serial numbers are scanned one a line."""

    told = (*_PART, (_("批准数量"), lambda line: shown(line.approved_qty)))
    columns = (
        ("qty", _("发货数量"), qty),
        ("lot", _("批次或序列号；留空先发先到期的"), lambda: forms.CharField(widget=forms.Textarea(attrs={"rows": 1}), max_length=8000, required=False)),
    )

    def read(self, row):
        return [line for line in queries.transfer_lines_of(row) if line.approved_qty]

    def first(self, line):
        return {"qty": shown(line.approved_qty)}


class ReceiveForm(ByLine):
    """What came."""

    told = (*_LOT, (_("在途数量"), lambda row: shown(row.transit_qty)))
    columns = (
        ("received_qty", _("完好签收"), qty),
        ("damaged_qty", _("破损签收"), qty),
        ("reason", _("破损原因"), lambda: fields.text("", 200)),
    )

    def read(self, row):
        return [lot for lot in queries.transfer_lots_of(row) if lot.transit_qty]

    def first(self, line):
        return {"received_qty": shown(line.transit_qty)}


class SettleForm(ByLine):
    """Who bears what is missing or damaged."""

    told = (*_LOT, (_("短少"), lambda row: shown(row.transit_qty)), (_("破损签收"), lambda row: shown(row.damaged_qty)))
    columns = (
        ("bearer", _("责任方"), lambda: forms.ChoiceField(choices=BEARERS)),
        ("reason", _("差异原因"), lambda: fields.text("", 200, required=True)),
    )

    def read(self, row):
        return [lot for lot in queries.transfer_lots_of(row) if lot.transit_qty or lot.damaged_qty]

    def first(self, line):
        return {"reason": line.reason}


def save_new(_row, cleaned, *, actor, at, version):
    """Ask for goods."""
    return address_of(actions.request_transfer(
        to_place=cleaned["to_place"], from_place=cleaned["from_place"], needed_on=cleaned["needed_on"], remark=cleaned["remark"],
        lines=part_lines(cleaned, "qty"), actor=actor, at=at))


def save_approve(row, cleaned, *, actor, at, version):
    """Let go."""
    cuts = {pk: given["qty"] or 0 for pk, given in cleaned["by_line"].items()}
    actions.approve_transfer(row, reason=cleaned["reason"], cuts=cuts, actor=actor, at=at, version=version)
    return address_of(row)


def save_ship(row, cleaned, *, actor, at, version):
    """Send; several lots of a line each count one, a single one takes the quantity."""
    lines = []
    for pk, given in cleaned["by_line"].items():
        lots = [text.strip() for text in given["lot"].splitlines() if text.strip()]
        if len(lots) > 1:
            lines += [{"line_id": pk, "qty": 1, "lot": lot} for lot in lots]
        elif given["qty"]:
            lines.append({"line_id": pk, "qty": given["qty"], "lot": lots[0] if lots else ""})
    actions.ship(row, lines=lines, actor=actor, at=at, version=version)
    return address_of(row)


def save_receive(row, cleaned, *, actor, at, version):
    """Note what came."""
    lines = [{"lot_id": pk, **given} for pk, given in cleaned["by_line"].items() if given["received_qty"] or given["damaged_qty"]]
    actions.receive_and_settle(row, lines=lines or [{"lot_id": 0}], actor=actor, at=at, version=version)
    return address_of(row)


def save_settle(row, cleaned, *, actor, at, version):
    """Account for what is missing."""
    actions.settle(row, lines=[{"lot_id": pk, **given} for pk, given in cleaned["by_line"].items()], actor=actor, at=at, version=version)
    return address_of(row)


def _page(name, title, permission, form, save, heads=(), load=queries.get_transfer):
    return EditPage(name=name, title=title, permission=permission, list_label=_("要货与调拨"), list_url="/transfers/", form=form.build,
                    save=save, sections=((title, heads),) if heads else (), load=load, template=TEMPLATE)


NEW = _page("transfer_new", _("要货"), access.REQUEST_TRANSFER, TransferForm, save_new, ("to_place", "from_place", "needed_on", "remark"), None)
APPROVE = _page("transfer_approve", _("批准要货"), access.APPROVE_TRANSFER, ApproveForm, save_approve, ("reason",))
SHIP = _page("transfer_ship", _("调拨发货"), access.SHIP_TRANSFER, ShipForm, save_ship)
RECEIVE = _page("transfer_receive", _("调拨签收"), access.RECEIVE_TRANSFER, ReceiveForm, save_receive)
SETTLE = _page("transfer_settle", _("处理调拨差异"), access.SETTLE_TRANSFER, SettleForm, save_settle)
