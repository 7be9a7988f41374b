"""Permissions of reports. Rows are those of the rooms a report reads; these say who may open which report."""

from django.utils.translation import gettext_lazy as _

from aftercare.foundation.access import permission

VIEW_SERVICE = permission("reports.view_service", _("查看服务水平"))
VIEW_ENGINEER_DAY = permission("reports.view_engineer_day", _("查看工程师日报"))
VIEW_DIRECTOR_DAY = permission("reports.view_director_day", _("查看主管日报"))
VIEW_CASH = permission("reports.view_cash", _("查看收款与未结报表"))
