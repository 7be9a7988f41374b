"""What an administrator does first in a company without a single order: the way in, with what is done already."""

from __future__ import annotations

from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.inventory import queries as inventory
from aftercare.domain.people import access
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as work
from aftercare.foundation.access import Actor


def list_steps(actor: Actor) -> list[dict] | None:
    """The steps as {label, text, url, done}; None for others than administrators and once there is an order."""
    if not actor.holds(access.EDIT_ROLE) or work.list_orders(actor).exists():
        return None
    branches, staff = people.list_branches(actor).count(), people.list_employees(actor)
    steps = (
        (_("建机构"), _("分公司、服务中心、网点"), "/branches/", branches > 1),
        (_("建员工并授予角色"), _("每人一个工号，角色决定能做什么；在员工页开登录账号"), "/employees/", staff.count() > 1),
        (_("勾选工程师和技能"), _("员工页勾选“工程师”，派工时按技能推荐"), "/employees/?tab=engineers", staff.filter(is_engineer=True).exists()),
        (_("划分服务区域"), _("哪个机构、哪位工程师负责哪个区"), "/regions/", people.list_coverage(actor).exists()),
        (_("设保修条款"), _("没有条款时一律按收费判定"), "/terms/", entitlement.list_terms(actor).exists()),
        (_("设服务时限"), _("多少工作分钟内到达和修复；没有时限就不提醒超时"), "/service-levels/", catalog.list_service_levels(actor).exists()),
        (_("设收费标准"), _("人工、上门、远程费"), "/prices/", catalog.list_labour_prices(actor).exists()),
        (_("建库位和配件"), _("配件库和工程师的随车库"), "/places/", inventory.list_places(actor).exists()),
        (_("导入旧登记簿"), _("Excel 或 CSV，列的顺序不限，先预览"), "/imports/", False),
        (_("登记第一张服务单"), _("客户、产品、故障直接输入，保存时建成新词条"), "/desk/", False),
    )
    return [{"label": label, "text": text, "url": url, "done": done} for label, text, url, done in steps]
