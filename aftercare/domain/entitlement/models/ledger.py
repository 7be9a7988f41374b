"""The units' warranty ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement.models.promises import Promise
from aftercare.domain.entitlement.models.terms import Term
from aftercare.foundation.money import ZERO, MoneyField

# The source of a line whose end a person set: its id is the line that it takes the place of.
BY_HAND = "entitlement.by_hand"


class WarrantyEntry(Promise):
    """A dated line of a unit's warranty. Append-only; ends or mistakes are reversed, never edited.

    Both days count. A line of repair days is no span of cover: it puts the end of base and extension off.
    """

    class Kind(models.TextChoices):
        BASE = "base", _("基本保修")
        EXTENSION = "extension", _("延保")
        PART = "part", _("配件保修")
        EXCHANGE = "exchange", _("换机保修")
        GOODWILL = "goodwill", _("优惠保修")
        REPAIR_DAYS = "repair_days", _("修理占用顺延")
        REVERSAL = "reversal", _("冲销")

    asset = models.ForeignKey("assets.Asset", models.PROTECT, verbose_name=_("设备"), related_name="+")
    kind_of = models.CharField(_("种类"), max_length=12, choices=Kind)
    term = models.ForeignKey(Term, models.PROTECT, null=True, verbose_name=_("条款"), related_name="+")
    name = models.CharField(_("名称"), max_length=120)
    component = models.CharField(_("部件"), max_length=80, blank=True)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    service_class = models.CharField(_("服务类别"), max_length=1, default="C")
    # The counter's reading from which `cycles` are counted.
    cycles_from = models.PositiveIntegerField(_("起始读数"), default=0)
    serial = models.CharField(_("序列号"), max_length=60, blank=True)
    price_amount = MoneyField(_("售价"), default=ZERO)
    evidence = models.CharField(_("凭据"), max_length=200, blank=True)
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("冲销"), related_name="reversal")
    made_at = models.DateTimeField(_("时间"))
    actor_name = models.CharField(_("经办"), max_length=80)

    class Meta:
        verbose_name = _("保修记录")
        indexes = [models.Index(fields=["asset", "id"], name="warranty_asset")]
