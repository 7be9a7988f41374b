"""Who may do what, and which rows he sees.

An `Actor` carries grants: *permission at a reach*. A room declares its permissions beside what they guard
(`permission(...)`) and says once which rows are visible (`@scope_of(...)`); every public query starts at
`visible(...)`, every move asks again before it claims. Deny by default: a model without a scope raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.foundation.refusals import NotAllowed


@dataclass(frozen=True)
class Reach:
    """How far a permission reaches: everywhere, some branches, or some people's own rows (union of the three)."""

    everywhere: bool = False
    branches: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    def __or__(self, other: Reach) -> Reach:
        return Reach(
            self.everywhere or other.everywhere, self.branches | other.branches, self.people | other.people
        )


EVERYWHERE = Reach(everywhere=True)


@dataclass(frozen=True)
class Actor:
    """Who acts: an employee, a portal customer, or the system itself.

    `reaches` maps a permission code to its reach; `*` is every permission. `scopes` narrows a token:
    None means no narrowing, else only permissions named there (or `read`, for every `.view_` permission) hold.
    """

    kind: str
    id: int | None
    name: str
    branch_id: int | None = None
    employee_id: int | None = None
    customer_id: int | None = None
    reaches: Mapping[str, Reach] = field(default_factory=dict, compare=False, repr=False)
    scopes: frozenset[str] | None = None
    via: str = ""
    address: str = ""
    zone: str = "Asia/Shanghai"
    # Which branches of the company are outlets: their people see what was given to them, not only what is theirs.
    outlets: frozenset[int] = field(default=frozenset(), compare=False, repr=False)

    @classmethod
    def system(cls, name: str) -> Actor:
        """The product itself, e.g. the worker or an import without a user; it may do everything."""
        return cls(kind="system", id=None, name=name, reaches={"*": EVERYWHERE}, via="system")

    def reach(self, permission: str) -> Reach | None:
        """How far `permission` reaches for this actor; None when he does not hold it."""
        if self.scopes is not None and not _in_scopes(permission, self.scopes):
            return None
        own, every = self.reaches.get(permission), self.reaches.get("*")
        if own and every:
            return own | every
        return own or every

    def holds(self, permission: str) -> bool:
        """True when he holds the permission anywhere at all."""
        return self.reach(permission) is not None

    def may(self, permission: str, *, branch_id: int | None = None, people: Iterable[int | None] = ()) -> bool:
        """True when the permission reaches that branch, or one of these people's rows."""
        reach = self.reach(permission)
        if reach is None:
            return False
        return reach.everywhere or branch_id in reach.branches or any(p in reach.people for p in people if p)

    def require(self, permission: str, *, branch_id: int | None = None, people: Iterable[int | None] = ()) -> None:
        """Refuse unless the permission reaches that branch or one of these people's rows."""
        if not self.may(permission, branch_id=branch_id, people=people):
            raise not_allowed(permission)

    def require_anywhere(self, permission: str) -> None:
        """Refuse unless he holds the permission somewhere; the rows are then limited by `visible`."""
        if not self.holds(permission):
            raise not_allowed(permission)

    def through(self, via: str, address: str = "") -> Actor:
        """The same actor, coming through that door from that network address."""
        return replace(self, via=via, address=address)


def not_allowed(permission: str) -> NotAllowed:
    """The refusal for a missing permission, naming it in the user's words."""
    label = PERMISSIONS.get(permission, permission)
    return NotAllowed(_("没有权限：%(permission)s") % {"permission": label}, permission=permission)


def _in_scopes(permission: str, scopes: frozenset[str]) -> bool:
    if permission in scopes or "*" in scopes:
        return True
    return "read" in scopes and (".view_" in permission or permission.endswith(".view"))


# code -> label in the user's language, collected from every room's access.py
PERMISSIONS: dict[str, Any] = {}


def permission(code: str, label: Any) -> str:
    """Declare a permission `room.verb`; gives back its code."""
    PERMISSIONS[code] = label
    return code


@dataclass(frozen=True)
class _Scope:
    view: str
    scope: Callable[[Actor, str], Q]


_SCOPES: dict[str, _Scope] = {}


def scope_of(model_label: str, *, view: str):
    """Declare the row scope of a model: a function (actor, permission) -> Q. `view` is the permission to read it."""

    def declare(function: Callable[[Actor, str], Q]) -> Callable[[Actor, str], Q]:
        _SCOPES[model_label.lower()] = _Scope(view, function)
        return function

    return declare


def view_permission(model: type[Model]) -> str:
    """The permission needed to read rows of that model."""
    return _scope(model).view


def scope(model: type[Model], actor: Actor, permission: str | None = None) -> Q:
    """Which rows of `model` the permission (default: to view) reaches for this actor."""
    declared = _scope(model)
    return declared.scope(actor, permission or declared.view)


def visible(rows: type[Model] | QuerySet, actor: Actor, permission: str | None = None) -> QuerySet:
    """The rows the actor may see (or act on, when another permission is named)."""
    queryset = rows._default_manager.all() if isinstance(rows, type) else rows
    condition = scope(queryset.model, actor, permission)
    return queryset.filter(condition) if condition else queryset


def by_branch(
    actor: Actor, permission: str, *, branch: str | None = "branch_id", people: Iterable[str] = ()
) -> Q:
    """The usual scope: rows of the branches the permission reaches, and rows that name one of the people reached.

    `branch` and `people` are column names of the model (`engineer_id`, `created_by_id`).
    """
    reach = actor.reach(permission)
    if reach is None:
        return Q(pk__in=[])
    if reach.everywhere:
        return Q()
    condition = Q(pk__in=[])
    if branch and reach.branches:
        # Of one branch its own index is walked in order; of many none could be, so the list's index is walked instead.
        condition = Q(**{f"{branch}__{'in' if len(reach.branches) == 1 else 'walked'}": reach.branches})
    if reach.people:
        for column in people:
            condition |= Q(**{f"{column}__in": reach.people})
    return condition


def for_holders(actor: Actor, permission: str) -> Q:
    """A scope for shared registers (products, parts, codes): all rows for who holds the permission anywhere."""
    return Q() if actor.holds(permission) else Q(pk__in=[])


def _scope(model: type[Model]) -> _Scope:
    try:
        return _SCOPES[model._meta.label_lower]
    except KeyError:
        raise LookupError(f"{model._meta.label} has no declared scope (deny by default)") from None
