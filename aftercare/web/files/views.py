"""Files over HTTP: handing in, looking at, taking down, describing, taking off."""

from __future__ import annotations

import re
import uuid

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aftercare.domain.files import access, rules
from aftercare.domain.files import actions as files
from aftercare.domain.files import queries as kept
from aftercare.flows import attachments
from aftercare.foundation import blobs, clock
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.web import toasts
from aftercare.web.files import shown
from aftercare.web.policy import actor_of, page

# A file is never a page: no script, no frame, no plug-in, whatever is in it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_AT_ONCE = 20
_KEY = re.compile(r"[\w.-]{8,80}")


@page()
@require_POST
def add(request: HttpRequest, noun: str, number: str) -> HttpResponse:
    """Hand in files for a document; a script sends one at a time and gets its tile, a plain form goes back to the page."""
    parent, subject = attachments.find_parent(noun, number, actor_of(request))

    def keep(prepared: files.Prepared, **inputs):
        return attachments.attach(prepared, noun=noun, number=number, **inputs)

    return _taken(request, keep, back=f"{parent.page % subject.number_shown}#files")


@page(access.ADD)
@require_POST
def loose(request: HttpRequest) -> HttpResponse:
    """Hand in a file for a form that is still being filled in."""
    return _taken(request, attachments.hold, back="/", is_loose=True)


def _taken(request: HttpRequest, keep, *, back: str, is_loose: bool = False) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    given = request.FILES.getlist("files")
    if not given or len(given) > _AT_ONCE:
        raise RuleBroken(_("请选择文件，一次最多 %(n)s 个") % {"n": _AT_ONCE}, code="file_missing", field="files")
    by_script = request.headers.get("X-Requested-With") == "fetch"
    key = request.POST.get("key") or request.POST.get("idempotency_key") or uuid.uuid4().hex
    if not _KEY.fullmatch(key):
        raise RuleBroken(_("表单缺少幂等键，请刷新页面后重试"), code="idempotency_key_required")
    tiles = []
    for index, one in enumerate(given):
        if (one.size or 0) > rules.MAX_BYTES:
            raise RuleBroken(_("文件不能超过 %(n)s MB") % {"n": rules.MAX_BYTES // 1024 // 1024}, code="file_too_large", field="files")
        try:
            # Pictures are made anew before the database is touched: no lock is held meanwhile.
            prepared = files.prepare(name=one.name or "", data=one.read())
            row = keep(
                prepared, key=key if by_script else f"{key}.{index}", kind_of=request.POST.get("kind_of", ""),
                caption=request.POST.get("caption", ""), actor=actor, at=at,
            )
        except Refusal as refusal:
            if by_script or refusal.status in (403, 404):
                raise
            toasts.add(request, f"{one.name}: {refusal.message}", kind="error")
            continue
        tiles.append(shown.tile(row) | {"is_loose": is_loose})
    if by_script:
        return render(request, "files/tiles.html", {"tiles": tiles}, status=201)
    return HttpResponseRedirect(back, status=303)


@page()
@require_GET
def content(request: HttpRequest, number: str) -> HttpResponse:
    """The file itself, always to be saved, never run."""
    file = attachments.get_file(number, actor_of(request))
    etag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return _guarded(HttpResponseNotModified(), etag)
    return _guarded(_bytes(number, file.media_type, file.name), etag)


@page()
@require_GET
def thumb(request: HttpRequest, number: str) -> HttpResponse:
    """The small copy of a picture."""
    file = attachments.get_file(number, actor_of(request))
    etag = f'"{file.sha256}-s"'
    if request.headers.get("If-None-Match") == etag:
        return _guarded(HttpResponseNotModified(), etag)
    ending = files.THUMB if file.is_picture else ""
    return _guarded(_bytes(number, "image/jpeg" if ending else file.media_type, file.name, ending), etag)


def _bytes(number: str, media_type: str, name: str, ending: str = "") -> HttpResponse:
    path = blobs.path_of(number, ending)
    if not path.is_file():
        raise RuleBroken(_("文件内容丢失，请通知管理员运行检查"), code="file_lost")
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=media_type)


def _guarded(response: HttpResponse, etag: str) -> HttpResponse:
    for name, value in {
        "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
        # Kept, but asked about each time: the right to see it may have gone since.
        "Cache-Control": "private, no-cache", "ETag": etag,
    }.items():
        response.headers[name] = value
    return response


@page()
@require_GET
def look(request: HttpRequest, number: str) -> HttpResponse:
    """A file with what is known of it; alone for the dialog, as a page without scripts."""
    return _look(request, number)


def _look(request: HttpRequest, number: str, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_of(request)
    file = attachments.get_file(number, actor)
    moves = {move.name for move in kept.open_moves(file, actor)}
    context = {
        "file": file, "tile": shown.tile(file), "origin": shown.origin(file, actor), "kinds": kept.KIND_CHOICES,
        "may_describe": "describe" in moves, "may_remove": attachments.may_remove(file, actor),
        "refusal": refusal, "typed": request.POST, "zone": actor.zone, "title": file.caption or file.name,
    }  # fmt: skip
    template = "files/look.html" if request.headers.get("X-Requested-With") == "fetch" else "files/page.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


@page(access.ADD)
@require_POST
def describe(request: HttpRequest, number: str) -> HttpResponse:
    """Another caption or kind; answers the tile anew."""
    actor = actor_of(request)
    file = attachments.get_file(number, actor)
    inputs = {"caption": request.POST.get("caption", ""), "kind_of": request.POST.get("kind_of") or None}
    row = attachments.describe(file, actor=actor, at=clock.now(), **inputs)
    if request.headers.get("X-Requested-With") == "fetch":
        tile = shown.tile(row) | {"is_loose": row.status == "loose"}
        return render(request, "files/tiles.html", {"tiles": [tile]})
    return HttpResponseRedirect(f"/files/{number}/look/", status=303)


@page(access.REMOVE)
@require_POST
def remove(request: HttpRequest, number: str) -> HttpResponse:
    """Take a file off its document, with the reason."""
    actor = actor_of(request)
    file = attachments.get_file(number, actor)
    back = shown.origin(file, actor)["url"] or "/"
    by_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        attachments.remove(file, actor=actor, at=clock.now(), reason=request.POST.get("reason", ""))
    except RuleBroken as refusal:
        if by_script:
            raise
        return _look(request, number, refusal)
    if by_script:
        return HttpResponse(status=204)
    toasts.add(request, _("已移除附件"))
    return HttpResponseRedirect(back, status=303)
