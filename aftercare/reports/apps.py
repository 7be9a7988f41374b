from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "aftercare.reports"
    label = "reports"
    verbose_name = _("报表")

    def ready(self) -> None:
        from aftercare.reports import access  # noqa: F401  declares the permissions
