from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.web import navigation
from aftercare.web.dictionary import forms
from aftercare.web.dictionary.registers import CODES, SERVICE_LEVELS, WORK_TYPES
from aftercare.web.pages import edits, exports, lists

urlpatterns = []
for _register, _form in ((CODES, forms.CODE), (WORK_TYPES, forms.WORK_TYPE), (SERVICE_LEVELS, forms.LEVEL)):
    _slug = _register.slug
    urlpatterns += [
        path(f"{_slug}/", lists.view(_register), name=_slug),
        path(f"{_slug}/export.xlsx", exports.view(_register), name=f"{_slug}_export"),
        path(f"{_slug}/new/", edits.view(_form), name=f"{_slug}_new"),
        path(f"{_slug}/<str:key>/edit/", edits.view(_form), name=f"{_slug}_edit"),
    ]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "词典"), "/codes/", "book", (CODES.permission,)),
    navigation.Entry(pgettext_lazy("list", "工种"), "/work-types/", "wrench", (CODES.permission,)),
    navigation.Entry(pgettext_lazy("list", "服务时限"), "/service-levels/", "clock", (CODES.permission,)),
)
