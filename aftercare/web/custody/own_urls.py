from django.urls import path
from django.utils.translation import pgettext_lazy

from aftercare.domain.custody import access
from aftercare.web import navigation
from aftercare.web.custody import giving, keeping, prints, shown, things
from aftercare.web.pages import edits, exports, lists, moves

urlpatterns = [
    path("loaners/", lists.view(things.LOANERS), name="loaners"),
    path("loaners/export.xlsx", exports.view(things.LOANERS), name="loaners_export"),
    path("loaners/new/", edits.view(keeping.LOANER), name="loaner_new"),
    path("loaners/<str:key>/", shown.loaner, name="loaner"),
    path("loaners/<str:key>/edit/", edits.view(keeping.LOANER), name="loaner_edit"),
    path("loaners/<str:key>/moves/<slug:move>", moves.view(shown.LOANER_DOOR), name="loaner_move"),
    path("loans/new/", giving.lend, name="loan_new"),
    path("tools/", lists.view(things.TOOLS), name="tools"),
    path("tools/export.xlsx", exports.view(things.TOOLS), name="tools_export"),
    path("tools/new/", edits.view(keeping.TOOL), name="tool_new"),
    path("tools/<str:key>/", shown.tool, name="tool"),
    path("tools/<str:key>/edit/", edits.view(keeping.TOOL), name="tool_edit"),
    path("tools/<str:key>/issue/", edits.view(giving.ISSUE), name="tool_issue"),
    path("tools/<str:key>/calibrate/", edits.view(keeping.CALIBRATE), name="tool_calibrate"),
    path("tools/<str:key>/moves/<slug:move>", moves.view(shown.TOOL_DOOR), name="tool_move"),
    path("papers/", lists.view(things.PAPERS), name="papers"),
    path("papers/export.xlsx", exports.view(things.PAPERS), name="papers_export"),
    path("papers/new/", edits.view(keeping.PAPER), name="paper_new"),
    path("papers/<str:key>/", shown.paper, name="paper"),
    path("papers/<str:key>/edit/", edits.view(keeping.PAPER), name="paper_edit"),
    path("papers/<str:key>/lend/", edits.view(giving.BORROW), name="paper_lend"),
    path("papers/<str:key>/moves/<slug:move>", moves.view(shown.PAPER_DOOR), name="paper_move"),
    path("holdings/", lists.view(things.HOLDINGS), name="holdings"),
    path("holdings/export.xlsx", exports.view(things.HOLDINGS), name="holdings_export"),
    path("holdings/<str:key>/", shown.holding, name="holding"),
    path("holdings/<str:key>/print/", prints.holding, name="holding_print"),
    path("holdings/<str:key>/sign", shown.sign, name="holding_sign"),
    path("holdings/<str:key>/signature/<slug:way>.png", shown.signature, name="holding_signature"),
    path("holdings/<str:key>/moves/<slug:move>", moves.view(shown.HOLDING_DOOR), name="holding_move"),
    path("employees/<str:key>/things/", giving.in_hands, name="employee_things"),
    path("employees/<str:key>/things/print/", giving.in_hands_sheet, name="employee_things_print"),
]

navigation.add(
    navigation.Entry(pgettext_lazy("list", "备用机"), "/loaners/", "swap", (access.LEND,)),
    navigation.Entry(pgettext_lazy("list", "工具仪器"), "/tools/", "wrench", (access.LEND,), count=things.count_calibrations),
    navigation.Entry(pgettext_lazy("list", "借阅资料"), "/papers/", "file", (access.LEND,)),
    navigation.Entry(pgettext_lazy("list", "借出领用"), "/holdings/", "list", (access.LEND,), count=things.count_late, hot=True),
)  # fmt: skip
