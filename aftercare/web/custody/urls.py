from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.custody import access, queries
from aftercare.web import navigation
from aftercare.web.custody import prints, rules, things, views
from aftercare.web.custody.ledger import KEEPINGS
from aftercare.web.custody.registers import CUSTODY
from aftercare.web.pages import edits, exports, lists, moves

urlpatterns = [
    path("custody/", lists.view(CUSTODY), name="custodies"),
    path("custody/export.xlsx", exports.view(CUSTODY), name="custodies_export"),
    path("custody/<str:key>/", views.show, name="custody"),
    path("custody/<str:key>/print/", views.receipt, name="custody_receipt"),
    path("custody/<str:key>/print/return/", views.returned, name="custody_returned"),
    path("custody/<str:key>/print/notice/", prints.notice, name="custody_notice"),
    path("custody/<str:key>/moves/<slug:move>", moves.view(views.MOVES), name="custody_move"),
    path("unclaimed/", lists.view(things.UNCLAIMED), name="unclaimed"),
    path("unclaimed/export.xlsx", exports.view(things.UNCLAIMED), name="unclaimed_export"),
    path("keepings/", lists.view(KEEPINGS), name="keepings"),
    path("keepings/export.xlsx", exports.view(KEEPINGS), name="keepings_export"),
    path("custody-rules/", rules.rules, name="custody_rules"),
    path("custody-rules/new/", edits.view(rules.RULE), name="custody_rule_new"),
    path("custody-rules/<str:key>/", edits.view(rules.RULE), name="custody_rule"),
]

navigation.add(
    navigation.Entry(_("客户商品"), "/custody/", "inbox", (CUSTODY.permission,)),
    navigation.Entry(pgettext_lazy("list", "在管总账"), "/keepings/", "book", (KEEPINGS.permission,)),
    navigation.Entry(pgettext_lazy("list", "无人认领"), "/unclaimed/", "clock", (access.RECEIVE,), count=queries.count_untold),
)  # fmt: skip
navigation.add(navigation.Entry(pgettext_lazy("list", "保管规则"), "/custody-rules/", "gear", (access.SET_RULES,)))
