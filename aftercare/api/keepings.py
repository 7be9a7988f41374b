"""在管总账: the one ledger of things that are not where they belong - customers' with us, ours with customers and employees."""

import datetime as dt
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Number
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, page_of
from aftercare.domain.custody import queries as custody

routes = Routes("Holdings")


class KeepingRow(Row):
    """A thing was somewhere from `since` to `until` (empty: it still is). `number` is its receipt (SJ) or loan (JY, LY, JZ).

    `item` names the thing itself, a unit by product and serial number whoever owns it: of rows without `until` each has one.
    """

    number: str
    kind: Annotated[Literal["goods", "loaner", "tool", "paper"], From("kind_of")]
    item: str
    name: str
    branch: Annotated[str, From("branch__number")]
    customer: Annotated[str | None, From("customer__number")]
    customer_name: Annotated[str | None, From("customer__name")]
    employee: Annotated[str | None, From("employee__number")]
    employee_name: Annotated[str | None, From("employee__name")]
    since: dt.datetime
    until: dt.datetime | None


class KeepingsAsked(Asking):
    """Filters; `q` is the beginning of a number or part of the name of thing, customer or holder."""

    is_open: bool | None = Field(None, description="Only things that still are there (or only those that are back).")
    kind: Literal["goods", "loaner", "tool", "paper"] | None = None
    branch: Number | None = None
    customer: Number | None = None
    employee: Number | None = None


@routes.list("/keepings", KeepingRow)
def list_keepings(request, asked: Query[KeepingsAsked]):
    """List where things are and were, newest first."""
    actor = calls.caller(request)
    rows = custody.list_keepings(
        actor, is_open=asked.is_open, text=asked.q, kind_of=asked.kind, branch__number=asked.branch, customer__number=asked.customer,
        employee__number=asked.employee)
    return page_of(KeepingRow, rows, actor, order=("-id",), asked=asked)
