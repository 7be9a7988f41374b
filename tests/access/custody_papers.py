"""One thing of each kind that the company lends or issues, so that the table asks for pages that are there."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.custody import actions
from tests.world import SYSTEM, World


def write(company: World, at: dt.datetime) -> dict[str, object]:
    """Numbers by the noun of their address."""
    given = {"actor": SYSTEM, "at": at}
    here = {"branch_id": company.head.pk, **given}
    loaner = actions.create_loaner(product=company.product, serial="BY-1", **here)
    tool = actions.create_tool(name="万用表", **here)
    paper = actions.create_paper(number="DWG-1", title="电路图", **here)
    rule = actions.set_rule(loan_days=10, **given)
    holding = actions.lend_paper(paper, employee=company.people["engineer"], **given)
    return {"loaners": loaner.number, "tools": tool.number, "papers": paper.number, "holdings": holding.number, "custody-rules": rule.pk,
            "things": holding.number}
