"""Stock documents: register, forms of each kind, the document's page with its moves."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.inventory.lifecycle import DOCUMENT
from aftercare.foundation import clock
from aftercare.web.pages import cells, fields, timelines
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, qty, rows_of
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.registers import Column, Filter, Register, Tab
from aftercare.web.policy import actor_of, page
from aftercare.web.stock.forms import StockForm, _serial
from aftercare.web.stock.registers import CONDITIONS, _places

TONES = {"draft": "warn", "posted": "ok", "cancelled": "struck", "reversed": "struck"}
KINDS = (("receipt", _("入库单")), ("issue", _("领用单")), ("transfer", _("移库单")), ("scrap", _("报废单")),
         ("state", _("状态调整单")))  # fmt: skip
# Which head fields a kind of document has.
_HEADS = {
    "receipt": ("to_place", "to_condition"), "issue": ("from_place", "to_place"), "transfer": ("from_place", "to_place"),
    "scrap": ("from_place", "from_condition"), "state": ("from_place", "from_condition", "to_condition"),
}  # fmt: skip


def address_of(row) -> str:
    """The page of a stock document."""
    return f"/stock-documents/{row.number}/"


DOCUMENTS = Register(
    slug="stock-documents",
    title=pgettext_lazy("list", "出入库单"),
    permission=access.VIEW_STOCK,
    rows=queries.list_documents,
    address=address_of,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(number__icontains=text) | rows.filter(memo__icontains=text),
    search_hint=_("单号 / 说明"),
    default_tab="draft",
    tabs=(
        Tab("draft", _("草稿"), lambda rows: rows.filter(status="draft")),
        Tab("posted", _("已过账"), lambda rows: rows.filter(status="posted")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", address_of), css="lead"),
        Column("kind_of", _("单据类型"), cells.choice("kind_of"), export=lambda r, s: r.get_kind_of_display()),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("dated_on", _("单据日期"), cells.day("dated_on"), css="c-end", kind="date"),
        Column("booked_on", _("入账日"), cells.day("booked_on"), css="c-opt", kind="date"),
        Column("from_place", _("从"), cells.text("from_place.name"), export=lambda r, s: r.from_place.name if r.from_place else ""),
        Column("to_place", _("到"), cells.text("to_place.name"), export=lambda r, s: r.to_place.name if r.to_place else ""),
        Column("written_by_name", _("制单人"), cells.text("written_by_name"), css="c-opt"),
        Column("posted_by_name", _("过账人"), cells.text("posted_by_name"), css="c-opt"),
        Column("memo", _("说明"), cells.text("memo"), css="c-text c-opt c-end"),
    ),
    filters=(
        Filter("kind", _("单据类型"), lambda rows, v: rows.filter(kind_of=v), lambda actor: KINDS),
        Filter("place", _("库位"), lambda rows, v: rows.filter(from_place_id=v) | rows.filter(to_place_id=v)
               if v.isdigit() else rows.none(), _places),
    ),
    create=(_("新建出入库单"), "/stock-documents/new/receipt/", access.WRITE_DOCUMENT),
)  # fmt: skip


class DocumentForm(StockForm):
    """A stock document of one kind; empty lines are left out."""

    rows_shown = 12
    kind = ""
    dated_on = fields.day(_("单据日期"))
    from_place = fields.row(_("从"), required=True)
    to_place = fields.row(_("到"), required=True)
    from_condition = forms.ChoiceField(label=_("原状态"), choices=CONDITIONS)
    to_condition = forms.ChoiceField(label=_("新状态"), choices=CONDITIONS)
    memo = fields.text(_("说明"), 200)
    columns = (
        ("qty", _("数量"), qty),
        ("pack", _("包装"), lambda: fields.text("", 20)),
        ("lot", _("批次或序列号"), _serial),
        ("bin", _("货位"), lambda: fields.text("", 30)),
        ("expires", _("有效期至"), lambda: fields.day("", required=False)),
        ("cost", _("单位成本"), lambda: forms.DecimalField(min_value=0, max_digits=16, decimal_places=6, required=False)),
    )

    @property
    def ways(self):
        """The other kinds of documents."""
        return [] if self.row else [{"url": f"/stock-documents/new/{kind}/", "label": label} for kind, label in KINDS]

    def heads(self):
        if self.row is None:
            return {"dated_on": clock.local_day(clock.now(), self.actor.zone), "from_condition": "good", "to_condition": "good"}
        return super().heads()

    def filled(self, row):
        return queries.lines_of(row)

    def value_of(self, line, name):
        if name == "qty":
            return line.pack_qty if line.pack else line.qty
        if name == "bin":
            return line.bin.code if line.bin else ""
        return getattr(line, {"expires": "expires_on", "cost": "unit_cost"}.get(name, name))

    def fit(self):
        super().fit()
        kind = self.row.kind_of if self.row else self.kind
        inside = queries.list_places(self.actor).filter(is_active=True, branch__isnull=False).exclude(kind_of="transit")
        for name in ("from_place", "to_place", "from_condition", "to_condition"):
            if name not in _HEADS[kind]:
                del self.fields[name]
            elif name.endswith("place"):
                self.fields[name].queryset = inside

    def shown_columns(self):
        """Expiry and cost are asked for goods that come in."""
        is_receipt = (self.row.kind_of if self.row else self.kind) == "receipt"
        return [column for column in self.columns if is_receipt or column[0] not in ("expires", "cost")]


def _lines(cleaned, actor, place):
    return [
        {
            "part_id": line["part"].pk, "lot": line["lot"], "expires_on": line["expires"], "unit_cost": line["cost"],
            "bin_id": queries.get_bin(place, line["bin"], actor).pk if line["bin"] else None,
            **({"pack": line["pack"], "pack_qty": line["qty"]} if line["pack"] else {"qty": line["qty"]}),
        }
        for line in rows_of(cleaned, "qty", "pack", "lot", "bin", "expires", "cost")
    ]  # fmt: skip


def _saver(kind):
    def save(row, cleaned, *, actor, at, version):
        told = {name: cleaned[name] for name in ("dated_on", "memo", *_HEADS[row.kind_of if row else kind])}
        place = told.get("from_place") or told.get("to_place")
        lines = _lines(cleaned, actor, place)
        if row is None:
            return address_of(actions.open_document(kind=kind, lines=lines, actor=actor, at=at, **told))
        return address_of(actions.rewrite(row, lines=lines, version=version, actor=actor, at=at, **told))

    return save


def _page(kind, label, **options):
    return EditPage(
        name=f"stock_document_{kind or 'edit'}",
        title=label,
        permission=access.WRITE_DOCUMENT,
        list_label=_("出入库单"),
        list_url="/stock-documents/",
        form=type(f"{kind.title()}DocumentForm", (DocumentForm,), {"kind": kind}).build,
        save=_saver(kind),
        sections=((label, ("dated_on", "from_place", "to_place", "from_condition", "to_condition", "memo")),),
        template=TEMPLATE,
        **options,
    )


NEW = {kind: _page(kind, label) for kind, label in KINDS}
EDIT = _page("", _("修改出入库单"), load=queries.get_document)
DOOR = MoveDoor(
    slug="stock-documents",
    lifecycle=DOCUMENT,
    load=queries.get_document,
    address=address_of,
    runs={"post_document": actions.post_document, "cancel_document": actions.cancel_document,
          "reverse_document": actions.reverse_document},
    asks={"reason": lambda actor, row: forms.CharField(label=_("原因"), max_length=200)},
)  # fmt: skip


@page(access.VIEW_STOCK)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A stock document: what goes where, who wrote it, who posted it, on which day it stands."""
    actor = actor_of(request)
    row = queries.get_document(key, actor)
    context = {
        "row": row, "title": row.get_kind_of_display(), "number": row.number, "list_label": _now("出入库单"),
        "list_url": "/stock-documents/", "status": {"label": row.get_status_display(), "tone": TONES[row.status]},
        "sub": row.branch.name, "moves": DOOR.buttons(row, actor), "lines": queries.lines_of(row),
        "edit_url": f"{address_of(row)}edit/" if any(m.name == "rewrite" for m in DOCUMENT.open_moves(row, actor)) else "",
        "may_cost": actor.holds(access.VIEW_COST), "print_url": f"{address_of(row)}print/",
        "events": timelines.events("inventory.document", row.pk, zone_name=actor.zone),
    }  # fmt: skip
    return render(request, "stock/document.html", context)


@page(access.VIEW_STOCK)
def print_sheet(request: HttpRequest, key: str) -> HttpResponse:
    """The document on paper, to be signed."""
    actor = actor_of(request)
    row = queries.get_document(key, actor)
    context = {"row": row, "title": f"{row.get_kind_of_display()} {row.number}", "lines": queries.lines_of(row), "size": "a5",
               "back_url": address_of(row), "note": _now("A5 横向"), "zone": actor.zone}  # fmt: skip
    return render(request, "stock/print_document.html", context)
