from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import queries
from aftercare.web import navigation
from aftercare.web.pages import edits, exports, lists
from aftercare.web.roles import forms, views
from aftercare.web.roles.registers import ROLES

urlpatterns = [
    path("roles/", lists.view(ROLES), name="roles"),
    path("roles/export.xlsx", exports.view(ROLES), name="roles_export"),
    path("roles/new/", edits.view(forms.ROLE), name="role_new"),
    path("roles/table/", views.table, name="roles_table"),
    path("roles/<str:key>/", views.show, name="role"),
    path("roles/<str:key>/offers", views.answer_offers, name="role_offers"),
    path("roles/<str:key>/edit/", edits.view(forms.ROLE), name="role_edit"),
]

navigation.add(navigation.Entry(_("角色与权限"), "/roles/", "shield", (ROLES.permission,), count=queries.count_offers))
