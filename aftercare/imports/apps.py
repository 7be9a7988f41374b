from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "aftercare.imports"
    label = "imports"
    verbose_name = _("导入")

    def ready(self) -> None:
        from aftercare.imports import jobs  # noqa: F401
