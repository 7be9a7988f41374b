"""What all tables of supply are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.subjects import Subject


class PriceField(models.DecimalField):
    """The price of one unit without tax: small parts cost less than a cent, so it has four places."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **({"max_digits": 16, "decimal_places": 4} | kwargs))


def percent(label, **options):
    return models.DecimalField(label, max_digits=5, decimal_places=2, **options)


def key(model, label, **options):
    return models.ForeignKey(model, models.PROTECT, verbose_name=label, related_name="+", **options)


class Paper(Subject):
    """What all papers of supply have: a number, a branch, and when they were opened by whom."""

    number = models.CharField(_("单号"), max_length=24, unique=True)
    branch = key("people.Branch", _("机构"))
    created_at = models.DateTimeField(_("制单时间"))
    created_by = models.CharField(_("制单人"), max_length=80)
    author = key("people.Employee", _("制单员工"), null=True)
    remark = models.CharField(_("备注"), max_length=500, blank=True)

    class Meta:
        abstract = True
