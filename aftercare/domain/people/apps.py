from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "aftercare.domain.people"
    label = "people"
    verbose_name = _("组织与人员")

    def ready(self) -> None:
        from aftercare.domain.people import access, actions  # noqa: F401
        from aftercare.domain.people.actions import checks
        from aftercare.domain.people.queries import kept as marks
        from aftercare.foundation import kept

        kept.connect(marks.settings_mark, lambda: checks.renew(marks.SETTINGS))
