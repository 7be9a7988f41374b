"""Registers of our own things: loaners, tools, papers, and the ledger of who has them; unclaimed things of customers."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.custody import access, queries, rules
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.web.custody.registers import CUSTODY, address_of, search
from aftercare.web.markup import format_html
from aftercare.web.pages import cells, sources
from aftercare.web.pages.registers import Column, Filter, Register, Tab

LOANER_TONES = {"available": "ok", "lent": "brand", "checking": "warn", "suspended": "mute", "lost": "bad", "retired": "struck"}
TOOL_TONES = {"in_store": "ok", "issued": "brand", "away": "warn", "lost": "bad", "scrapped": "struck"}
PAPER_TONES = {"in_store": "ok", "out": "brand", "lost": "bad", "withdrawn": "struck"}
HOLDING_TONES = {"out": "brand", "checking": "warn", "returned": "ok", "lost": "bad"}
CALIBRATION = {
    "missing": (_("未校准"), "bad"), "expired": (_("已过期"), "bad"), "soon": (_("将到期"), "warn"), "good": (_("有效"), "ok"),
    "none": (_("不需校准"), "mute"),
}  # fmt: skip
STAGES = {0: (_("未催"), "mute"), 1: (_("已一催"), "info"), 2: (_("已二催"), "warn"), 3: (_("已发通知书"), "bad")}


def loaner_url(row) -> str:
    """The page of a loaner."""
    return f"/loaners/{row.number}/"


def tool_url(row) -> str:
    """The page of a tool."""
    return f"/tools/{row.number}/"


def paper_url(row) -> str:
    """The page of a paper."""
    return f"/papers/{row.number}/"


def holding_url(row) -> str:
    """The page of a row of the ledger."""
    return f"/holdings/{row.number}/"


def today() -> dt.date:
    """The installation's day: for what is late in lists over several branches."""
    return clock.local_day(clock.now(), settings.TIME_ZONE)


def count_late(actor) -> int:
    """What is out and late, for the navigation."""
    return queries.count_late(actor, today())


def count_calibrations(actor) -> int:
    """Instruments to be calibrated soon by the rules of their branches, for the navigation: what the tab of the register lists."""
    return queries.count_due_for_calibration(actor, today())


def _branches(actor):
    return [(str(b.pk), b.name) for b in people.list_branches(actor)]


BRANCH = Filter("branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(), _branches)


def _kinds(name, choices):
    return Filter(name, _("种类") if name == "kind_of" else _("密级"), lambda rows, v: rows.filter(**{name: v}), lambda actor: choices)


def _holder(row, shown) -> str:
    holding = row.holding
    if holding is None:
        return cells.EMPTY
    return format_html('<a class="link" href="{}">{}</a>', holding_url(holding), holding.holder)


def _due(row, shown) -> str:
    holding = row if hasattr(row, "due_on") else row.holding
    if holding is None or holding.due_on is None:
        return cells.EMPTY
    late = (clock.local_day(shown.now, shown.actor.zone) - holding.due_on).days
    if holding.status != "out" or late <= 0:
        return holding.due_on.isoformat()
    words = shown.once("late", lambda: _t("逾期 %s 天"))
    return format_html('<span class="t-bad">{}<small>{}</small></span>', holding.due_on.isoformat(), words % late)


def _named(path):
    return lambda row, shown: cells.read(row, path) or ""


def _late(rows):
    return rows.filter(holding__due_on__lt=today(), holding__status="out")


def _status(name):
    return lambda rows: rows.filter(status=name)


LOANERS = Register(
    slug="loaners", title=pgettext_lazy("list", "备用机"), permission=access.VIEW_THINGS, rows=queries.list_loaners, address=loaner_url,
    search=lambda rows, text, actor: queries.search_loaners(rows, text), search_hint=_("备用机号 / 序列号 / 产品"),
    default_tab="available",
    tabs=(
        Tab("available", _("可借"), _status("available")), Tab("lent", _("借出"), _status("lent")), Tab("late", _("逾期未还"), _late),
        Tab("checking", _("待验收"), _status("checking")), Tab("suspended", _("停用"), _status("suspended")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("备用机号"), cells.link("number", loaner_url)),
        Column("status", _("状态"), cells.pill("status", LOANER_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("product", _("产品"), cells.text("product.name", small="serial"), css="c-wide", export=_named("product.name")),
        Column("serial", _("序列号"), cells.text("serial"), on_page=False),
        Column("holder", _("在谁处"), _holder, export=lambda r, s: r.holding.holder if r.holding else ""),
        Column("due_on", _("应还"), _due, kind="date", export=_named("holding.due_on")),
        Column("state", _("成色"), cells.text("state"), css="c-opt"),
        Column("place", _("存放位置"), cells.text("place"), css="c-opt"),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=_named("branch.name")),
        Column("value_amount", _("价值"), cells.money("value_amount"), css="num c-opt", kind="money"),
    ),
    filters=(BRANCH,), create=(_("登记备用机"), "/loaners/new/", access.KEEP), links=((_("出借"), "/loans/new/", access.LEND),),
    empty=_("没有这样的备用机"),
)  # fmt: skip


def _calibrated(row, shown) -> str:
    if row.calibration_months is None:
        return cells.EMPTY
    warn = shown.once(("rule", row.branch_id), lambda: queries.rule_at(row.branch_id).calibration_days)
    day = clock.local_day(shown.now, shown.actor.zone)
    label, tone = CALIBRATION[rules.calibration_state(row.calibration_months, row.calibrated_to, day, warn)]
    if row.calibrated_to is None:
        return format_html('<span class="pill tone-{}">{}</span>', tone, label)
    mark = format_html('<small class="t-{}">{}</small>', tone, label) if tone != "ok" else ""
    return format_html("{}{}", row.calibrated_to.isoformat(), mark)


TOOLS = Register(
    slug="tools", title=pgettext_lazy("list", "工具仪器"), permission=access.VIEW_THINGS, rows=queries.list_tools, address=tool_url,
    search=lambda rows, text, actor: queries.search_tools(rows, text), search_hint=_("工具编号 / 名称 / 型号 / 出厂编号"),
    default_tab="in_store",
    tabs=(
        Tab("in_store", _("在库"), _status("in_store")), Tab("issued", _("领用中"), _status("issued")),
        Tab("due", _("校准到期"), lambda rows: queries.due_for_calibration(rows, today())),
        Tab("away", _("送检送修"), _status("away")), Tab("late", _("逾期未还"), _late),
        Tab("gone", _("遗失报废"), lambda rows: rows.filter(status__in=["lost", "scrapped"])), Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("工具编号"), cells.link("number", tool_url)),
        Column("status", _("状态"), cells.pill("status", TOOL_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("name", _("名称"), cells.text("name", small="model"), css="c-wide"),
        Column("kind_of", _("种类"), cells.choice("kind_of"), css="c-opt", export=lambda r, s: r.get_kind_of_display()),
        Column("serial", _("出厂编号"), cells.text("serial"), css="c-opt"),
        Column("holder", _("持有人"), _holder, export=lambda r, s: r.holding.holder if r.holding else ""),
        Column("calibrated_to", _("校准有效期至"), _calibrated, kind="date"),
        Column("place", _("存放位置"), cells.text("place"), css="c-opt"),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=_named("branch.name")),
        Column("purchased_on", _("购置日期"), cells.day("purchased_on"), css="c-opt", kind="date"),
        Column("value_amount", _("购置价"), cells.money("value_amount"), css="num c-opt", kind="money"),
    ),
    filters=(BRANCH, _kinds("kind_of", queries.KINDS_OF_TOOL)), create=(_("登记工具"), "/tools/new/", access.KEEP),
    empty=_("没有这样的工具或仪器"),
)  # fmt: skip

PAPERS = Register(
    slug="papers", title=pgettext_lazy("list", "借阅资料"), permission=access.VIEW_THINGS, rows=queries.list_papers, address=paper_url,
    search=lambda rows, text, actor: queries.search_papers(rows, text), search_hint=_("资料编号 / 名称"),
    default_tab="in_store",
    tabs=(
        Tab("in_store", _("在架"), _status("in_store")), Tab("out", _("借出"), _status("out")), Tab("late", _("逾期未还"), _late),
        Tab("gone", _("遗失收回"), lambda rows: rows.filter(status__in=["lost", "withdrawn"])), Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("资料编号"), cells.link("number", paper_url)),
        Column("status", _("状态"), cells.pill("status", PAPER_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("title", _("资料名称"), cells.text("title", small="edition"), css="c-wide"),
        Column("kind_of", _("种类"), cells.choice("kind_of"), css="c-opt", export=lambda r, s: r.get_kind_of_display()),
        Column("secrecy", _("密级"), cells.choice("secrecy"), export=lambda r, s: r.get_secrecy_display()),
        Column("holder", _("借阅人"), _holder, export=lambda r, s: r.holding.holder if r.holding else ""),
        Column("due_on", _("应还"), _due, kind="date", export=_named("holding.due_on")),
        Column("place", _("存放位置"), cells.text("place"), css="c-opt"),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=_named("branch.name")),
    ),
    filters=(BRANCH, _kinds("kind_of", queries.KINDS_OF_PAPER), _kinds("secrecy", queries.SECRECY)),
    create=(_("登记资料"), "/papers/new/", access.KEEP), empty=_("没有这样的资料"),
)  # fmt: skip


def _search_holdings(rows, text, actor):
    number = text.strip().upper()
    if number[:2] in ("JY", "LY", "JZ", "WO", "SJ") and number[2:].isdigit():
        column = "source_number" if number[:2] in ("WO", "SJ") else "number"
        return rows.filter(**{f"{column}__gte": number, f"{column}__lt": f"{number}~"})
    return rows.filter(item__icontains=text) | rows.filter(employee__name__icontains=text) | rows.filter(customer__name__icontains=text)


HOLDINGS = Register(
    slug="holdings", title=pgettext_lazy("list", "借出领用"), permission=access.VIEW_THINGS, rows=queries.list_holdings,
    address=holding_url, search=_search_holdings, search_hint=_("单号 / 物品 / 持有人 / 服务单号"), default_tab="out",
    tabs=(
        Tab("out", _("在外"), _status("out")),
        Tab("late", _("逾期未还"), lambda rows: rows.filter(status="out", due_on__lt=today())),
        Tab("checking", _("待验收"), _status("checking")), Tab("returned", _("已归还"), _status("returned")),
        Tab("lost", _("遗失"), _status("lost")), Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", holding_url)),
        Column("status", _("状态"), cells.pill("status", HOLDING_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("kind_of", _("种类"), cells.choice("kind_of"), css="c-opt", export=lambda r, s: r.get_kind_of_display()),
        Column("item", _("物品"), cells.text("item"), css="c-wide"),
        Column("holder", _("在谁处"), cells.text("holder"), export=lambda r, s: r.holder),
        Column("out_at", _("发出"), cells.moment("out_at"), kind="moment"),
        Column("due_on", _("应还"), _due, kind="date"),
        Column("reminders", _("催还"), cells.number("reminders"), css="num c-opt", kind="number"),
        Column("back_at", _("归还"), cells.moment("back_at"), css="c-opt", kind="moment"),
        Column("source_number", _("来源单据"), sources.source(), css="c-opt", export=lambda r, s: r.source_number),
        Column("deposit_amount", _("押金"), cells.money("deposit_amount", zero="—"), css="num c-opt", kind="money"),
        Column("compensation_amount", _("赔偿"), cells.money("compensation_amount", zero="—"), css="num c-opt", kind="money"),
    ),
    filters=(
        _kinds("kind_of", [("loaner", _("备用机")), ("tool", _("工具仪器")), ("paper", _("借阅资料"))]), BRANCH,
        Filter("employee", _("持有人"), lambda rows, v: rows.filter(employee__number=v), quiet=True),
    ),
    links=((pgettext_lazy("list", "在管总账"), "/keepings/", access.VIEW_THINGS),), empty=_("没有在外的物品"),
)  # fmt: skip


def _waited(row, shown) -> str:
    return str((clock.local_day(shown.now, shown.actor.zone) - clock.local_day(row.ready_at, shown.actor.zone)).days)


def last_of(row):
    """The last step of the ladder, of a row read with its steps."""
    return max(row.reminders.all(), key=lambda one: one.stage, default=None)


def _stage(row, shown) -> str:
    label, tone = STAGES[row.stage]
    last = last_of(row)
    untold = shown.once("untold", lambda: _t("待通知")) if last is not None and last.told_at is None else ""
    mark = format_html('<small class="t-warn">{}</small>', untold) if untold else ""
    return format_html('<span class="pill tone-{}">{}</span>{}', tone, label, mark)


def _last(row, shown) -> str:
    last = last_of(row)
    if last is None:
        return cells.EMPTY
    return format_html("{}<small>{}</small>", last.made_at.astimezone(shown.tz).strftime("%Y-%m-%d"), last.get_channel_display())


def free_on(row, zone: str) -> dt.date | None:
    """From which day on an unclaimed thing may be disposed of; None while the legal notice was not served."""
    last = last_of(row)
    if last is None or last.stage != rules.NOTICE or last.told_at is None:
        return None
    wait = dt.timedelta(days=queries.rule_at(row.branch_id).wait_days)
    return max(last.until_on, clock.local_day(last.told_at, zone) + wait) + dt.timedelta(days=1)


def _next(row, shown) -> str:
    rule, zone = queries.rule_at(row.branch_id), shown.actor.zone
    if row.stage == rules.NOTICE:
        day = free_on(row, zone)
        return day.isoformat() if day else shown.once("serve", lambda: _t("送达通知书后"))
    ready, last = clock.local_day(row.ready_at, zone), last_of(row)
    due = ready + dt.timedelta(days=rule.days_of(row.stage + 1))
    if last is not None:
        step = rule.days_of(row.stage + 1) - rule.days_of(row.stage)
        due = max(due, clock.local_day(last.made_at, zone) + dt.timedelta(days=step))
    return due.isoformat()


def _at(stage):
    return lambda rows: rows.filter(stage=stage)


UNCLAIMED = Register(
    slug="unclaimed", title=pgettext_lazy("list", "无人认领"), permission=access.VIEW, rows=queries.list_waiting, address=address_of,
    order=("-id",), search=search, search_hint=CUSTODY.search_hint, default_tab="all",
    tabs=(
        Tab("all", _("全部待取"), lambda rows: rows), Tab("none", _("未催"), _at(0)), Tab("first", _("已一催"), _at(1)),
        Tab("second", _("已二催"), _at(2)), Tab("notice", _("已发通知书"), _at(3)),
        Tab("untold", _("待通知"), lambda rows: rows.filter(reminders__told_at=None, reminders__isnull=False).distinct()),
    ),
    columns=(
        Column("number", _("收条号"), cells.link("number", address_of)),
        Column("item", _("物品"), cells.text("item", small="asset.serial"), css="c-wide"),
        Column("customer", _("客户"), cells.text("customer.name"), export=_named("customer.name")),
        Column("place", _("存放位置"), cells.text("place"), css="c-opt"),
        Column("ready_at", _("可取"), cells.moment("ready_at"), kind="moment"),
        Column("days", _("已等（天）"), _waited, css="num", kind="number", export=lambda r, s: int(_waited(r, s))),
        Column("stage", _("催取阶段"), _stage, css="c-end", export=lambda r, s: str(STAGES[r.stage][0])),
        Column("last", _("上次催取"), _last, kind="date", export=lambda r, s: last_of(r).made_at.date() if last_of(r) else None),
        Column("next", _("下一步"), _next, export=_next),
        Column("source_number", _("来源单据"), sources.source(), css="c-opt", export=lambda r, s: r.source_number),
    ),
    filters=(BRANCH,), links=((_("保管规则"), "/custody-rules/", access.SET_RULES),), empty=_("没有等客户来取的物品"),
)  # fmt: skip
