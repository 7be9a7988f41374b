from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import access
from aftercare.web import navigation
from aftercare.web.employees import forms, views
from aftercare.web.employees.registers import EMPLOYEES
from aftercare.web.pages import buttons, edits, exports, lists

urlpatterns = [
    path("employees/", lists.view(EMPLOYEES), name="employees"),
    path("employees/export.xlsx", exports.view(EMPLOYEES), name="employees_export"),
    path("employees/new/", edits.view(forms.EMPLOYEE), name="employee_new"),
    path("employees/<str:key>/", views.show, name="employee"),
    path("employees/<str:key>/badge/", views.badge, name="employee_badge"),
    path("employees/<str:key>/edit/", edits.view(forms.EMPLOYEE), name="employee_edit"),
    path("employees/<str:key>/skills/", edits.view(forms.SKILLS), name="employee_skills"),
    path("employees/<str:key>/leave/", edits.view(forms.LEAVE), name="employee_leave"),
    path(
        "employees/<str:key>/rejoin/",
        buttons.view(access.EDIT_EMPLOYEE, "rejoin", views.rejoin, done=_("已复职")),
        name="employee_rejoin",
    ),
    path("employees/<str:key>/certificates/new/", edits.view(forms.CERTIFICATE), name="certificate_new"),
    path(
        "employees/<str:key>/certificates/<int:certificate>/remove/",
        buttons.view(access.EDIT_EMPLOYEE, "certificate_remove", views.drop_certificate, done=_("已删除证书")),
        name="certificate_remove",
    ),
    path("employees/<str:key>/grant/", edits.view(forms.GRANT), name="employee_grant"),
    path(
        "employees/<str:key>/grants/<int:grant>/revoke/",
        buttons.view(access.EDIT_ROLE, "revoke", views.revoke, done=_("已收回角色")),
        name="employee_revoke",
    ),
    path("employees/<str:key>/account/", edits.view(forms.ACCOUNT), name="employee_account"),
    path(
        "employees/<str:key>/account/close/",
        buttons.view(access.EDIT_ACCOUNT, "account_close", views.close_account, done=_("已停用账号")),
        name="account_close",
    ),
    path(
        "employees/<str:key>/account/open/",
        buttons.view(access.EDIT_ACCOUNT, "account_open", views.open_account, done=_("已启用账号")),
        name="account_open",
    ),
]

navigation.add(navigation.Entry(pgettext_lazy("list", "员工"), "/employees/", "user", (EMPLOYEES.permission,)))
