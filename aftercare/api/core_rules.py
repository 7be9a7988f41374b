"""旧件返还规则: whether an old part comes back, until when, and what follows when it does not."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.core_returns import Blocking
from aftercare.api.fields import Amount, Day, Id, Number, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.cores import actions
from aftercare.domain.cores import queries as old_parts
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor

routes = Routes("Core returns")
PATH = "/core-rules/{rule_id}"
Days = Annotated[int, Field(ge=1, le=400, description="Working days of the branch.")]


class CoreRule(Row):
    """A rule; null conditions mean any. Amounts are CNY for one unit of quantity."""

    id: int
    branch: Annotated[str | None, From("branch__number")]
    category_id: int | None
    part: Annotated[str | None, From("part__code")]
    is_returned: bool
    is_paid_too: bool
    days: int
    charge_amount: Decimal
    is_charge_lifted: bool
    blocking: Blocking
    credit_amount: Decimal | None
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class NewCoreRule(Write):
    """A rule. One that names no part speaks of parts flagged 旧件返还 only."""

    valid_from: Day
    valid_to: Day | None = None
    branch: Number | None = None
    category_id: Id | None = None
    part: Number | None = None
    is_returned: bool = True
    is_paid_too: bool = False
    days: Days = 15
    charge_amount: Amount = Decimal("0.00")
    is_charge_lifted: bool = True
    blocking: Blocking = "none"
    credit_amount: Amount | None = None


class CoreRuleEdit(Write):
    """What may be changed; debts that stand keep the terms of their day."""

    is_returned: bool = None
    is_paid_too: bool = None
    days: Days = None
    charge_amount: Amount = None
    is_charge_lifted: bool = None
    blocking: Blocking = None
    credit_amount: Amount | None = None
    valid_from: Day = None
    valid_to: Day | None = None


def _answer(row, actor: Actor) -> Answer:
    row = again(CoreRule, row)
    return Answer(CoreRule.of(row, actor), version=row.version)


@routes.list("/core-rules", CoreRule)
def list_core_rules(request, asked: Query[Asking]):
    """List the rules of old parts, newest validity first."""
    actor = calls.caller(request)
    return page_of(CoreRule, old_parts.list_rules(actor), actor, order=("-valid_from", "-id"), asked=asked)


@routes.create("/core-rules", CoreRule)
def create_core_rule(request, body: NewCoreRule):
    """Set a rule for old parts."""
    actor = calls.caller(request)
    row = actions.create_rule(
        branch_id=people.get_branch(body.branch, actor).pk if body.branch else None,
        category_id=catalog.get_category(body.category_id, actor).pk if body.category_id else None,
        part_id=catalog.get_part(body.part, actor).pk if body.part else None, actor=actor, at=calls.moment(request, body.at),
        **body.model_dump(exclude={"at", "branch", "category_id", "part"}),
    )
    return calls.created(_answer(row, actor), "core-rules", row.pk)


@routes.read(PATH, CoreRule)
def get_core_rule(request, rule_id: Id):
    """One rule."""
    actor = calls.caller(request)
    row = one_of(CoreRule, old_parts.list_rules(actor), actor, pk=rule_id)
    return Answer(CoreRule.of(row, actor), version=row.version)


@routes.edit(PATH, CoreRule)
def edit_core_rule(request, rule_id: Id, body: CoreRuleEdit):
    """Change or end a rule."""
    actor = calls.caller(request)
    row = actions.edit_rule(old_parts.get_rule(rule_id, actor), version=calls.version_edited(request), actor=actor,
                            at=calls.moment(request, body.at), **calls.edits(body))
    return _answer(row, actor)
