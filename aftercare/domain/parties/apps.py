from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    name = "aftercare.domain.parties"
    label = "parties"
    verbose_name = _("客户")

    def ready(self) -> None:
        from aftercare.domain.parties import access, actions  # noqa: F401
