"""The roles a new company starts with: data, edited on a page afterwards.

`work.*` takes every permission of a room, `!…` leaves some out again; what they match is written into the role when
it is made. Names of higher rooms stand here as text only.

Whoever adds a permission puts it into the roles that need it, or into `ADMINISTRATORS_OWN`; roles of companies that exist
already get it by `actions.renew_roles` when the database is brought up to date.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

_SEE = (
    "people.view_branch", "people.view_employee", "people.make_token", "catalog.view*", "knowledge.view*", "files.view*",
    "files.add*", "files.remove*", "custody.hold",
)
_DESK = (
    "parties.view_customer", "assets.view*", "cases.view*", "work.view*", "entitlement.view*", "custody.view*", "billing.view*",
    "feedback.view*", "inventory.view_stock", "quotes.view*", "people.add_region",
    "orders.view_notice",
)  # fmt: skip
# The parts of a job and its charges; what an engineer or an outlet does on the way.
_JOB = (
    "work.perform", "work.take", "work.schedule", "work.quote", "work.hand_over", "catalog.add_word",
    "inventory.move", "inventory.reserve*", "inventory.issue*", "inventory.use*", "inventory.request*", "inventory.count",
    "billing.edit*", "billing.charge*", "billing.collect*", "settlement.view_statement",
    "settlement.appeal", "quotes.make", "quotes.record", "billing.ask*", "cores.view_core",
    "orders.notify", "orders.view_notice",
)  # fmt: skip
# What only the one who inspects and audits does, or who books paper registers afterwards.
_WITHOUT_AUDIT = ("!work.inspect", "!work.audit", "!work.reverse_audit", "!work.settle", "!work.close", "!work.backfill")
# Registers of loaners and tools, and what becomes of unclaimed things, are for keepers and managers.
_NOT_KEEPERS = ("!custody.keep", "!custody.dispose", "!custody.set_rules")
# Costs, wages and the log are for those who work with them.
_KEPT = ("!*.view_cost*", "!people.view_wage", "!journal.*", "!entitlement.*claim")


# In no role but the administrator's: keys of the house, and what the product does by itself. Never offered to other roles.
ADMINISTRATORS_OWN = (
    "people.edit_account", "people.edit_branch", "people.edit_calendar", "people.edit_role", "journal.operate", "work.backfill", "cores.follow",
)  # fmt: skip


@dataclass(frozen=True)
class DefaultRole:
    """Code, name in Chinese, reach and permission patterns of a role."""

    code: str
    name: str
    reach: str
    permissions: tuple[str, ...]


def _role(code: str, name: str, reach: str, *patterns: str) -> DefaultRole:
    return DefaultRole(code, name, reach, (*_SEE, *patterns))


DEFAULT_ROLES: tuple[DefaultRole, ...] = (
    _role(
        "clerk", _("接待员"), "branch", *_DESK, "parties.edit_customer", "parties.unmask", "assets.edit_asset", "cases.*",
        "custody.*", *_NOT_KEEPERS, "catalog.add_word", "work.open", "work.edit", "work.schedule", "work.quote", "work.hand_over",
        "work.cancel", "quotes.make", "quotes.record", "billing.ask*", "entitlement.register_cover", "entitlement.sell*", "entitlement.claim_right", "billing.collect*", "feedback.schedule", "imports.run", "orders.*",
        "!orders.set_price", *_KEPT,
    ),
    _role(
        "dispatcher", _("服务主任"), "branch", *_DESK, "parties.*", "!parties.*_supplier", "assets.*", "cases.*", "custody.*", "!custody.dispose", "!custody.set_rules", "entitlement.*",
        "!entitlement.edit*", "!entitlement.bill*", "work.*", *_WITHOUT_AUDIT, "work.inspect", "catalog.add_word", "inventory.reserve*", "inventory.request*",
        "orders.view", "orders.notify", "cores.view_core",
        "billing.edit*", "billing.charge*", "billing.collect*", "settlement.view*", "settlement.adjust",
        "quotes.make", "quotes.record", "billing.ask*", "feedback.schedule", "reports.*", "imports.run", *_KEPT,
    ),
    _role("engineer", _("工程师"), "own", *_DESK, *_JOB, "parties.unmask", "entitlement.register*", "!entitlement.*claim",
        "journal.backdate"),
    _role(
        "keeper", _("仓管"), "branch", "catalog.*", "!catalog.edit_price", "!catalog.merge", "inventory.*", "!inventory.approve_large_count", "work.view*", "assets.view*",
        "parties.view*", "reports.view_stock*", "purchasing.view*", "purchasing.request", "purchasing.receive", "purchasing.inspect",
        "orders.*", "!orders.set_price",
        "purchasing.*_transfer", "purchasing.ship_return", "custody.view*", "custody.keep", "custody.lend",
        "cores.*", "!cores.waive", "!cores.charge", "!cores.dispute", "!cores.edit*", "!cores.follow",
    ),
    _role(
        "buyer", _("采购员"), "below", "parties.view_supplier", "parties.edit_supplier", "inventory.view*", "work.view*",
        "purchasing.*", "!purchasing.approve*", "!purchasing.edit_rules", "!purchasing.receive*", "!purchasing.inspect",
        "!purchasing.ship*", "!purchasing.settle*", "!purchasing.*_invoice",
    ),
    _role(
        "auditor", _("审核员"), "branch", *_DESK, "work.inspect", "work.audit", "work.reverse_audit", "work.close",
        "entitlement.override", "billing.*", "!billing.set_waiver_limits", "settlement.view*", "settlement.adjust", "reports.*", "journal.view_fact", "orders.view", "cores.view*",
    ),
    _role(
        "accountant", _("财务"), "below", *_DESK, "entitlement.bill*", "entitlement.keep_claim", "people.view_wage", "billing.*", "ledger.*", "settlement.*", "inventory.view*",
        "work.settle", "work.close", "catalog.edit_price", "quotes.set_policy", "reports.*", "journal.view_fact",
        "purchasing.view*", "parties.view_supplier", "orders.view", "orders.set_price", "inventory.close_period",
        "inventory.approve*count", "inventory.classify",
        "purchasing.enter_invoice", "purchasing.reverse_invoice", "purchasing.settle_return",
        "cores.view*", "cores.credit", "cores.waive", "cores.charge",
    ),
    _role("caller", _("回访员"), "below", *_DESK, "parties.unmask", "feedback.*", "cases.*", *_KEPT),
    _role(
        "manager", _("经理"), "below", "*.view*", "people.edit_employee", "people.edit_region", "people.add_region", "parties.*", "assets.*",
        "cases.*", "custody.*", "entitlement.*", "work.*", "!work.backfill", "catalog.*", "inventory.*", "billing.*",
        "quotes.*", "settlement.*", "feedback.*", "reports.*", "imports.run", "purchasing.*", "orders.*",
        "cores.*", "!cores.follow",
    ),
    DefaultRole("administrator", _("管理员"), "all", ("*",)),
    _role(
        "outlet", _("网点"), "branch", "parties.view_customer", "parties.unmask", "assets.*", "!assets.undo*", "work.view*", "entitlement.view*",
        "!entitlement.*claim", "custody.*", "!custody.dispose", "!custody.set_rules", "billing.view*", "inventory.view_stock", "people.add_region", *_JOB,
        "journal.backdate", "purchasing.view_request", "purchasing.request", "orders.view", "orders.sell",
        "purchasing.view_transfer", "purchasing.request_transfer", "purchasing.receive_transfer", "cores.dispute",
    ),
)
