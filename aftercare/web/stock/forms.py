from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, LinesForm, find_part, given_rows, qty, rows_of
from aftercare.web.stock.registers import CONDITIONS


class StockForm(LinesForm):
    """A stock form with several lines and the way to the others."""

    def places(self):
        """Shelves of the company; what is under way belongs to the paper that sent it."""
        return super().places().filter(branch__isnull=False).exclude(kind_of="transit")

    @property
    def ways(self):
        """The other stock forms open to him."""
        known = ((access.RECEIVE, "receive", _("入库")), (access.MOVE, "transfer", _("调拨")),
                 (access.ADJUST, "count", _("盘点")), (access.ADJUST, "limits", _("上下限")))  # fmt: skip
        return [{"url": f"/stock/{name}/", "label": label} for right, name, label in known if self.actor.holds(right)]


def _values(cleaned, *names):
    return [(line["part"].pk, *(line[name] for name in names)) for line in rows_of(cleaned, *names)]


def _serial():
    return fields.text("", 60)


class ReceiveForm(StockForm):
    """Goods come from a supplier to a place."""

    place = fields.row(_("库位"), required=True)
    condition = forms.ChoiceField(label=_("状态"), choices=CONDITIONS)
    memo = fields.text(_("说明"), 200, help_text=_("如：送货单号"))
    columns = (
        ("qty", _("数量"), qty),
        ("cost", _("单位成本"), lambda: fields.money("", required=False)),
        ("serial", _("序列号"), _serial),
    )


class TransferForm(StockForm):
    """Free goods go from one place to another."""

    from_place = fields.row(_("从"), required=True)
    to_place = fields.row(_("到"), required=True)
    memo = fields.text(_("说明"), 200)
    columns = (("qty", _("数量"), qty), ("serial", _("批次或序列号"), _serial))

    def fit(self):
        super().fit()
        self.fields["to_place"].queryset = self.places() | queries.list_places(self.actor).filter(kind_of="scrap")


class CountForm(StockForm):
    """What was counted at a place."""

    is_zero_missing = False
    place = fields.row(_("库位"), required=True)
    reason = fields.text(_("原因"), 200, required=True)
    columns = (
        ("qty", _("实盘数量"), qty),
        ("condition", _("状态"), lambda: forms.ChoiceField(choices=CONDITIONS, required=False)),
        ("serial", _("批次或序列号"), _serial),
    )


class ReasonForm(fields.RowForm):
    """Why something is taken back."""

    reason = fields.text(_("原因"), 200, required=True)

    def start(self):
        return {}


class LimitForm(fields.RowForm):
    """Least and most that shall lie at a place."""

    place = fields.row(_("库位"), required=True)
    part = fields.Combo(_("配件"), "part")
    min_qty = qty(required=True)
    max_qty = qty(required=True)

    def fit(self):
        self.fields["place"].queryset = queries.list_places(self.actor).filter(is_active=True)
        self.fields["part"].queryset = catalog.list_parts(self.actor)
        self.fields["part"].find = find_part(self.actor)
        self.fields["min_qty"].label, self.fields["max_qty"].label = _("下限"), _("上限")


def save_receive(_row, cleaned, *, actor, at, version):
    """Book a receipt."""
    place = cleaned["place"]
    actions.receive(
        place,
        lines=_values(cleaned, "qty", "cost", "serial"),
        condition=cleaned["condition"],
        memo=cleaned["memo"],
        actor=actor,
        at=at,
    )
    return f"/moves/?place={place.pk}"


def save_transfer(_row, cleaned, *, actor, at, version):
    """Book a transfer."""
    actions.transfer(
        from_place=cleaned["from_place"],
        to_place=cleaned["to_place"],
        lines=_values(cleaned, "qty", "serial"),
        memo=cleaned["memo"],
        actor=actor,
        at=at,
    )
    return f"/moves/?place={cleaned['from_place'].pk}"


def save_count(_row, cleaned, *, actor, at, version):
    """Book what was counted."""
    for number in range(given_rows(cleaned)):
        cleaned[f"condition{number}"] = cleaned[f"condition{number}"] or "good"
    actions.count(
        cleaned["place"],
        lines=_values(cleaned, "qty", "condition", "serial"),
        reason=cleaned["reason"],
        actor=actor,
        at=at,
    )
    return f"/moves/?place={cleaned['place'].pk}"


def save_reverse(move, cleaned, *, actor, at, version):
    """Take a booking back."""
    actions.undo_booking([move], reason=cleaned["reason"], actor=actor, at=at)
    return "/moves/"


def save_limit(_row, cleaned, *, actor, at, version):
    """Set limits."""
    actions.set_limits(
        cleaned["place"],
        part_id=cleaned["part"].pk,
        min_qty=cleaned["min_qty"],
        max_qty=cleaned["max_qty"],
        actor=actor,
        at=at,
    )
    return f"/stock/?tab=all&place={cleaned['place'].pk}"


def load_move(key, actor):
    """That row of the ledger."""
    return queries.get_move(fields.whole(key), actor)


def _page(name, title, permission, form, save, heads, **options):
    return EditPage(
        name=name,
        title=title,
        permission=permission,
        list_label=_("库存"),
        list_url="/stock/",
        form=form.build,
        save=save,
        sections=((title, heads),),
        **options,
    )


RECEIVE = _page(
    "stock_receive",
    _("入库"),
    access.RECEIVE,
    ReceiveForm,
    save_receive,
    ("place", "condition", "memo"),
    template=TEMPLATE,
)
TRANSFER = _page(
    "stock_transfer",
    _("调拨"),
    access.MOVE,
    TransferForm,
    save_transfer,
    ("from_place", "to_place", "memo"),
    template=TEMPLATE,
)
COUNT = _page(
    "stock_count", _("盘点"), access.ADJUST, CountForm, save_count, ("place", "reason"), template=TEMPLATE
)
REVERSE = _page(
    "stock_reverse",
    _("冲销流水"),
    access.REVERSE,
    ReasonForm,
    save_reverse,
    ("reason",),
    load=load_move,
    template="stock/reverse.html",
)
LIMIT = _page(
    "stock_limit", _("库存上下限"), access.ADJUST, LimitForm, save_limit, ("place", "part", "min_qty", "max_qty")
)
