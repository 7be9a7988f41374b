"""What a route asks of its request: who calls, when it happened, which version he saw."""

import datetime as dt
import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from aftercare.api.problems import Asked
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed

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
