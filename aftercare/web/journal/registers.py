from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.domain.journal import access, queries
from aftercare.domain.people import queries as people
from aftercare.web.markup import conditional_escape, format_html
from aftercare.web.pages import cells, sources, timelines
from aftercare.web.pages.registers import Column, Filter, Register
from aftercare.web.stock.registers import since, until

VIAS = [("web", _("网页")), ("api", _("接口")), ("import", _("导入")), ("worker", _("后台")), ("job", _("后台任务")),
        ("system", _("系统"))]
VERBS = ("open", "revise", "sign_in", "sign_in_failed", "unmask", "grant", "revoke", "dispatch", "complete", "audit", "cancel",
         "collect", "remit", "void", "reverse", "seed")  # fmt: skip


def address_of(fact) -> str:
    """The page of one entry."""
    return f"/journal/{fact.pk}/"


def _kinds(actor):
    found = [m for m in apps.get_models() if m.__module__.startswith("aftercare.domain.") and hasattr(m, "kind")]
    return sorted(((m._meta.label_lower, str(m._meta.verbose_name)) for m in found), key=lambda pair: pair[1])


def _branches(actor):
    return [(str(b.pk), b.name) for b in people.list_branches(actor)]


def _verb(row, shown):
    return format_html('<a class="lead" href="{}">{}</a>', address_of(row), timelines.say(row.verb, row.kind))


def _thing(row, shown):
    label = f"{timelines.name_of(row.kind) or row.kind} {row.number}".strip()
    address = sources.address_of(row.kind, row.number)
    return format_html('<a class="link" href="{}">{}</a>', address, label) if address else conditional_escape(label)


JOURNAL = Register(
    slug="journal",
    title=_("日志"),
    permission=access.VIEW,
    rows=queries.list_facts,
    address=address_of,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(
        Q(number__icontains=text) | Q(actor_name__icontains=text) | Q(note__icontains=text)
    ),
    search_hint=_("单号 / 操作者 / 说明"),
    columns=(
        Column("at", _("时间"), cells.moment("at", "%m-%d %H:%M:%S"), css="c-opt", kind="moment"),
        Column("verb", _("动作"), _verb, css="lead"),
        Column("kind", _("对象"), _thing, export=lambda r, s: f"{timelines.name_of(r.kind)} {r.number}"),
        Column("actor_name", _("操作者"), lambda r, s: conditional_escape(timelines.who(r)), export=lambda r, s: timelines.who(r)),
        Column("note", _("说明"), cells.text("note"), css="c-wide c-opt"),
        Column(
            "via",
            _("入口"),
            lambda r, s: dict(VIAS).get(r.via, r.via) or cells.EMPTY,
            css="c-opt",
            export=lambda r, s: dict(VIAS).get(r.via, r.via),
        ),
        Column("address", _("来源地址"), cells.text("address"), css="c-opt"),
        Column(
            "changes",
            _("变更"),
            lambda r, s: str(len(r.changes)) if r.changes else cells.EMPTY,
            css="num c-end",
            export=lambda r, s: "; ".join(
                f"{k}: {v[0]} -> {v[1]}" for k, v in r.changes.items() if isinstance(v, list) and len(v) == 2
            ),
        ),
    ),
    filters=(
        Filter(
            "verb",
            _("动作"),
            lambda rows, v: rows.filter(Q(verb=v) | Q(verb__endswith=f".{v}")),
            lambda actor: [(v, timelines.say(v)) for v in VERBS],
        ),
        Filter("kind", _("对象"), lambda rows, v: rows.filter(kind=v), _kinds),
        Filter("via", _("入口"), lambda rows, v: rows.filter(via=v), lambda actor: VIAS),
        Filter(
            "branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(), _branches
        ),
        Filter("since", _("自"), since, input="date"),
        Filter("until", _("至"), until, input="date"),
    ),
)
