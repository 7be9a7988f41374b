"""The API: its routers and its OpenAPI document."""

import json
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix
from ninja import NinjaAPI
from ninja.parser import Parser

from aftercare import __version__
from aftercare.api import (
    assets,
    bills,
    calendars,
    callbacks,
    catalog,
    claims,
    component_swaps,
    contacts,
    contract_plans,
    contracts,
    core_bills,
    core_returns,
    core_rules,
    core_shipments,
    custody,
    custody_rules,
    customers,
    desk,
    dictionaries,
    dispatching,
    documents,
    enquiries,
    entitlements,
    files,
    holdings,
    journal,
    keepings,
    loaners,
    me,
    notices,
    org,
    papers,
    part_classes,
    part_requests,
    part_structure,
    prices,
    problems,
    product_structure,
    purchase_orders,
    purchase_requests,
    quotes,
    reports,
    right_claims,
    rights,
    roles,
    sales,
    scan_jobs,
    staff,
    statements,
    stock,
    stock_documents,
    stocktakes,
    supplier_invoices,
    suppliers,
    tools,
    transfers,
    waivers,
    warranty_terms,
    work_orders,
    work_parts,
)


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no Infinity, no doubled keys."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The parsed body."""
        return json.loads(request.body, parse_constant=_refuse_constant, object_pairs_hook=_without_doubles)


def _refuse_constant(text: str):
    raise ValueError(text)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


class Api(NinjaAPI):
    """The API of version 1."""

    @cached_property
    def _document(self) -> dict:
        tags = dict.fromkeys(tag for subject in SUBJECTS for tag in subject.routes.tags)
        return documents.finished(self.get_openapi_schema(path_prefix=f"{get_script_prefix()}api/v1/"), tags=list(tags))

    def document(self) -> dict:
        """The OpenAPI 3.1 document."""
        return self._document


api = Api(
    title="Aftercare",
    version=__version__,
    description=documents.DESCRIPTION,
    urls_namespace="api",
    openapi_url="",
    docs_url="",
    parser=StrictParser(),
)
problems.attach(api)

SUBJECTS = (
    me, desk, contacts, work_orders, work_parts, component_swaps, dispatching, custody, loaners, tools, papers, holdings, keepings, custody_rules, customers, assets, entitlements, warranty_terms, rights, right_claims, contracts,
    contract_plans, claims, bills, quotes, waivers, callbacks,
    statements, stock, stock_documents, scan_jobs, sales, notices, part_requests, catalog, part_structure, product_structure, dictionaries, prices, org, calendars,
    staff, roles, reports, journal, suppliers, purchase_requests, purchase_orders, files,
    enquiries, supplier_invoices, transfers, stocktakes, part_classes, core_returns, core_shipments, core_rules, core_bills,
)
for subject in SUBJECTS:
    api.add_router("", subject.routes)
