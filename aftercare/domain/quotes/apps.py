from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotesConfig(AppConfig):
    name = "aftercare.domain.quotes"
    label = "quotes"
    verbose_name = _("报价")

    def ready(self) -> None:
        from aftercare.domain.quotes import access, actions  # noqa: F401
