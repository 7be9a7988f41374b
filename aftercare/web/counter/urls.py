from django.urls import path
from django.utils.translation import gettext_lazy as _

from aftercare.web import navigation
from aftercare.web.counter import views

urlpatterns = [
    path("counter/", views.find, name="counter"),
    path("counter/<str:key>/", views.give, name="counter_give"),
]

navigation.add(navigation.Entry(_("取件台"), "/counter/", "scan", ("custody.hand_back",)))
