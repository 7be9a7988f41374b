from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlowsConfig(AppConfig):
    name = "aftercare.flows"
    label = "flows"
    verbose_name = _("业务流程")

    def ready(self) -> None:
        from aftercare.domain.journal import actions as journal

        # Permissions that flows declare must be known before the first roles are made.
        from aftercare.flows import reactions, sign_report, uploads  # noqa: F401

        journal.subscribe(reactions.TABLE)
