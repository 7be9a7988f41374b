from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.web import navigation
from aftercare.web.bench.registers import BENCH
from aftercare.web.pages import exports, lists

urlpatterns = [
    path("bench/", lists.view(BENCH), name="bench"),
    path("bench/export.xlsx", exports.view(BENCH), name="bench_export"),
]

navigation.add(navigation.Entry(_("维修台"), "/bench/", "wrench", ("work.take",)))
