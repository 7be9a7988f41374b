"""What a route asks of its request: who calls, when it happened, which version he saw."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aftercare.api.answers import Answer
from aftercare.api.fields import Write
from aftercare.api.problems import Asked
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, search
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken

BACKDATE = "journal.backdate"
_KEY = re.compile(r"[!-~]{1,100}")
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"|(\d{1,9})')


def caller(request: HttpRequest) -> Actor:
    """Who calls."""
    return request.auth


def moment(request: HttpRequest, claimed: dt.datetime | None) -> dt.datetime:
    """When the write happened: now, or the claimed instant from a caller who may say so."""
    present = clock.now()
    if claimed is None:
        return present
    if not caller(request).holds(BACKDATE):
        raise NotAllowed(_("没有权限补录过去的时间"), code="backdating_not_allowed", field="at")
    return clock.require_past(claimed, present)


def by_line(name: str, rows: Iterable[Any], key: str = "line_id") -> dict[int, Any]:
    """The rows of a body by the line they speak of; refuses (`line_twice`) one that is spoken of twice, of which the last would win."""
    found: dict[int, Any] = {}
    for index, row in enumerate(rows):
        pk = getattr(row, key)
        if pk in found:
            raise RuleBroken(_("同一行不能写两次"), code="line_twice", field=f"{name}.{index}.{key}")
        found[pk] = row
    return found


def idempotency_key(request: HttpRequest) -> str:
    """The key of this write; refuses a call without."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Asked(400, "idempotency_key_required", _("写操作需要 Idempotency-Key 头"), field="Idempotency-Key")
    if not _KEY.fullmatch(key):
        raise Asked(400, "idempotency_key_invalid", _("Idempotency-Key 应为 1 到 100 个可见 ASCII 字符"),
                    field="Idempotency-Key")
    return key


def version_seen(request: HttpRequest) -> int | None:
    """The version in `If-Match`, or None without that header (or with `*`)."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    found = _VERSION.fullmatch(given)
    if not found:
        raise Asked(400, "if_match_invalid", _("If-Match 应为一个版本号，例如 \"3\""), field="If-Match")
    return int(found[1] or found[2])


def version_edited(request: HttpRequest) -> int:
    """The version in `If-Match`; refuses an edit without one."""
    version = version_seen(request)
    if version is None:
        raise Asked(428, "version_required", _("修改需要 If-Match 头，写上读到的版本号"), field="If-Match")
    return version


def branch_id(request: HttpRequest, number: str | None) -> int:
    """The branch of that number, or the caller's own; refuses one he does not see."""
    actor = caller(request)
    if number:
        return people.get_branch(number, actor).pk
    if actor.branch_id is None:
        raise RuleBroken(_("请写明机构"), code="branch_missing", field="branch")
    return actor.branch_id


def edits(body: Write) -> dict[str, Any]:
    """The fields that an edit names, whatever their value."""
    return {name: getattr(body, name) for name in body.model_fields_set if name != "at"}


def created(answer: Answer, *address: str) -> Answer:
    """The answer to a creation: 201 with the address of what was made."""
    answer.status = 201
    answer.headers["Location"] = "/api/v1/" + "/".join(quote(str(part)) for part in address)
    return answer


def searched(rows: QuerySet, text: str) -> QuerySet:
    """The rows of a register with search grams that hold the text; a text too short for grams finds names with it."""
    text = text.strip()
    if not text:
        return rows
    return rows.filter(search__grams=text) if search.searchable(text) else rows.filter(name__icontains=text)


def valid_on(rows: QuerySet, day: dt.date | None) -> QuerySet:
    """The dated rows that are valid on that day."""
    if day is None:
        return rows
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def named(rows: QuerySet, text: str, key: str = "number") -> QuerySet:
    """The rows of a short register whose name or key contains the text."""
    text = text.strip()
    return rows.filter(Q(name__icontains=text) | Q(**{f"{key}__icontains": text})) if text else rows


def found(subject: Any) -> Any:
    """What a query found; refuses None."""
    if subject is None:
        raise NotFound(_("没有找到"))
    return subject


def part_lines(lines: list) -> list[dict[str, Any]]:
    """Part lines of a body, without what was not said."""
    return [line.model_dump(exclude_none=True) for line in lines]


def parts(actor: Actor) -> QuerySet:
    """The parts the caller may see."""
    return catalog.list_parts(actor)
