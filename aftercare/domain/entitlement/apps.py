from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntitlementConfig(AppConfig):
    name = "aftercare.domain.entitlement"
    label = "entitlement"
    verbose_name = _("保修")

    def ready(self) -> None:
        from aftercare.domain.entitlement import access, actions  # noqa: F401
