"""Printed sheets of custody: the loan contract, the receipt of an issue, the legal notice to an owner who does not come."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t

from aftercare.domain.custody import access, queries, rules
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.money import in_capitals
from aftercare.foundation.refusals import NotFound
from aftercare.web.custody.registers import address_of
from aftercare.web.custody.things import holding_url
from aftercare.web.custody.views import order_of
from aftercare.web.policy import actor_of, page


@page(access.VIEW_THINGS)
def holding(request: HttpRequest, key: str) -> HttpResponse:
    """备用机借用合同 on A4, or 领用单 / 借阅单 on A5, with lines to sign on."""
    actor = actor_of(request)
    row = queries.get_holding(key, actor)
    is_loan = row.kind_of == "loaner"
    heading = {"loaner": _t("备用机借用合同"), "tool": _t("工具领用单"), "paper": _t("资料借阅单")}[row.kind_of]
    context = {
        "row": row, "heading": heading, "title": f"{heading} {row.number}", "size": "a4" if is_loan else "a5",
        "note": "A4" if is_loan else _t("A5 横向"), "back_url": holding_url(row), "zone": actor.zone, "signed": queries.signed_ways(row),
        "phone": parties.shown_phone(row.customer, actor) if row.customer_id else "", "company": people.company_of(row.branch).name,
        "capitals": in_capitals(row.deposit_amount) if row.deposit_amount else "", "link": request.build_absolute_uri(holding_url(row)),
        "value_capitals": in_capitals(row.loaner.value_amount) if is_loan and row.loaner.value_amount else "",
    }  # fmt: skip
    return render(request, "custody/print_loan.html" if is_loan else "custody/print_issue.html", context)


@page(access.VIEW)
def notice(request: HttpRequest, key: str) -> HttpResponse:
    """催领通知书 on A4, as it was made: its number, its day and the day by which the owner must come.

    It names the Civil Code of the PRC (民法典) art. 783 and 453; art. 570 for the deposit with a notary. Check before use.
    """
    actor = actor_of(request)
    custody = queries.get_custody(key, actor)
    letter = next((one for one in queries.reminders_of(custody) if one.stage == rules.NOTICE), None)
    if letter is None:
        raise NotFound(_t("还没有生成催领通知书"))
    steps = [one for one in queries.reminders_of(custody) if one.stage < rules.NOTICE]
    context = {
        "custody": custody, "letter": letter, "steps": steps, "order": order_of(custody, actor), "size": "a4", "note": "A4",
        "heading": _t("催领通知书"), "title": f"{_t('催领通知书')} {letter.number}", "back_url": address_of(custody), "zone": actor.zone,
        "made_on": clock.local_day(letter.made_at, actor.zone), "ready_on": clock.local_day(custody.ready_at or letter.made_at, actor.zone),
        "company": people.company_of(custody.branch).name, "phone": parties.shown_phone(custody.customer, actor),
    }  # fmt: skip
    return render(request, "custody/print_notice.html", context)
