from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementConfig(AppConfig):
    name = "aftercare.domain.settlement"
    label = "settlement"
    verbose_name = _("提成与结算")

    def ready(self) -> None:
        from aftercare.domain.settlement import access, actions  # noqa: F401
