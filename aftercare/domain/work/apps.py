from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "aftercare.domain.work"
    label = "work"
    verbose_name = _("服务单")

    def ready(self) -> None:
        from aftercare.domain.work import access, actions  # noqa: F401
