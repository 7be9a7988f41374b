from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access, actions, queries
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.stock.registers import CONDITIONS

ROWS = 8
# Empty lines that a form of an existing document offers beside its own.
SPARE = 6


def _part_finder(actor):
    # Without script the text itself comes: a code, else the very name.
    return lambda text: catalog.parts_by_code([text]).get(text) or catalog.list_parts(actor).filter(name=text).first()


def _qty(required=False):
    return forms.DecimalField(min_value=0, max_digits=14, decimal_places=3, required=required)


class LinesForm(fields.RowForm):
    """A form with several lines; a line without a part is left out, a part without quantity is told."""

    columns: tuple = ()
    rows_shown = ROWS

    @property
    def ways(self):
        """The other stock forms open to him."""
        known = ((access.RECEIVE, "receive", _("入库")), (access.MOVE, "transfer", _("调拨")),
                 (access.ADJUST, "count", _("盘点")), (access.ADJUST, "limits", _("上下限")))  # fmt: skip
        return [{"url": f"/stock/{name}/", "label": label} for right, name, label in known if self.actor.holds(right)]

    def __init__(self, data=None, *, row=None, **options):
        # A document longer than the form must come back whole, or saving it would drop its end.
        self.rows_shown = max(self.rows_shown, given_rows(data or {}), self.kept_rows(row) + SPARE if row else 0)
        for number in range(self.rows_shown):
            self.base_fields[f"part{number}"] = fields.Combo(_("配件"), "part", required=False)
            for name, label, make in self.columns:
                self.base_fields[f"{name}{number}"] = field = make()
                field.label = label
                field.widget.attrs["placeholder"] = label
        super().__init__(data, row=row, **options)

    @staticmethod
    def kept_rows(row) -> int:
        """How many lines the document has."""
        return 0

    def fit(self):
        parts = catalog.list_parts(self.actor)
        places = queries.list_places(self.actor).filter(is_active=True)
        for name, field in self.fields.items():
            if isinstance(field, fields.Combo):
                field.queryset, field.find = parts, _part_finder(self.actor)
                field.widget.attrs["placeholder"] = field.label
            elif name.endswith("place"):
                field.queryset = places

    def lines(self):
        """Headings and rows of bound fields, for the template."""
        rows = [[self[f"part{n}"], *(self[f"{name}{n}"] for name, _l, _m in self.columns)] for n in range(self.rows_shown)]
        return {"heads": [_("配件"), *(label for _n, label, _m in self.columns)], "rows": rows}

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(f"part{n}") for n in range(self.rows_shown)) and not self.errors:
            raise forms.ValidationError(_now("请至少填写一行配件"))
        for n in range(self.rows_shown):
            if cleaned.get(f"part{n}") and cleaned.get(f"qty{n}") is None:
                self.add_error(f"qty{n}", _now("请填写数量"))
        return cleaned


def given_rows(values) -> int:
    """How many lines a form's values have, empty ones too."""
    number = 0
    while f"part{number}" in values:
        number += 1
    return number


def rows_of(cleaned, *names):
    """The filled lines as (part id, value of each name)."""
    return [
        (cleaned[f"part{n}"].pk, *(cleaned[f"{name}{n}"] for name in names)) for n in range(given_rows(cleaned))
        if cleaned[f"part{n}"]
    ]


def _serial():
    return fields.text("", 60)


class ReceiveForm(LinesForm):
    """Goods come from a supplier to a place."""

    place = fields.row(_("库位"), required=True)
    condition = forms.ChoiceField(label=_("状态"), choices=CONDITIONS)
    memo = fields.text(_("说明"), 200, help_text=_("如：送货单号"))
    columns = (
        ("qty", _("数量"), _qty),
        ("cost", _("单位成本"), lambda: fields.money("", required=False)),
        ("serial", _("序列号"), _serial),
    )


class TransferForm(LinesForm):
    """Free goods go from one place to another."""

    from_place = fields.row(_("从"), required=True)
    to_place = fields.row(_("到"), required=True)
    memo = fields.text(_("说明"), 200)
    columns = (("qty", _("数量"), _qty), ("serial", _("序列号"), _serial))


class CountForm(LinesForm):
    """What was counted at a place."""

    place = fields.row(_("库位"), required=True)
    reason = fields.text(_("原因"), 200, required=True)
    columns = (
        ("qty", _("实盘数量"), _qty),
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
    min_qty = _qty(required=True)
    max_qty = _qty(required=True)

    def fit(self):
        self.fields["place"].queryset = queries.list_places(self.actor).filter(is_active=True)
        self.fields["part"].queryset = catalog.list_parts(self.actor)
        self.fields["part"].find = _part_finder(self.actor)
        self.fields["min_qty"].label, self.fields["max_qty"].label = _("下限"), _("上限")


def save_receive(_row, cleaned, *, actor, at, version):
    """Book a receipt."""
    place = cleaned["place"]
    actions.receive(
        place,
        lines=rows_of(cleaned, "qty", "cost", "serial"),
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
        lines=rows_of(cleaned, "qty", "serial"),
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
        lines=rows_of(cleaned, "qty", "condition", "serial"),
        reason=cleaned["reason"],
        actor=actor,
        at=at,
    )
    return f"/moves/?place={cleaned['place'].pk}"


def save_reverse(move, cleaned, *, actor, at, version):
    """Take a booking back."""
    actions.reverse([move], reason=cleaned["reason"], actor=actor, at=at)
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
    template="stock/lines.html",
)
TRANSFER = _page(
    "stock_transfer",
    _("调拨"),
    access.MOVE,
    TransferForm,
    save_transfer,
    ("from_place", "to_place", "memo"),
    template="stock/lines.html",
)
COUNT = _page(
    "stock_count", _("盘点"), access.ADJUST, CountForm, save_count, ("place", "reason"), template="stock/lines.html"
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
