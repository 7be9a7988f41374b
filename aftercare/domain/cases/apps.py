from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "aftercare.domain.cases"
    label = "cases"
    verbose_name = _("来电登记")

    def ready(self) -> None:
        from aftercare.domain.cases import access, actions  # noqa: F401
