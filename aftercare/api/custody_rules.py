"""保管规则: the ladder for unclaimed things, terms of loans, deposits, what holds when somebody leaves."""

from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Number, Small, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, page_of
from aftercare.domain.custody import actions
from aftercare.domain.custody import queries as custody
from aftercare.domain.people import queries as people

routes = Routes("Custody rules")
Leaving = Literal["block", "warn"]


class CustodyRule(Row):
    """The rules of a branch, or (branch null) of the company."""

    branch: Annotated[str | None, From("branch__number")]
    first_days: int
    second_days: int
    notice_days: int
    wait_days: int
    loan_days: int
    deposit_percent: int
    least_deposit_amount: Decimal
    paper_days: int
    overdue_days: int
    calibration_days: int
    leaving: Leaving
    version: int


class CustodyRulesAsked(Asking):
    """No filters: there is one row a branch at most."""


class CustodyRuleSet(Write):
    """Sets rules; what is not named keeps its value. Days of the ladder rise and count from 'ready'; `wait_days` at least 60."""

    branch: Number | None = Field(None, description="Null: the whole company.")
    first_days: Small = None
    second_days: Small = None
    notice_days: Small = None
    wait_days: Small = None
    loan_days: Small = None
    deposit_percent: Annotated[int, Field(ge=0, le=100)] = None
    least_deposit_amount: Amount = None
    paper_days: Small = None
    overdue_days: Small = None
    calibration_days: Small = None
    leaving: Leaving = None


@routes.list("/custody-rules", CustodyRule)
def list_custody_rules(request, asked: Query[CustodyRulesAsked]):
    """List the rules."""
    actor = calls.caller(request)
    return page_of(CustodyRule, custody.list_rules(actor), actor, order=("id",), asked=asked)


@routes.replace("/custody-rules", CustodyRule)
def set_custody_rule(request, body: CustodyRuleSet):
    """Set the rules of the company or of a branch."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    fields.pop("branch", None)
    row = actions.set_rule(
        branch_id=people.get_branch(body.branch, actor).pk if body.branch else None, version=calls.version_seen(request), actor=actor,
        at=calls.moment(request, body.at), **fields,
    )
    row = again(CustodyRule, row)
    return Answer(CustodyRule.of(row, actor), version=row.version)
