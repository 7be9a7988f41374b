from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssetsConfig(AppConfig):
    name = "aftercare.domain.assets"
    label = "assets"
    verbose_name = _("设备档案")

    def ready(self) -> None:
        from aftercare.domain.assets import access, actions  # noqa: F401
