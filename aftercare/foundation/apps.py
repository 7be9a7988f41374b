from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FoundationConfig(AppConfig):
    name = "aftercare.foundation"
    label = "foundation"
    verbose_name = _("基础")

    def ready(self) -> None:
        from aftercare.foundation import search, walking  # noqa: F401  they register lookups
