from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "aftercare.domain.ledger"
    label = "ledger"
    verbose_name = _("资金账")

    def ready(self) -> None:
        from aftercare.domain.ledger import access, actions  # noqa: F401
