"""Every write of this room."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from aftercare.domain.files import access, facts, queries, rules
from aftercare.domain.files.lifecycle import FILE, Status
from aftercare.domain.files.models import KindOf, StoredFile
from aftercare.foundation import blobs, filetypes
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import apart

THUMB = ".thumb"
# How long the bytes of a file outlive its use: a mistake can be mended until then.
KEPT_LOOSE = dt.timedelta(days=3)
KEPT_REMOVED = dt.timedelta(days=30)
# A blob without a row may belong to an upload that is under way.
_ORPHAN_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Prepared:
    """A file looked at and made ready: what is kept of it, before anything is written."""

    name: str
    data: bytes
    media_type: str
    given_sha256: str
    thumb: bytes = b""
    width: int | None = None
    height: int | None = None


def prepare(*, name: str, data: bytes) -> Prepared:
    """Look at the content, refuse what is not on the list, make pictures anew. Writes nothing and holds no lock."""
    if not data:
        raise _forbidden("file_empty")
    if len(data) > rules.MAX_BYTES:
        raise _forbidden("file_too_large")
    found = filetypes.find_type(data)
    if found is None:
        raise RuleBroken(_("只接受照片（JPEG、PNG、WebP）、PDF、Excel、Word（不带宏）和纯文本文件"), code="file_type_refused", field="file")
    given = hashlib.sha256(data).hexdigest()
    if not found.is_picture:
        return Prepared(rules.cleaned_name(name, found.ending), data, found.media_type, given)
    from aftercare.foundation import pictures  # with the first picture: what decodes them takes 5 MB of a process

    try:
        made = pictures.renew(data)
    except pictures.BadPicture as error:
        raise RuleBroken(_("照片无法读取，或者像素太多"), code="picture_unreadable", field="file") from error
    ending = filetypes.PNG.ending if made.media_type == filetypes.PNG.media_type else filetypes.JPEG.ending
    return Prepared(rules.cleaned_name(name, ending), made.data, made.media_type, given, made.thumb, made.width, made.height)


def store(
    prepared: Prepared, *, key: str, kind_of: str = "other", caption: str = "", source: Source | None = None,
    branch_id: int | None = None, actor: Actor, at: dt.datetime,
) -> StoredFile:
    """Keep a file and bind it to `source`, or leave it with its uploader until it is bound.

    `key` is made up by the caller, once a file: the same key gives back the same file and writes nothing, with other
    content it is refused (`idempotency_key_reused`). Refuses over the limits of rules, each with its code.
    """
    actor.require_anywhere(access.ADD)
    known = _find_known(key, prepared, source, actor)
    if known is not None:
        return known
    if kind_of not in KindOf.values:
        raise RuleBroken(_("没有这种附件"), code="unknown_kind", field="kind_of")
    there = queries.count_of(source.kind, source.id) if source else _count_loose(actor)
    broken = rules.what_forbids(
        size=len(prepared.data), there=there, limit=rules.MAX_OF_SOURCE if source else rules.MAX_LOOSE, free=blobs.free_bytes()
    )
    if broken:
        raise _forbidden(broken)
    row = _row(prepared, key, kind_of, caption, branch_id, actor, at)
    # Bytes first: a row never speaks of a file that is not there. What is left by a failure is swept.
    blobs.put(row.number, prepared.data)
    try:
        if prepared.thumb:
            blobs.put(row.number, prepared.thumb, THUMB)
        with apart():
            row = open_new(
                row, actor=actor, at=at, permission=access.ADD, people=(row.owner_id,), verb="files.storedfile.store",
                fact=lambda f: facts.FileStored(file_id=f.pk, name=f.name, sha256=f.sha256),
            )
            return bind(row, source=source, branch_id=branch_id, actor=actor, at=at) if source else row
    except BaseException as error:
        blobs.drop(row.number, THUMB)
        known = _find_known(key, prepared, source, actor) if isinstance(error, IntegrityError) else None
        if known is None:
            raise
        return known


def _row(prepared: Prepared, key: str, kind_of: str, caption: str, branch_id: int | None, actor: Actor, at) -> StoredFile:
    return StoredFile(
        number=blobs.new_name(), name=prepared.name, kind_of=kind_of, caption=caption.strip()[:200], media_type=prepared.media_type,
        size=len(prepared.data), sha256=hashlib.sha256(prepared.data).hexdigest(), given_sha256=prepared.given_sha256,
        width=prepared.width, height=prepared.height, branch_id=actor.branch_id or branch_id, owner_id=actor.employee_id,
        uploaded_by=actor.name[:80], uploaded_at=at, who=queries.who_is(actor), key=key[:100],
    )


def _find_known(key: str, prepared: Prepared, source: Source | None, actor: Actor) -> StoredFile | None:
    if not key.strip():
        raise RuleBroken(_("缺少幂等键，请刷新页面后重试"), code="idempotency_key_required", field="key")
    known = StoredFile.objects.filter(who=queries.who_is(actor), key=key[:100]).first()
    if known is None:
        return None
    is_elsewhere = source is not None and (known.source_kind, known.source_id) != (source.kind, source.id)
    if known.given_sha256 != prepared.given_sha256 or is_elsewhere:
        raise WrongState(_("这个幂等键已用于另一个文件"), code="idempotency_key_reused", field="key")
    return known


def _count_loose(actor: Actor) -> int:
    return StoredFile.objects.filter(who=queries.who_is(actor), status=Status.LOOSE).count()


def _forbidden(code: str) -> RuleBroken:
    words = {
        "file_empty": _("文件是空的"),
        "file_too_large": _("文件不能超过 %(n)s MB") % {"n": rules.MAX_BYTES // 1024 // 1024},
        "too_many_files": _("附件太多，请先移除不需要的"),
        "disk_full": _("服务器空间不足，暂时不能上传，请通知管理员"),
    }
    return RuleBroken(words[code], code=code, field="file")


@FILE.move("bind")
def bind(file: StoredFile, *, actor: Actor, at: dt.datetime, source: Source, branch_id: int | None = None):
    """It belongs to that document from now on; only who handed it in may say so."""
    if file.who != queries.who_is(actor):
        raise NotAllowed(_("只有上传人可以归档这个文件"), code="not_the_owner")
    if file.swept_at is not None:
        raise RuleBroken(_("上传的文件已过期，请重新上传"), code="file_gone", field="file")
    if queries.count_of(source.kind, source.id) >= rules.MAX_OF_SOURCE:
        raise _forbidden("too_many_files")
    revise(file, source_kind=source.kind, source_id=source.id, source_number=source.number[:40], branch_id=branch_id or file.branch_id)
    return facts.FileBound(file_id=file.pk, name=file.name, source=source.number)


@FILE.move("describe")
def describe(file: StoredFile, *, actor: Actor, at: dt.datetime, caption: str | None = None, kind_of: str | None = None):
    """Another caption or kind."""
    if kind_of is not None and kind_of not in KindOf.values:
        raise RuleBroken(_("没有这种附件"), code="unknown_kind", field="kind_of")
    revise(file, caption=file.caption if caption is None else caption.strip()[:200], kind_of=kind_of or file.kind_of)
    return facts.FileDescribed(file_id=file.pk, name=file.name)


@FILE.move("remove")
def remove(file: StoredFile, *, actor: Actor, at: dt.datetime, reason: str = ""):
    """Show it no more. The reason stays in the journal; the bytes stay for `KEPT_REMOVED`."""
    if file.source_kind and not reason.strip():
        raise RuleBroken(_("请写明移除的原因"), code="reason_missing", field="reason")
    revise(file, removed_at=at)
    return facts.FileRemoved(file_id=file.pk, name=file.name, reason=reason.strip())


def sweep(*, at: dt.datetime) -> int:
    """Delete the bytes of files that were removed or never bound long ago, and blobs without a row; gives back how many.

    The row stays and says when its bytes went. Safe to run again after it was stopped half-way.
    """
    old = Q(status=Status.LOOSE, uploaded_at__lt=at - KEPT_LOOSE) | Q(status=Status.REMOVED, removed_at__lt=at - KEPT_REMOVED)
    swept = 0
    for row in StoredFile.objects.filter(old, swept_at=None).order_by("id")[:500]:
        # The row first, and only as it was found: a file that is bound at this moment keeps its bytes.
        if StoredFile.objects.filter(pk=row.pk, version=row.version, status=row.status).update(swept_at=at):
            blobs.drop(row.number, THUMB)
            swept += 1
    names = list(blobs.list_names(older_than=_ORPHAN_SECONDS))
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        known = set(StoredFile.objects.filter(number__in=some, swept_at=None).values_list("number", flat=True))
        for name in set(some) - known:
            blobs.drop(name, THUMB)
            swept += 1
    return swept
