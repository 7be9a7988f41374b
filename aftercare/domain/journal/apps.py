from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "aftercare.domain.journal"
    label = "journal"
    verbose_name = _("日志")

    def ready(self) -> None:
        from aftercare.domain.journal import access, actions  # noqa: F401
        from aftercare.foundation import recording

        recording.connect(actions.write)
