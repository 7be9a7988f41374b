"""Who acts: from an employee or a token to an `Actor` with his grants."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from aftercare.domain.people import rules
from aftercare.domain.people.models import Account, Branch, Employee, Grant, Role, Token
from aftercare.domain.people.queries import kept
from aftercare.foundation import access, statements
from aftercare.foundation.access import Actor, Reach

TOKEN_SIGN = "aft"  # first part of every token: lets secret scanners recognise it


def actor_for(employee: Employee, *, token_scopes: Iterable[str] | None = None, via: str = "",
              address: str = "", mark: str | None = None) -> Actor:
    """The actor an employee is now, his grants expanded; one who left has none.

    One statement when his grants are kept in this process (none when `mark` was read along with something else), at
    most four when they are not.
    """
    branch = employee.branch if Employee.branch.is_cached(employee) else None
    reaches: Mapping[str, Reach] = {}
    zone = branch.zone if branch else "Asia/Shanghai"
    outlets: frozenset[int] = frozenset()
    if employee.is_active:
        mark = kept.access.mark() if mark is None else mark
        reaches = kept.access.at_mark(mark, ("reaches", employee.pk), lambda: _reaches(employee, mark))
        _below, zones, outlets = _tree(mark)
        zone = zones.get(employee.branch_id, zone)
    return Actor(
        kind="employee", id=employee.pk, name=employee.name, branch_id=employee.branch_id, employee_id=employee.pk,
        reaches=reaches, scopes=None if token_scopes is None else frozenset(token_scopes), via=via, address=address,
        zone=zone, outlets=outlets,
    )


def actor_of_account(account: Account, *, via: str = "", address: str = "") -> Actor | None:
    """The actor behind a sign-in; None for an account that belongs to no employee."""
    return actor_for(account.employee, via=via, address=address) if account.employee_id else None


def _reaches(employee: Employee, mark: str) -> dict[str, Reach]:
    grants = [
        rules.Grantable(tuple(grant.role.permissions), grant.role.reach, grant.branch_id)
        for grant in Grant.objects.filter(employee=employee).select_related("role")
    ]
    team: frozenset[int] = frozenset()
    if employee.department_id and any(grant.reach == Role.Reach.TEAM for grant in grants):
        team = frozenset(Employee.objects.filter(department_id=employee.department_id).values_list("id", flat=True))
    return rules.calculate_reaches(grants, employee_id=employee.pk, team=team, below=_tree(mark)[0])


def _tree(mark: str) -> tuple[dict[int, frozenset[int]], dict[int, str], frozenset[int]]:
    return kept.access.at_mark(mark, "tree", _read_tree)


def _read_tree() -> tuple[dict[int, frozenset[int]], dict[int, str], frozenset[int]]:
    """Each branch with all under it, each branch's zone, and which branches are outlets."""
    rows = list(Branch.objects.values_list("id", "path", "zone", "kind_of"))
    below: dict[int, set[int]] = {pk: {pk} for pk, *_rest in rows}
    for pk, path, *_rest in rows:
        for above in path.strip("/").split("/"):
            if above and int(above) in below:
                below[int(above)].add(pk)
    outlets = frozenset(pk for pk, _path, _zone, kind in rows if kind == Branch.Kind.OUTLET)
    zones = {pk: zone for pk, _path, zone, _kind in rows}
    return {pk: frozenset(found) for pk, found in below.items()}, zones, outlets


def branch_ids_below(branch_id: int) -> frozenset[int]:
    """The branch and every branch under it."""
    return _tree(kept.access.mark())[0].get(branch_id, frozenset())


def zone_of(branch_id: int | None) -> str:
    """The time zone of that branch."""
    return _tree(kept.access.mark())[1].get(branch_id, "Asia/Shanghai")


def token_digest(raw: str) -> str:
    """What is stored of a token. It is random and long, so a plain digest cannot be guessed back."""
    return hashlib.sha256(raw.encode()).hexdigest()


def find_token(raw: str, *, at: dt.datetime) -> Token | None:
    """The valid token of that text, with employee and branch; None when unknown, revoked, expired or of a leaver.

    Kept in the process until grants, people or tokens change; `access_mark` is the mark it was found under.
    """
    sign, _, rest = raw.partition("_")
    prefix, _, _secret = rest.partition("_")
    if sign != TOKEN_SIGN or not prefix:
        return None
    mark, digest = kept.access.mark(), token_digest(raw)
    token = kept.access.find(mark, ("token", digest), lambda: _read_token(prefix, digest))
    if token is None or (token.expires_at and token.expires_at <= at):
        return None
    token.access_mark = mark
    return token


def _read_token(prefix: str, digest: str) -> Token | None:
    token = Token.objects.select_related("employee__branch").filter(prefix=prefix).first()
    if token is None or not hmac.compare_digest(token.digest, digest):
        return None
    return None if token.revoked_at or not token.employee.is_active else token


def authenticate_token(raw: str, *, at: dt.datetime, address: str = "") -> Actor | None:
    """The actor behind a bearer token, narrowed to its scopes; None when it does not hold. One statement when warm."""
    token = find_token(raw, at=at)
    if token is None:
        return None
    return actor_for(token.employee, token_scopes=token.scopes, via="api", address=address, mark=token.access_mark)


def find_account(account_id: int) -> Account | None:
    """The account with its employee and branch in one statement."""
    return statements.find(_accounts, pk=account_id)


def _accounts() -> QuerySet[Account]:
    return Account.objects.select_related("employee__branch")


def find_account_by_login(login: str) -> Account | None:
    """The account of a user name or an employee number, case of letters aside; None when none or not alone."""
    login = login.strip()
    if not login:
        return None
    rows = Account.objects.select_related("employee__branch")
    for condition in ({"username": login}, {"employee__number": login}, {"username__iexact": login},
                      {"employee__number__iexact": login}):
        found = list(rows.filter(**condition)[:2])
        if found:
            return found[0] if len(found) == 1 else None
    return None


def is_founded() -> bool:
    """Whether anybody can sign in: false only before the first administrator was made."""
    return Account.objects.exists()


def list_accounts(actor: Actor) -> QuerySet[Account]:
    """The sign-ins the actor may see."""
    return access.visible(Account, actor).select_related("employee__branch")


def list_roles(actor: Actor) -> QuerySet[Role]:
    """All roles, for who may look at them."""
    return access.visible(Role, actor).order_by("code")


def list_grants(actor: Actor, *, employee_id: int | None = None, role_id: int | None = None) -> QuerySet[Grant]:
    """Who holds which role where, as far as the people are visible."""
    actor.require_anywhere("people.view_role")
    rows = Grant.objects.select_related("employee", "role", "branch").order_by("employee__number", "role__code")
    rows = rows.filter(employee__in=access.visible(Employee, actor))
    if employee_id is not None:
        rows = rows.filter(employee_id=employee_id)
    return rows.filter(role_id=role_id) if role_id is not None else rows


def list_tokens(actor: Actor) -> QuerySet[Token]:
    """One's own tokens and those one manages, newest first."""
    return access.visible(Token, actor).select_related("employee").order_by("-id")
