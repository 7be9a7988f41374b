from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing import access
from aftercare.web import navigation
from aftercare.web.cash import views

urlpatterns = [
    path("cash/", views.sheet, name="cash"),
    path("unsettled/", views.unsettled, name="unsettled"),
]

navigation.add(
    navigation.Entry(_("日现金表"), "/cash/", "doc", (access.VIEW_BILL,)),
    navigation.Entry(_("未结清检查"), "/unsettled/", "check", (access.VIEW_BILL,)),
)
