from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "aftercare.domain.orders"
    label = "orders"
    verbose_name = _("配件销售")

    def ready(self) -> None:
        from aftercare.domain.orders import access, actions  # noqa: F401
