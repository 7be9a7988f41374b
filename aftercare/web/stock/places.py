"""Places and bins: register, page with what lies there, forms; a part's home bin."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.people import queries as people
from aftercare.web.pages import cells, fields, timelines
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import find_part
from aftercare.web.pages.registers import Bulk, Column, Filter, Register, Tab
from aftercare.web.policy import actor_of, page

KINDS = (("depot", _("配件库")), ("bin", _("货位")), ("outlet", _("网点库")), ("van", _("随车库")), ("bench", _("修理台")),
         ("finished", _("成品库")), ("awaiting", _("待修库")), ("samples", _("样机库")), ("returns", _("退机库")),
         ("quarantine", _("隔离库")), ("transit", _("在途")))  # fmt: skip


def address_of(row) -> str:
    """The page of a place."""
    return f"/places/{row.pk}/"


PLACES = Register(
    slug="places",
    title=pgettext_lazy("list", "库位"),
    permission=access.VIEW_STOCK,
    rows=lambda actor: queries.list_places(actor).select_related("parent"),
    address=address_of,
    order=("code",),
    search=lambda rows, text, actor: rows.filter(code__icontains=text) | rows.filter(name__icontains=text),
    search_hint=_("编码 / 名称"),
    default_tab="active",
    tabs=(
        Tab("active", _("启用"), lambda rows: rows.filter(is_active=True, branch__isnull=False)),
        Tab("bins", _("货位"), lambda rows: rows.filter(kind_of="bin")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("code", _("编码"), cells.link("code", address_of), order=("code",), css="lead"),
        Column("name", _("库位"), cells.text("name"), css="c-text"),
        Column("kind_of", _("类型"), cells.choice("kind_of"), css="c-end", export=lambda r, s: r.get_kind_of_display()),
        Column("parent", _("所属库"), cells.text("parent.name"), export=lambda r, s: r.parent.name if r.parent else ""),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name if r.branch else ""),
        Column("employee", _("责任人"), cells.text("employee.name"), css="c-opt",
               export=lambda r, s: r.employee.name if r.employee else ""),
        Column("position", _("取货顺序"), cells.text("position"), css="c-opt c-end"),
    ),
    filters=(Filter("kind", _("类型"), lambda rows, v: rows.filter(kind_of=v), lambda actor: KINDS),),
    create=(_("新建库位"), "/places/new/", access.EDIT_PLACES),
    bulk=(Bulk("labels", _("打印标签")),),
)  # fmt: skip


class PlaceForm(fields.RowForm):
    """A place; kind, depot and keeper only while it is new, since stock hangs on them."""

    code = fields.text(_("编码"), 30, required=True)
    name = fields.text(_("库位"), 80, required=True)
    kind = forms.ChoiceField(label=_("类型"), choices=[kind for kind in KINDS if kind[0] != "transit"])
    parent = fields.row(_("所属库"), help_text=_("货位必填"))
    branch = fields.row(_("机构"), help_text=_("货位随所属库"))
    employee = fields.row(_("责任人"), help_text=_("随车库必填"))
    position = fields.text(_("取货顺序"), 30, help_text=_("拣货时按此顺序走，留空用编码"))
    is_active = fields.yes(_("启用"))

    def fit(self):
        if self.row:
            for name in ("code", "kind", "parent", "branch", "employee"):
                del self.fields[name]
            return
        del self.fields["is_active"]
        places = queries.list_places(self.actor).filter(is_active=True, branch__isnull=False, parent=None)
        self.fields["parent"].queryset = places
        self.fields["branch"].queryset = people.list_branches(self.actor)
        self.fields["employee"].queryset = people.list_employees(self.actor).filter(is_engineer=True)


class HomeForm(fields.RowForm):
    """Which part is at home in this bin."""

    part = fields.Combo(_("配件"), "part")

    def start(self):
        return {}

    def fit(self):
        self.fields["part"].queryset, self.fields["part"].find = catalog.list_parts(self.actor), find_part(self.actor)


def load(key, actor):
    """That place, by id or by the code on its label."""
    return queries.get_place(int(key) if key.isdigit() else key, actor)


def save(row, cleaned, *, actor, at, version):
    """Make or change a place."""
    if row is None:
        branch, employee = cleaned["branch"], cleaned["employee"]
        return address_of(actions.create_place(
            code=cleaned["code"], name=cleaned["name"], kind=cleaned["kind"], branch_id=branch.pk if branch else None,
            employee_id=employee.pk if employee else None, parent=cleaned["parent"], position=cleaned["position"], actor=actor, at=at,
        ))
    told = {name: cleaned[name] for name in ("name", "position", "is_active")}
    return address_of(actions.edit_place(row, version=version, actor=actor, at=at, **told))


def save_home(row, cleaned, *, actor, at, version):
    """Make the bin the part's home."""
    actions.set_home(row, part_id=cleaned["part"].pk, actor=actor, at=at)
    return address_of(row)


PLACE = EditPage(
    name="place", title=_("库位"), is_thing=True, permission=access.EDIT_PLACES, list_label=_("库位"), list_url="/places/",
    form=PlaceForm.build, save=save, load=load,
    sections=((_("库位"), ("code", "name", "kind", "parent", "branch", "employee", "position", "is_active")),),
)  # fmt: skip
HOME = EditPage(
    name="place_home", title=_("固定货位"), permission=access.EDIT_PLACES, list_label=_("库位"), list_url="/places/",
    form=HomeForm.build, save=save_home, load=load, sections=((_("固定货位"), ("part",)),),
)  # fmt: skip


@page(access.VIEW_STOCK)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A place: its bins, what lies there and in them, what is promised, the last moves."""
    actor = actor_of(request)
    place = load(key, actor)
    here = [place.pk, *queries.bins_of([place.pk])]
    context = {
        "place": place, "bins": list(queries.list_bins(place.pk, actor)[:500]),
        "homes": queries.homes_in(place.pk), "may_edit": actor.holds(access.EDIT_PLACES),
        "balances": list(queries.seen_balances(actor).filter(place_id__in=here).order_by("part__code", "place__position", "lot")[:200]),
        "recent": queries.recent_moves(actor, place_ids=here, limit=20),
        "events": timelines.events("inventory.place", place.pk, limit=20),
    }  # fmt: skip
    return render(request, "stock/place.html", context)
