from django.urls import path

from aftercare.web.views import views

urlpatterns = [
    path("views/<slug:register>/save", views.save, name="save_view"),
    path("views/<slug:register>/columns", views.choose_columns, name="choose_columns"),
    path("views/<int:key>/drop", views.drop, name="drop_view"),
]
