from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "aftercare.domain.inventory"
    label = "inventory"
    verbose_name = _("库存")

    def ready(self) -> None:
        from aftercare.domain.inventory import access, actions  # noqa: F401
