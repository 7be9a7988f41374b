from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "aftercare.domain.feedback"
    label = "feedback"
    verbose_name = _("回访")

    def ready(self) -> None:
        from aftercare.domain.feedback import access, actions  # noqa: F401
