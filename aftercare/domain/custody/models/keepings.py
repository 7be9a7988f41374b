from django.db import models
from django.utils.translation import gettext_lazy as _


class Keeping(models.Model):
    """在管: one row for each time that a thing is not where it belongs: a customer's with us, ours with somebody.

    The ledger over receipts and loans. `item` names the thing itself, a unit by product and serial number whoever owns it,
    and the database allows one open row for it: what lies with us for its owner is not lent, what is lent is not received.
    """

    class Kind(models.TextChoices):
        GOODS = "goods", _("客户商品")
        LOANER = "loaner", _("备用机")
        TOOL = "tool", _("工具仪器")
        PAPER = "paper", _("借阅资料")

    item = models.CharField(_("物品标识"), max_length=100)
    kind_of = models.CharField(_("种类"), max_length=8, choices=Kind)
    name = models.CharField(_("物品"), max_length=200)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    employee = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("持有人"), related_name="+")
    custody = models.ForeignKey("custody.Custody", models.PROTECT, null=True, verbose_name=_("客户商品登记"), related_name="+")
    holding = models.ForeignKey("custody.Holding", models.PROTECT, null=True, verbose_name=_("借出领用"), related_name="+")
    number = models.CharField(_("单号"), max_length=24, unique=True)
    since = models.DateTimeField(_("起"))
    until = models.DateTimeField(_("止"), null=True)

    class Meta:
        verbose_name = _("在管")
        constraints = [
            models.UniqueConstraint(fields=["item"], name="keeping_open_once", condition=models.Q(until=None)),
            models.CheckConstraint(
                name="keeping_of_one", condition=models.Q(custody=None, holding__isnull=False) | models.Q(holding=None, custody__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="keeping_branch"),
            models.Index(fields=["customer", "-id"], name="keeping_customer"),
            models.Index(fields=["employee", "-id"], name="keeping_employee"),
        ]
