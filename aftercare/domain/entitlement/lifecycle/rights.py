"""States and moves of a consumer-rights rule and of a customer's claim under one."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class RuleStatus(models.TextChoices):
    DRAFT = "draft", _("使用前请核对")
    CHECKED = "checked", _("已核对")


class RightStatus(models.TextChoices):
    CLAIMED = "claimed", pgettext_lazy("right", "待答复")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", pgettext_lazy("right", "已拒绝")
    DONE = "done", pgettext_lazy("right", "已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


R, S = RuleStatus, RightStatus
EDIT, CLAIM, DECIDE = "entitlement.edit_right_rule", "entitlement.claim_right", "entitlement.decide_right"

RIGHT_RULE = Lifecycle(
    "entitlement.rightrule",
    states=RuleStatus,
    initial=R.DRAFT,
    ends=set(),
    moves=[
        Move("check_rule", {R.DRAFT}, R.CHECKED, EDIT, _("登记已核对"), primary=True),
        Move("reopen_rule", {R.CHECKED}, R.DRAFT, EDIT, _("取消核对"), asks=("reason",)),
    ],
)

RIGHT = Lifecycle(
    "entitlement.rightclaim",
    states=RightStatus,
    initial=S.CLAIMED,
    ends={S.REFUSED, S.DONE, S.WITHDRAWN},
    moves=[
        Move("grant_right", {S.CLAIMED}, S.GRANTED, DECIDE, _("同意"), asks=("reply",), primary=True),
        Move("refuse_right", {S.CLAIMED}, S.REFUSED, DECIDE, pgettext_lazy("right", "拒绝"), asks=("reason",), danger=True),
        Move("add_evidence", {S.CLAIMED}, None, CLAIM, _("补充凭证")),
        Move("finish_right", {S.GRANTED}, S.DONE, DECIDE, _("办结"), asks=("note",), primary=True),
        Move("withdraw_right", {S.CLAIMED, S.GRANTED}, S.WITHDRAWN, CLAIM, _("客户撤回"), asks=("reason",)),
    ],
)
