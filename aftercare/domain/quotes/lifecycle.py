"""States and moves of a quote. What a move does stands in actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SENT = "sent", _("待客户答复")
    ACCEPTED = "accepted", _("客户同意")
    REFUSED = "refused", _("客户不同意")
    EXPIRED = "expired", _("已过期")
    SUPERSEDED = "superseded", _("已被取代")


S = Status
# A document has one of these at most: what was told or agreed last.
CURRENT = {S.DRAFT, S.SENT, S.ACCEPTED}

QUOTE = Lifecycle(
    "quotes.quote",
    states=Status,
    initial=S.DRAFT,
    ends={S.SUPERSEDED, S.REFUSED, S.EXPIRED},
    moves=[
        Move("send", {S.DRAFT}, S.SENT, "quotes.make", _("发出报价"), primary=True),
        Move("renew_link", {S.SENT}, None, "quotes.make", _("换新链接")),
        Move("accept", {S.SENT}, S.ACCEPTED, "quotes.record", _("客户同意"), asks=("channel", "name", "evidence"),
             primary=True),
        Move("refuse", {S.SENT}, S.REFUSED, "quotes.record", _("客户不同意"), asks=("channel", "name", "reason"),
             danger=True),
        Move("expire", {S.SENT}, S.EXPIRED, "quotes.make", _("到期")),
        Move("supersede", {S.DRAFT, S.SENT, S.ACCEPTED}, S.SUPERSEDED, "quotes.make", _("作废报价"), asks=("reason",),
             danger=True),
    ],
)
