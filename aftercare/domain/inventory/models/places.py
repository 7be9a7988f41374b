from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.subjects import Subject


class Place(Subject):
    """Where a thing can be. Supplier, customer, scrap and count difference are places too; they have no balance limit."""

    class Kind(models.TextChoices):
        DEPOT = "depot", _("配件库")
        BIN = "bin", _("货位")
        VAN = "van", _("随车库")
        OUTLET = "outlet", _("网点库")
        BENCH = "bench", _("修理台")
        FINISHED = "finished", _("成品库")
        AWAITING = "awaiting", _("待修库")
        SAMPLES = "samples", _("样机库")
        DEALER_RETURNS = "returns", _("退机库")
        QUARANTINE = "quarantine", _("隔离库")
        TRANSIT = "transit", _("在途")
        SCRAP = "scrap", _("报废")
        SUPPLIER = "supplier", _("供应商")
        CUSTOMER = "customer", _("客户")
        DIFFERENCE = "difference", _("盘点差异")

    # Places outside the company: goods come from and go to them, they hold no balance.
    OUTSIDE = frozenset({Kind.SUPPLIER, Kind.CUSTOMER, Kind.DIFFERENCE, Kind.SCRAP})

    code = models.CharField(_("编码"), max_length=30, unique=True)
    name = models.CharField(_("库位"), max_length=80)
    kind_of = models.CharField(_("类型"), max_length=10, choices=Kind)
    branch = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("机构"), related_name="+")
    employee = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("责任人"), related_name="+")
    # A bin lies in a depot; its stock counts as the depot's.
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("所属库"), related_name="bins")
    # Bins are walked in this order when picking: aisle, rack, level as the keeper writes them.
    position = models.CharField(_("取货顺序"), max_length=30, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("库位")
        constraints = [
            models.UniqueConstraint(fields=["employee"], name="one_van", condition=models.Q(kind_of="van")),
            models.CheckConstraint(
                condition=models.Q(kind_of="bin", parent__isnull=False) | (~models.Q(kind_of="bin") & models.Q(parent=None)),
                name="bin_in_a_depot",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_store(self) -> bool:
        """True where goods are kept to be used: inside, neither under way nor set apart."""
        return self.is_inside and self.kind_of not in (self.Kind.TRANSIT, self.Kind.QUARANTINE)

    @property
    def is_inside(self) -> bool:
        """True when goods there are the company's, so that a balance is kept."""
        return self.kind_of not in self.OUTSIDE

    def people_shown(self):
        return (self.employee_id,)


class Home(models.Model):
    """The bin of a depot in which a part has its home: where it is put away and looked for first."""

    depot = models.ForeignKey(Place, models.PROTECT, verbose_name=_("所属库"), related_name="+")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    bin = models.ForeignKey(Place, models.PROTECT, verbose_name=_("固定货位"), related_name="+")

    class Meta:
        verbose_name = _("固定货位")
        constraints = [models.UniqueConstraint(fields=["depot", "part"], name="one_home")]
