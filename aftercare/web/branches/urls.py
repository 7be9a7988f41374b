from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.branches import forms, views
from aftercare.web.branches.registers import BRANCHES, DEPARTMENTS
from aftercare.web.pages import edits, exports, lists

urlpatterns = [
    path("branches/", lists.view(BRANCHES), name="branches"),
    path("branches/export.xlsx", exports.view(BRANCHES), name="branches_export"),
    path("branches/new/", edits.view(forms.BRANCH), name="branch_new"),
    path("branches/<str:key>/", views.show, name="branch"),
    path("branches/<str:key>/edit/", edits.view(forms.BRANCH), name="branch_edit"),
    path("departments/", lists.view(DEPARTMENTS), name="departments"),
    path("departments/export.xlsx", exports.view(DEPARTMENTS), name="departments_export"),
    path("departments/new/", edits.view(forms.DEPARTMENT), name="department_new"),
    path("departments/<str:key>/edit/", edits.view(forms.DEPARTMENT), name="department_edit"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "机构"), "/branches/", "home", (BRANCHES.permission,)),
    navigation.Entry(pgettext_lazy("list", "部门"), "/departments/", "list", (DEPARTMENTS.permission,)),
)
