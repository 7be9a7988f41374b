from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "aftercare.domain.billing"
    label = "billing"
    verbose_name = _("费用")

    def ready(self) -> None:
        from aftercare.domain.billing import access, actions  # noqa: F401
