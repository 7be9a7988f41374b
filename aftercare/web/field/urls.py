from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.web import navigation
from aftercare.web.field import cores, counts, job, model, swaps, things, views

urlpatterns = [
    path("field/", views.today, name="field"),
    path("field/scan/", views.scan, name="field_scan"),
    path("field/van/", views.van, name="field_van"),
    path("field/cores/", cores.own, name="field_cores"),
    path("field/van/<str:key>/<slug:way>", views.carry, name="field_carry"),
    path("field/counts/<str:key>/", counts.count, name="field_count"),
    path("field/counts/<str:key>/finish", counts.finish, name="field_count_finish"),
    path("field/me/", views.month, name="field_month"),
    path("field/things/", things.show, name="field_things"),
    path("field/things/<str:key>/acknowledge", things.acknowledge, name="field_acknowledge"),
    path("field/me/<str:number>/appeal", views.appeal, name="field_appeal"),
    path("field/job/<str:key>/", job.show, name="field_job"),
    path("field/job/<str:key>/unit", job.unit, name="field_unit"),
    path("field/job/<str:key>/parts", job.parts, name="field_parts"),
    path("field/job/<str:key>/parts.json", job.offer, name="field_parts_offer"),
    path("field/job/<str:key>/model/", model.show, name="field_model"),
    path("field/job/<str:key>/swap/", swaps.swap, name="field_swap"),
    path("field/job/<str:key>/finish", job.finish, name="field_finish"),
    path("field/job/<str:key>/<slug:name>", job.step, name="field_step"),
]

navigation.add(navigation.Entry(_("技师端"), "/field/", "phone", ("work.perform",)))
