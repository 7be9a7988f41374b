"""Sign-ins, passwords and API tokens, and the record of their use."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from aftercare.domain.people import access, queries
from aftercare.domain.people.actions import checks
from aftercare.domain.people.models import Account, Employee, Grant, Token
from aftercare.domain.people.queries import actors, kept
from aftercare.foundation.access import PERMISSIONS, Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import Happening, record, record_about
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken

# Scopes that are not names of permissions: every read, and everything the employee may do.
WIDE_SCOPES = ("read", "*")
# One write per token and this long is enough to see that it is in use.
LAST_USE_STEP = dt.timedelta(minutes=10)
# After so many wrong passwords in a row an account waits, whichever process or address they came through.
FAILURES_ALLOWED = 5
LOCK_TIME = dt.timedelta(minutes=5)


def create_account(employee: Employee, *, username: str = "", password: str, actor: Actor, at: dt.datetime) -> Account:
    """A sign-in for an employee, by his number unless a user name is given; the password must meet the policy."""
    username = (username or employee.number).strip()
    other = queries.find_account_by_login(username)
    if other is not None and other.employee_id != employee.pk:
        raise RuleBroken(_("用户名已被使用"), code="username_taken", field="username")
    account = Account(username=username, employee=employee)
    _require_password(password, account)
    account.set_password(password)
    try:
        with transaction.atomic():
            open_new(account, actor=actor, at=at, permission=access.EDIT_ACCOUNT)
    except IntegrityError as error:
        raise RuleBroken(_("用户名已被使用，或员工已有账号"), code="username_taken", field="username") from error
    return account


def set_password(account: Account, *, password: str, actor: Actor, at: dt.datetime) -> Account:
    """Give an account a new password by policy; ends its sessions. Not for holders of more rights than the actor."""
    _require_over(actor, account)
    _require_password(password, account)
    account.set_password(password)
    with transaction.atomic():
        fresh = revise(account, actor=actor, at=at, permission=access.EDIT_ACCOUNT)
        Account.objects.filter(pk=account.pk).update(password=account.password)
        # The digest of the password is nobody's business, so the change names no values.
        record_about(account, verb="people.account.password", actor=actor, at=at)
    fresh.password = account.password
    return fresh


def close_account(account: Account, *, actor: Actor, at: dt.datetime) -> Account:
    """Let nobody sign in with it any more; open sessions end with their next request."""
    _require_over(actor, account)
    return revise(account, actor=actor, at=at, permission=access.EDIT_ACCOUNT, verb="people.account.close",
                  is_active=False)


def open_account(account: Account, *, actor: Actor, at: dt.datetime) -> Account:
    """Let it sign in again; refuses for somebody who left."""
    _require_over(actor, account)
    if Employee.objects.filter(pk=account.employee_id, is_active=False).exists():
        raise RuleBroken(_("员工已经离职"), code="already_left")
    return revise(account, actor=actor, at=at, permission=access.EDIT_ACCOUNT, verb="people.account.open",
                  is_active=True, failed_sign_ins=0, locked_until=None)


def _require_over(actor: Actor, account: Account) -> None:
    actor.require(access.EDIT_ACCOUNT, branch_id=account.branch_shown)
    for held in Grant.objects.filter(employee_id=account.employee_id).select_related("role"):
        checks.require_not_above(actor, held.role, held.branch_id)


def _require_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise RuleBroken(" ".join(_weakness(one) for one in error.error_list), code="weak_password", field="password") from error


def _weakness(error: ValidationError) -> str:
    # Django words some of these anew with every version, and its catalogues follow later.
    if error.code == "password_too_short":
        return _("密码太短，至少要 %(n)d 个字符。") % {"n": error.params["min_length"]}
    if error.code == "password_too_common":
        return _("密码太常见，容易被猜到。")
    return " ".join(error.messages)


def record_sign_in(account: Account, *, at: dt.datetime, address: str = "", method: str = "password") -> None:
    """Write down a sign-in; wrong passwords before it are forgotten."""
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(failed_sign_ins=0, locked_until=None, last_login=at)
        record_about(account, verb="people.account.sign_in", actor=_himself(account, address), at=at, note=method)


def record_sign_out(account: Account, *, at: dt.datetime, address: str = "") -> None:
    """Write down a sign-out."""
    record_about(account, verb="people.account.sign_out", actor=_himself(account, address), at=at)


def change_own_password(account: Account, *, password: str, at: dt.datetime, address: str = "") -> Account:
    """Somebody who has just proved to be himself chooses a new password, by policy."""
    _require_password(password, account)
    account.set_password(password)
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(password=account.password)
        record_about(account, verb="people.account.password", actor=_himself(account, address), at=at)
    return account


def record_second_factor(account: Account, *, change: str, at: dt.datetime, address: str = "") -> None:
    """Write down that somebody set up or took away a second factor (`added totp`, `removed totp`)."""
    record_about(account, verb="people.account.second_factor", actor=_himself(account, address), at=at, note=change)


def record_failed_sign_in(*, login: str, at: dt.datetime, address: str = "", reason: str = "") -> None:
    """Write down a failed sign-in under the account it was aimed at, and lock that one after five in a row."""
    account = queries.find_account_by_login(login)
    # What was typed may be a password in the wrong field, so an unknown name is not kept.
    name = account.username if account else _("未知账号")
    actor = Actor(kind="stranger", id=None, name=name, via="web", address=address)
    with transaction.atomic():
        if account:
            _count_failure(account, at)
        record(
            Happening(
                verb="people.account.sign_in_failed", kind="people.account", id=account.pk if account else None,
                number=account.username if account else "", branch_id=account.branch_shown if account else None,
                actor=actor, at=at, mentions=tuple(account.mentions()) if account else (), note=reason,
            )
        )


def _count_failure(account: Account, at: dt.datetime) -> None:
    rows = Account.objects.filter(pk=account.pk)
    rows.update(failed_sign_ins=F("failed_sign_ins") + 1)
    rows.filter(failed_sign_ins__gte=FAILURES_ALLOWED).update(failed_sign_ins=0, locked_until=at + LOCK_TIME)


def _himself(account: Account, address: str) -> Actor:
    employee = account.employee
    return Actor(
        kind="employee" if employee else "account", id=employee.pk if employee else account.pk,
        name=employee.name if employee else account.username, branch_id=account.branch_shown,
        employee_id=account.employee_id, via="web", address=address,
    )


def make_token(
    employee: Employee, *, name: str, scopes: Iterable[str], expires_at: dt.datetime | None = None, actor: Actor,
    at: dt.datetime,
) -> tuple[Token, str]:
    """An API token that acts for the employee within its scopes; its text is told this once and never again.

    Scopes are permissions, `read` (every permission to view) or `*`. A token cannot make further tokens.
    """
    if actor.scopes is not None:
        raise NotAllowed(_("接口令牌不能再创建令牌"), code="token_by_token")
    if actor.employee_id == employee.pk:
        actor.require_anywhere(access.MAKE_TOKEN)
    else:
        actor.require(access.EDIT_ACCOUNT, branch_id=employee.branch_id)
        for held in Grant.objects.filter(employee=employee).select_related("role"):
            checks.require_not_above(actor, held.role, held.branch_id)
    checks.require_text(name=name)
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in WIDE_SCOPES and scope not in PERMISSIONS]
    if unknown or not wanted:
        raise RuleBroken(_("没有这个范围：%(scope)s") % {"scope": " ".join(unknown)}, code="unknown_scope", field="scopes")
    if expires_at is not None and expires_at <= at:
        raise RuleBroken(_("到期时间已过"), code="already_expired", field="expires_at")
    prefix = secrets.token_hex(5)
    raw = f"{actors.TOKEN_SIGN}_{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        token = Token.objects.create(employee=employee, name=name.strip(), prefix=prefix, scopes=wanted, made_at=at,
                                     digest=actors.token_digest(raw), expires_at=expires_at)
        record_about(employee, verb="people.token.make", actor=actor, at=at,
                     changes={"token": [None, f"{prefix} {' '.join(wanted)}"]}, note=name)
    return token, raw


def revoke_token(token: Token, *, actor: Actor, at: dt.datetime) -> None:
    """End a token at once; one's own, or those of people whose accounts one manages."""
    if actor.employee_id != token.employee_id:
        actor.require(access.EDIT_ACCOUNT, branch_id=token.employee.branch_id)
    with transaction.atomic():
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            raise NotFound(_("没有找到"), kind="people.token")
        checks.renew(kept.ACCESS)
        record_about(token.employee, verb="people.token.revoke", actor=actor, at=at,
                     changes={"token": [token.prefix, None]}, note=token.name)


def use_token(raw: str, *, at: dt.datetime, address: str = "") -> Actor | None:
    """As `queries.authenticate_token`, and keeps the time of use, to ten minutes."""
    token = actors.find_token(raw, at=at)
    if token is None:
        return None
    if token.last_used_at is None or at - token.last_used_at >= LAST_USE_STEP:
        Token.objects.filter(pk=token.pk).update(last_used_at=at)
        token.last_used_at = at
    return queries.actor_for(token.employee, token_scopes=token.scopes, via="api", address=address,
                             mark=token.access_mark)
