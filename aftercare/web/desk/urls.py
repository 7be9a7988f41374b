from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.web import navigation
from aftercare.web.desk import options, palette, views

urlpatterns = [
    path("desk/", views.show, name="desk"),
    path("options/<slug:kind>/", options.suggest, name="options"),
    path("palette/", palette.search, name="palette"),
]

navigation.add(navigation.Entry(_("前台接待"), "/desk/", "headset", ("cases.register",), jump="r"))
