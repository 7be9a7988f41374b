"""All reports under one roof, those of other rooms too: for the page of reports and for who looks by name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import Actor
from aftercare.reports import access

# Address, heading, what it answers, and who may open it (one of these permissions).
_REPORTS: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    ("/reports/engineer-day/", _("工程师日报"), _("一天的上门、用料、收款，本人签字，主任审阅"), ("work.perform", access.VIEW_ENGINEER_DAY)),
    ("/reports/director-day/", _("主管日报"), _("各机构一天的单量、超时、缺件、投诉和收款"), (access.VIEW_DIRECTOR_DAY,)),
    ("/reports/service-level/", _("服务水平"), _("响应、修复、一次修复率、按时率、返修率和满意度"), (access.VIEW_SERVICE,)),
    ("/orders/summary/", _("服务单汇总"), _("按状态、月份、机构、工程师等分组，看单数、超时和应收，可横向展开"), ("work.view_order",)),
    ("/fleet/", _("保修总览"), _("每台设备保内、快到期、合同内、已过保"), ("entitlement.view",)),
    ("/claims/compare/", _("索赔与成本对比"), _("按供应商、产品、月份看索赔、认可和自担"), ("entitlement.view_claim",)),
    ("/reports/stock-turnover/", _("库存周转"), _("按机构或库位看一年周转几次"), ("inventory.view_cost",)),
    ("/reports/slow-movers/", _("呆滞与死库存"), _("多少天没人用的配件和金额"), ("inventory.view_cost",)),
    ("/cash/", _("日现金表"), _("谁收了多少、还有多少没交"), ("billing.view_bill",)),
)


def list_reports(actor: Actor) -> list[dict]:
    """The reports that he may open, as {url, label, text}."""
    return [
        {"url": url, "label": label, "text": text} for url, label, text, needed in _REPORTS if any(map(actor.holds, needed))
    ]
