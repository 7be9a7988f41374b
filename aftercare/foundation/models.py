from django.db import models
from django.utils.translation import gettext_lazy as _


class Series(models.Model):
    """The last number given out for a kind of document in a period."""

    kind = models.CharField(_("单据种类"), max_length=20)
    period = models.CharField(_("期间"), max_length=10)
    last = models.BigIntegerField(_("最后一号"), default=0)

    class Meta:
        verbose_name = _("编号")
        constraints = [models.UniqueConstraint(fields=["kind", "period"], name="series_once")]


class Throttle(models.Model):
    """How often something was done in a window of time; the key is a digest, so no address or telephone is kept."""

    key = models.CharField(_("键"), max_length=64)
    began_at = models.DateTimeField(_("开始"))
    hits = models.PositiveIntegerField(_("次数"), default=1)

    class Meta:
        verbose_name = _("限流")
        constraints = [models.UniqueConstraint(fields=["key", "began_at"], name="throttle_once")]
