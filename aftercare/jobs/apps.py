from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "aftercare.jobs"
    label = "jobs"
    verbose_name = _("后台任务")

    def ready(self) -> None:
        from aftercare.flows import long_jobs  # noqa: F401  subscribes to the jobs that users ask for
