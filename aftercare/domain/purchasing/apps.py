from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PurchasingConfig(AppConfig):
    name = "aftercare.domain.purchasing"
    label = "purchasing"
    verbose_name = _("采购与调拨")

    def ready(self) -> None:
        from aftercare.domain.purchasing import access, actions  # noqa: F401
