from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.assets import queries as assets
from aftercare.domain.cases import queries as cases
from aftercare.domain.custody import queries as custody
from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.parties import access, queries
from aftercare.foundation import clock
from aftercare.web.customers import flags
from aftercare.web.files import shown as files
from aftercare.web.pages import edits, timelines
from aftercare.web.policy import actor_of, page


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A customer's file: who he is, his units, what he came with, what happened."""
    actor = actor_of(request)
    customer = queries.get_customer(key, actor)
    warnings, today = list(queries.list_flags(customer)), clock.local_day(clock.now(), actor.zone)
    context = {
        "customer": customer,
        "phone": queries.shown_phone(customer, actor),
        "address": queries.shown_address(customer, actor),
        "phones": list(queries.list_phones(customer)) if queries.may_unmask(customer, actor) else [],
        "persons": list(queries.list_persons(customer)),
        "flags": warnings,
        "standing": [flag for flag in warnings if flag.lifted_at is None and (flag.until_on is None or flag.until_on >= today)],
        "may_flag": actor.may(access.FLAG, branch_id=customer.branch_id),
        "units": list(assets.list_of_customer(customer.pk)[:20]),
        "contacts": cases.list_of_customer(customer.pk, limit=10),
        "loans": list(custody.list_holdings(actor, customer_id=customer.pk, status="out").order_by("-id")[:10])
        if actor.holds("custody.view_things") else [],
        "attached": files.section(customer, actor),
        "contracts": contracts.contracts_of_customer(customer.pk, actor)[:10] if actor.holds("entitlement.view_contract") else None,
        "may_contract": actor.may("entitlement.keep_contract", branch_id=customer.branch_id),
        "events": timelines.events("parties.customer", customer.pk),
        "may_edit": actor.may(access.EDIT, branch_id=customer.branch_id),
    }
    return render(request, "customers/customer.html", context)


@page(access.FLAG)
def lift(request: HttpRequest, key: str, flag: int) -> HttpResponse:
    """The form that takes a warning off."""
    return edits.view(flags.lift_page(flag))(request, key)
