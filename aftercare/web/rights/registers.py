from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.entitlement import access, queries
from aftercare.domain.entitlement.lifecycle import RightStatus, RuleStatus
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.domain.people import queries as people
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab
from aftercare.web.prices.registers import VALID_ON
from aftercare.web.products.registers import CATEGORY
from aftercare.web.rights.shown import STATUS_TONES
from aftercare.web.terms.registers import span

RULE_TONES = {RuleStatus.DRAFT: "warn", RuleStatus.CHECKED: "ok"}


def rule_address(rule) -> str:
    """The page of a rule."""
    return f"/rights/{rule.pk}/"


def claim_address(claim) -> str:
    """The page of a claim."""
    return f"/right-claims/{claim.number}/"


def remedies(row, shown=None) -> str:
    """What may be asked for under the rule."""
    return str(_("、")).join(queries.remedy_label(one) for one in rules.REMEDIES if one in row.remedies)


def source(row, shown=None) -> str:
    """Text and article."""
    return f"《{row.law}》{row.article}"


RULES = Register(
    slug="rights",
    title=pgettext_lazy("list", "三包规则"),
    permission=access.VIEW,
    rows=queries.list_right_rules,
    address=rule_address,
    order=("law", "id"),
    search=lambda rows, text, actor: rows.filter(name__icontains=text) | rows.filter(law__icontains=text),
    search_hint=_("规则 / 法规"),
    tabs=(
        Tab("all", _("全部"), lambda rows: rows),
        Tab("draft", _("使用前请核对"), lambda rows: rows.filter(status="draft")),
        Tab("checked", _("已核对"), lambda rows: rows.filter(status="checked")),
    ),
    default_tab="all",
    columns=(
        Column("name", _("规则"), cells.link("name", rule_address), css="lead c-text"),
        Column("status", _("状态"), cells.pill("status", RULE_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("category", _("品类"), cells.text("category.name"), export=lambda r, s: r.category.name if r.category else ""),
        Column("kind_of", _("情形"), cells.choice("kind_of"), css="c-opt", export=lambda r, s: r.get_kind_of_display()),
        Column("remedies", _("可以主张"), remedies, export=remedies),
        Column("months", _("期限"), span, export=span),
        Column("law", _("依据"), source, css="c-wide c-opt", export=source),
        Column("checked_by", _("核对人"), cells.text("checked_by"), css="c-opt"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), css="c-opt", kind="date"),
    ),
    filters=(
        CATEGORY, VALID_ON,
        Filter("kind", _("情形"), lambda rows, v: rows.filter(kind_of=v), lambda actor: queries.right_kinds()),
    ),
    create=(_("新建规则"), "/rights/new/", access.EDIT_RIGHT_RULE),
    links=((_("装入常用规则集"), "/rights/load/", access.EDIT_RIGHT_RULE),),
    empty=_("还没有三包规则，可从「装入常用规则集」开始"),
)

CLAIMS = Register(
    slug="right_claims",
    path="/right-claims/",
    title=pgettext_lazy("list", "三包诉求"),
    permission=access.VIEW_RIGHT,
    rows=queries.list_right_claims,
    address=claim_address,
    order=("-id",),
    search=lambda rows, text, actor: queries.searched_right_claims(rows, text),
    search_hint=_("诉求号 / 服务单号 / 设备编号 / 客户"),
    tabs=(
        Tab("claimed", _("待答复"), lambda rows: rows.filter(status="claimed")),
        Tab("granted", _("待办结"), lambda rows: rows.filter(status="granted")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="all",
    columns=(
        Column("number", _("诉求号"), cells.link("number", claim_address)),
        Column("status", _("状态"), cells.pill("status", STATUS_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("remedy", _("诉求"), cells.choice("remedy"), export=lambda r, s: r.get_remedy_display()),
        Column("customer", _("客户"), cells.text("customer.name"), export=lambda r, s: r.customer.name if r.customer else ""),
        Column("asset", _("设备"), cells.text("asset.product.name", small="asset.number"), css="c-wide",
               export=lambda r, s: f"{r.asset.number} {r.asset.product.name}"),
        Column("claimed_on", _("提出日期"), cells.day("claimed_on"), kind="date"),
        Column("source_number", _("服务单号"), cells.text("source_number"), css="c-opt"),
        Column("reply", _("答复"), cells.text("reply"), css="c-wide c-opt"),
        Column("decided_by", _("答复人"), cells.text("decided_by"), css="c-opt"),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
    ),
    filters=(
        Filter("status", _("状态"), lambda rows, v: rows.filter(status=v), lambda actor: RightStatus.choices, quiet=True),
        Filter("remedy", _("诉求"), lambda rows, v: rows.filter(remedy=v),
               lambda actor: [(one, queries.remedy_label(one)) for one in rules.REMEDIES]),
        Filter("against", _("与规则不符"), lambda rows, v: rows.filter(is_against_rule=True), lambda actor: [("1", _("是"))]),
        Filter("branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(),
               lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)]),
    ),
    empty=_("还没有三包诉求，可从设备或服务单登记"),
)
