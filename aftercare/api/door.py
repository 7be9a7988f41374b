"""The entrance of every API address: what HTTP asks for before a route is reached, and after."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja.responses import Response

from aftercare.api import problems
from aftercare.domain.files import rules
from aftercare.domain.people import queries as people

_ACCEPTED = ("*/*", "application/*", "application/json", problems.MEDIA_TYPE)


def entrance(view: Callable, *, accepts: tuple[str, ...] = _ACCEPTED) -> Callable:
    """`view` behind the checks of size, format and method; whatever goes wrong becomes a problem document."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args, **inputs) -> HttpResponse:
        with people.marks_once():
            return answer(request, *args, **inputs)

    def answer(request: HttpRequest, *args, **inputs) -> HttpResponse:
        response = _refuse(request, accepts)
        if response is None:
            if request.method == "HEAD":
                request.method = "GET"  # the server cuts the body off
            try:
                response = view(request, *args, **inputs)
            except Http404:
                response = problems.not_found(request)
            except Exception as error:
                response = problems.failed(request, error)
        if response.status_code == 405 and response.headers["Content-Type"] != problems.MEDIA_TYPE:
            response = problems.answer(request, 405, "method_not_allowed", _("这个地址不支持 %(method)s") % {"method": request.method},
                                       headers={"Allow": response.headers.get("Allow", "GET")})
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
        return response

    run.csrf_exempt = True  # cookies are checked by auth.Session
    return run


def _refuse(request: HttpRequest, accepts: tuple[str, ...]) -> HttpResponse | None:
    accept = request.headers.get("Accept", "")
    if accept and not any(part.partition(";")[0].strip().lower() in accepts for part in accept.split(",")):
        return problems.answer(request, 406, "not_acceptable", _("只能答复 JSON"))
    length = request.META.get("CONTENT_LENGTH") or "0"
    kind = (request.content_type or "").lower()
    is_upload = request.method == "POST" and request.path.endswith("/files")
    limit = rules.MAX_BYTES + 64 * 1024 if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not length.isdecimal() or int(length) > limit:
        return problems.answer(request, 413, "too_large", _("请求内容太大"))
    wanted = "multipart/form-data" if is_upload else "application/json"
    if int(length) and kind != wanted:
        return problems.answer(request, 415, "unsupported_media_type", _("请求内容应为 %(type)s") % {"type": wanted})
    return None


def no_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Whatever is no API address."""
    return problems.not_found(request)


def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    from aftercare.api.app import api

    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    return Response(api.document(), headers={"Cache-Control": "public, max-age=300"})
