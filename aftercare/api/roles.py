"""角色、授权和接口令牌: who may do what, and the tokens that programs use."""

import datetime as dt
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Id, Number, Plain, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.people import actions
from aftercare.domain.people import queries as people
from aftercare.foundation.access import PERMISSIONS, Actor

routes = Routes("Roles and tokens")
Reach = Literal["own", "team", "branch", "below", "all"]
Permission = Annotated[Plain, Field(min_length=1, max_length=60)]


class PermissionRow(Row):
    """A permission that roles may hold."""

    code: str
    label: str


class Permissions(Row):
    """Every permission there is."""

    items: list[PermissionRow]


class RoleRow(Row):
    """A role: permissions and how far they reach.

    `template` is the default role it was made from (empty: of the company's own making), `offered` the permissions that
    came with a later version of the product and wait to be granted or declined.
    """

    code: str
    name: str
    permissions: list[str]
    reach: Reach
    template: str
    offered: list[str]
    version: int


class GrantRow(Row):
    """An employee holds a role at a branch."""

    id: int
    employee: Annotated[str, From("employee__number")]
    employee_name: Annotated[str, From("employee__name")]
    role: Annotated[str, From("role__code")]
    branch: Annotated[str, From("branch__number")]


class Grants(Row):
    """Who holds which role where."""

    items: list[GrantRow]


class TokenRow(Row):
    """An API token; its text is never told again."""

    id: int
    name: str
    prefix: str
    employee: Annotated[str, From("employee__number")]
    scopes: list[str]
    made_at: dt.datetime
    expires_at: dt.datetime | None
    last_used_at: dt.datetime | None
    revoked_at: dt.datetime | None


class RolesAsked(Asking):
    """Roles by code."""

    with_offers: bool | None = Field(None, description="Only roles with new permissions that wait for an answer (or only those without).")


class NewRole(Write):
    """A role; nobody makes one that allows more than he holds himself."""

    code: Annotated[Plain, Field(min_length=1, max_length=24)]
    name: Annotated[Plain, Field(min_length=1, max_length=60)]
    permissions: Annotated[list[Permission], Field(max_length=300)]
    reach: Reach = "branch"


class RoleEdit(Write):
    """What may be changed."""

    name: Annotated[Plain, Field(min_length=1, max_length=60)] = None
    permissions: Annotated[list[Permission], Field(max_length=300)] = None
    reach: Reach = None


class OffersAnswered(Write):
    """New permissions of a role that are granted or declined; without `permissions` all of them."""

    permissions: Annotated[list[Permission], Field(min_length=1, max_length=300)] = None


class NewGrant(Write):
    """Lets an employee hold a role at a branch."""

    employee: Number
    role: Number = Field(description="Code of the role.")
    branch: Number


class TokensAsked(Asking):
    """Tokens, newest first."""

    employee: Number | None = None


def _role(code: str, actor: Actor):
    return one_of(RoleRow, people.list_roles(actor), actor, code=code)


def _answer(row: type[Row], subject, actor: Actor) -> Answer:
    subject = again(row, subject)
    return Answer(row.of(subject, actor), version=subject.version)


@routes.read("/permissions", Permissions)
def list_permissions(request):
    """Every permission there is, with its label in the language asked for."""
    return {"items": [{"code": code, "label": str(label)} for code, label in sorted(PERMISSIONS.items())]}


@routes.list("/roles", RoleRow)
def list_roles(request, asked: Query[RolesAsked]):
    """List roles."""
    actor = calls.caller(request)
    rows = calls.named(people.list_roles(actor), asked.q, "code")
    if asked.with_offers is not None:
        rows = rows.exclude(offered=[]) if asked.with_offers else rows.filter(offered=[])
    return page_of(RoleRow, rows, actor, order=("code", "id"), asked=asked)


@routes.create("/roles", RoleRow)
def create_role(request, body: NewRole):
    """Make a role."""
    actor = calls.caller(request)
    row = actions.create_role(code=body.code, name=body.name, permissions=body.permissions, reach=body.reach,
                              actor=actor, at=calls.moment(request, body.at))
    return calls.created(_answer(RoleRow, row, actor), "roles", row.code)


@routes.read("/roles/{code}", RoleRow)
def get_role(request, code: Number):
    """One role."""
    actor = calls.caller(request)
    row = _role(code, actor)
    return Answer(RoleRow.of(row, actor), version=row.version)


@routes.edit("/roles/{code}", RoleRow)
def edit_role(request, code: Number, body: RoleEdit):
    """Change a role; it acts for its holders with their next request."""
    actor = calls.caller(request)
    row = actions.edit_role(_role(code, actor), version=calls.version_edited(request), actor=actor,
                            at=calls.moment(request, body.at), **calls.edits(body))
    return _answer(RoleRow, row, actor)


@routes.act("/roles/{code}/grant-offered", RoleRow)
def grant_offered(request, code: Number, body: OffersAnswered):
    """Put permissions that are new in this version into a role that did not get them by itself."""
    return _answer_offers(request, code, body, actions.grant_offered)


@routes.act("/roles/{code}/decline-offered", RoleRow)
def decline_offered(request, code: Number, body: OffersAnswered):
    """Leave a role without permissions that are new in this version; they are not offered again."""
    return _answer_offers(request, code, body, actions.decline_offered)


def _answer_offers(request, code: str, body: OffersAnswered, action) -> Answer:
    actor = calls.caller(request)
    role = _role(code, actor)
    version = calls.version_seen(request)
    row = action(role, permissions=body.permissions, version=role.version if version is None else version, actor=actor,
                 at=calls.moment(request, body.at))
    return _answer(RoleRow, row, actor)


@routes.read("/grants", Grants)
def list_grants(request, employee: Number | None = None, role: Number | None = None):
    """Who holds which role where (at most 1000)."""
    actor = calls.caller(request)
    rows = people.list_grants(actor)
    if employee:
        rows = rows.filter(employee__number=employee)
    if role:
        rows = rows.filter(role__code=role)
    return {"items": GrantRow.many(rows[:1000], actor)}


@routes.act("/grants", GrantRow)
def grant_role(request, body: NewGrant):
    """Let an employee hold a role at a branch; a repeat changes nothing."""
    actor = calls.caller(request)
    row = actions.grant(people.get_employee(body.employee, actor), role=_role(body.role, actor),
                        branch=people.get_branch(body.branch, actor), actor=actor, at=calls.moment(request, body.at))
    return GrantRow.of(row, actor)


@routes.remove("/grants/{grant_id}", GrantRow)
def revoke_role(request, grant_id: Id):
    """Take a role away; the answer is what was taken."""
    actor = calls.caller(request)
    row = calls.found(people.list_grants(actor).filter(pk=grant_id).first())
    told = GrantRow.of(row, actor)
    actions.revoke(row, actor=actor, at=calls.moment(request, None))
    return told


@routes.list("/tokens", TokenRow)
def list_tokens(request, asked: Query[TokensAsked]):
    """List one's own tokens, and those of people whose accounts one manages."""
    actor = calls.caller(request)
    rows = people.list_tokens(actor)
    if asked.employee:
        rows = rows.filter(employee__number=asked.employee)
    return page_of(TokenRow, rows, actor, order=("-id",), asked=asked)


@routes.act("/tokens/{token_id}/revoke", TokenRow)
def revoke_token(request, token_id: Id):
    """End a token at once. Tokens are made on the page or by the command, never through the API."""
    actor = calls.caller(request)
    token = calls.found(people.list_tokens(actor).filter(pk=token_id).first())
    actions.revoke_token(token, actor=actor, at=calls.moment(request, None))
    return TokenRow.of(calls.found(people.list_tokens(actor).filter(pk=token_id).first()), actor)
