from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoresConfig(AppConfig):
    name = "aftercare.domain.cores"
    label = "cores"
    verbose_name = _("旧件返还")

    def ready(self) -> None:
        from aftercare.domain.cores import access, actions  # noqa: F401
