"""Saved views: what one employee likes to look at. They are his own, so they need no permission and no history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from aftercare.domain.people.models import SavedView
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, RuleBroken

MOST = 20


def save_view(*, register: str, name: str, query: str, actor: Actor, at: dt.datetime) -> SavedView:
    """Keep a list's query string under a name; the same name replaces the older one. At most 20 a list."""
    name = " ".join(name.split())[:30]
    if not name:
        raise RuleBroken(_("请填写视图名称"), code="required", field="name")
    own = SavedView.objects.filter(employee_id=actor.employee_id, register=register)
    if own.exclude(name__in=("", name)).count() >= MOST:
        raise RuleBroken(_("视图太多，请先删除不用的"), code="too_many_views")
    view, _made = SavedView.objects.update_or_create(
        employee_id=actor.employee_id, register=register, name=name, defaults={"query": query.lstrip("?")[:1000]}
    )
    return view


def choose_columns(*, register: str, keys: Sequence[str], actor: Actor, at: dt.datetime) -> None:
    """Keep which columns of a list the actor sees, in this order; none of them: the list's own again."""
    own = {"employee_id": actor.employee_id, "register": register, "name": ""}
    if keys:
        SavedView.objects.update_or_create(**own, defaults={"query": ",".join(keys)[:1000]})
    else:
        SavedView.objects.filter(**own).delete()


def drop_view(key: int, *, actor: Actor, at: dt.datetime) -> str:
    """Forget one's own view; answers the list it belonged to."""
    view = SavedView.objects.filter(pk=key, employee_id=actor.employee_id).first()
    if view is None:
        raise NotFound(_("没有找到"))
    view.delete()
    return view.register
