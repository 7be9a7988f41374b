"""Branches, departments, regions and who serves them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.people.models import Branch, Coverage, Department, Region
from aftercare.domain.people.queries.actors import branch_ids_below, zone_of
from aftercare.domain.people.rules import divisions
from aftercare.foundation import access, statements, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

__all__ = [
    "branch_for_region", "branch_ids_below", "branch_line", "branches_for_region", "find_region", "get_branch", "get_region",
    "is_urban", "list_branches", "list_coverage", "list_departments", "list_outlets", "list_regions", "list_supplied_outlets",
    "region_chain", "search_regions", "supplying_branches", "zone_of",
]  # fmt: skip


def list_branches(actor: Actor, *, active: bool | None = True) -> QuerySet[Branch]:
    """The branches the actor may see, in tree order."""
    rows = access.visible(Branch, actor).select_related("parent").order_by("path")
    return rows if active is None else rows.filter(is_active=active)


def list_outlets(branch_id: int) -> list[Branch]:
    """The active outlets below a branch: whom its orders may be given to. Two statements."""
    path = Branch.objects.filter(pk=branch_id).values_list("path", flat=True).first()
    rows = Branch.objects.filter(path__startswith=path, kind_of=Branch.Kind.OUTLET, is_active=True) if path else Branch.objects.none()
    return list(rows.order_by("path"))


def list_supplied_outlets(actor: Actor, branch_id: int | None) -> QuerySet[Branch]:
    """The active outlets that goods may be supplied to: those the actor sees, and those that the branch's store serves.

    A branch serves the outlets below it; a service centre those of its superior too, next to which it stands.
    """
    served = Q(pk__in=access.visible(Branch, actor).values("pk"))
    branch = Branch.objects.select_related("parent").filter(pk=branch_id).first() if branch_id else None
    if branch is not None:
        top = branch.parent if branch.kind_of == Branch.Kind.SERVICE_CENTRE and branch.parent else branch
        served |= Q(path__startswith=top.path)
    return Branch.objects.filter(served, kind_of=Branch.Kind.OUTLET, is_active=True).order_by("path")


def supplying_branches(branch_id: int) -> list[int]:
    """The branches whose stores may supply that one, the nearest first: each superior, then the service centres right below it.

    A branch company often keeps its parts in its service centre, next to the outlets it leads. Two statements.
    """
    line = branch_line(branch_id)[1:]
    rows = Branch.objects.filter(parent_id__in=line, kind_of=Branch.Kind.SERVICE_CENTRE, is_active=True).exclude(pk=branch_id)
    centres = list(rows.order_by("path").values_list("parent_id", "pk"))
    return [pk for superior in line for pk in (superior, *(centre for parent, centre in centres if parent == superior))]


def branch_line(branch_id: int) -> tuple[int, ...]:
    """The branch and those above it, the nearest first. One statement."""
    path = Branch.objects.filter(pk=branch_id).values_list("path", flat=True).first() or ""
    return tuple(int(part) for part in reversed(path.strip("/").split("/")) if part)


def get_branch(key: int | str, actor: Actor) -> Branch:
    """A branch by id or number; refuses what is not there or not visible."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = statements.find(Branch.objects.all, where=access.scope(Branch, actor), **named)
    if found is None:
        raise NotFound(_("没有这个机构"), kind="people.branch", field="branch")
    return found


def company_of(branch: Branch) -> Branch:
    """The head office above a branch (itself when it is the head): whose name stands on badges."""
    head = int(branch.path.strip("/").split("/")[0] or branch.pk)
    return branch if head == branch.pk else Branch.objects.filter(pk=head).first() or branch


def list_departments(actor: Actor, *, branch_id: int | None = None) -> QuerySet[Department]:
    """The departments the actor may see."""
    rows = access.visible(Department, actor).select_related("branch", "parent").order_by("branch__path", "name")
    return rows if branch_id is None else rows.filter(branch_id=branch_id)


def list_regions(*, parent_code: str | None = None) -> QuerySet[Region]:
    """The provinces, or what lies directly under a region; public knowledge, so without an actor."""
    rows = Region.objects.order_by("code")
    return rows.filter(parent__code=parent_code) if parent_code else rows.filter(level=1)


def search_regions(text: str, *, limit: int = 20) -> list[Region]:
    """Regions whose full name contains the text or whose code begins with it; districts first."""
    text = text.strip()
    if not text:
        return []
    found = Region.objects.filter(Q(full_name__contains=text) | Q(code__startswith=text))
    return list(found.order_by("-level", "code")[:limit])


def match_region(text: str, *, near: str = "") -> tuple[Region | None, Region | None, str]:
    """What a typed region means: (the region itself, else None; the division it lies under; what is left of the text).

    Understands names with and without 区, 市, 县, whole addresses (上海市浦东新区张江镇) and codes. `near` is the code of a
    region close by: it chooses among divisions of one name. Of several with no such hint none is meant. Two statements.
    """
    text = "".join(text.split())[:120]
    if not text:
        return None, None, ""
    heads = [text[:end] for end in range(2, len(text) + 1)]
    whole = [text, *(f"{text}{suffix}" for suffix in divisions.SUFFIXES)]
    rows = list(Region.objects.filter(Q(code=text) | Q(full_name__in=[*heads, *whole]) | Q(name__in=[*heads, *whole])))
    for same in ([r for r in rows if r.code == text], [r for r in rows if text in (r.full_name, r.name)],
                 [r for r in rows if r.name in whole or r.full_name in whole]):
        found = divisions.choose(same, near)
        if found is not None:
            return found, found.parent, ""
        if same:
            return None, None, text
    heads_of = {row: max((len(n) for n in (row.full_name, row.name) if text.startswith(n)), default=0) for row in rows}
    longest = max(heads_of.values(), default=0)
    above = divisions.choose([row for row, length in heads_of.items() if length == longest and length], near)
    if above is not None:
        return None, above, text[longest:]
    return None, find_region(near), text


def region_near(branch_id: int) -> str:
    """The code of the city that a branch serves; empty when it serves nothing."""
    code = Coverage.objects.filter(branch_id=branch_id).order_by("priority", "id").values_list("region__code", flat=True).first()
    return "" if not code else f"{code[:2]}0000" if code[:2] in divisions.DIRECT_CITIES else f"{code[:4]}00"


def list_new_regions() -> QuerySet[Region]:
    """Regions that were typed and not confirmed yet."""
    return Region.objects.filter(is_new=True).select_related("parent").order_by("-id")


def find_region(code: str) -> Region | None:
    """The region of that code."""
    if not code:
        return None
    return transactions.remember(("people.region", code), lambda: statements.find(Region.objects.all, code=code))


def region_ids(code: str) -> list[int]:
    """The region of that code and, for a city or province, all that lies in it. One statement."""
    stem = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    rows = Region.objects.filter(code__gte=stem, code__lt=f"{stem}~")
    return sorted(rows.values_list("pk", flat=True))


def get_region(code: str) -> Region:
    """The region of that code; refuses an unknown one."""
    found = find_region(code)
    if found is None:
        raise NotFound(_("没有这个区域"), kind="people.region", field="region_code")
    return found


def is_urban(region_code: str, *, default: bool = True) -> bool:
    """True for an urban region; `default` where the code is unknown or stands for a whole province or city."""
    mark = Region.objects.filter(code=region_code).values_list("is_urban", flat=True).first() if region_code else None
    return default if mark is None else mark


def region_chain(code: str) -> list[str]:
    """The codes of a region and everything above it, narrowest first: district, city, province."""
    if len(code) < 6:
        return [code] if code else []
    return list(dict.fromkeys((code, f"{code[:6]}", f"{code[:4]}00", f"{code[:2]}0000")))


def branches_for_region(code: str) -> list[Branch]:
    """The active branches and outlets that serve a region, the best first: narrowest region, then priority."""
    chain = region_chain(code)
    rows = Coverage.objects.filter(region__code__in=chain, employee=None, branch__is_active=True)
    found = sorted(
        rows.select_related("branch", "region"), key=lambda c: (chain.index(c.region.code), c.priority, c.branch_id)
    )
    return list(dict.fromkeys(coverage.branch for coverage in found))


def branch_for_region(code: str) -> Branch | None:
    """The branch that serves a region first; None when nobody does."""
    return next(iter(branches_for_region(code)), None)


def list_coverage(actor: Actor, *, branch_id: int | None = None) -> QuerySet[Coverage]:
    """Who serves which region, as far as the branches are visible."""
    rows = Coverage.objects.filter(branch__in=access.visible(Branch, actor))
    rows = rows.select_related("region", "branch", "employee").order_by("region__code", "priority")
    return rows if branch_id is None else rows.filter(branch_id=branch_id)
