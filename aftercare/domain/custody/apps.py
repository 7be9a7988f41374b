from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustodyConfig(AppConfig):
    name = "aftercare.domain.custody"
    label = "custody"
    verbose_name = _("保管")

    def ready(self) -> None:
        from aftercare.domain.custody import access, actions  # noqa: F401
