from django.urls import path

from aftercare.web.files import views

urlpatterns = [
    path("files/of/<slug:noun>/<str:number>/", views.add, name="files_add"),
    path("files/loose/", views.loose, name="files_loose"),
    path("files/<str:number>/", views.content, name="file"),
    path("files/<str:number>/thumb", views.thumb, name="file_thumb"),
    path("files/<str:number>/look/", views.look, name="file_look"),
    path("files/<str:number>/describe", views.describe, name="file_describe"),
    path("files/<str:number>/remove", views.remove, name="file_remove"),
]
