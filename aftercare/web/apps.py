from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, tags, static files and views of the pages; holds no tables."""

    name = "aftercare.web"
    label = "web"
    verbose_name = "Web pages"
