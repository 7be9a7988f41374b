from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "aftercare.domain.files"
    label = "files"
    verbose_name = _("附件")

    def ready(self) -> None:
        from aftercare.domain.files import access, actions  # noqa: F401
