from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "aftercare.domain.catalog"
    label = "catalog"
    verbose_name = _("产品与配件")

    def ready(self) -> None:
        from aftercare.domain.catalog import access, actions  # noqa: F401
