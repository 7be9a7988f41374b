"""Problem documents (RFC 9457): every refusal, with a stable `code` for programs and the caller's language for people."""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from aftercare.api import messages
from aftercare.api.rows import plain
from aftercare.foundation import busy
from aftercare.foundation.refusals import Refusal

logger = logging.getLogger("aftercare.api")
MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(examples=["lines.0.qty"])
    code: str = Field(examples=["missing"])
    message: str = Field(examples=["必填"])


class Problem(BaseModel):
    """A problem document. `code` is stable; `title` and `detail` are in the language asked for."""

    type: str = Field(examples=["urn:aftercare:problem:wrong_state"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=["wrong_state"])
    instance: str = Field(description="The request's id, also in the header X-Request-ID.")
    field: str | None = None
    errors: list[FieldProblem] = []
    params: dict[str, Any] = {}


class Asked(Refusal):
    """The request itself is not as it should be: a header lacks, the body is not JSON, the method is wrong."""

    def __init__(self, status: int, code: str, message: Any, *, field: str | None = None,
                 headers: dict[str, str] | None = None) -> None:
        super().__init__(message, code=code, field=field)
        self.status = status
        self.headers = headers or {}


def titles() -> dict[int, str]:
    """Short titles by status, in the caller's language."""
    return {
        400: _("请求有误"), 401: _("需要登录"), 403: _("没有权限"), 404: _("没有找到"), 405: _("不支持这种方法"),
        406: _("不能以所要的格式答复"), 409: _("与当前状态冲突"), 412: _("版本已过期"), 413: _("请求太大"),
        415: _("不支持这种内容格式"), 422: _("内容不符合规则"), 428: _("需要版本号"), 500: _("服务器出错"),
        503: _("暂时繁忙"),
    }


def answer(request: HttpRequest, status: int, code: str, detail: Any, *, field: str | None = None,
           errors: list[dict] | None = None, params: dict | None = None,
           headers: dict[str, str] | None = None) -> HttpResponse:
    """The problem as a response."""
    problem = {
        "type": f"urn:aftercare:problem:{code}",
        "title": titles().get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "code": code,
        "instance": f"urn:request:{getattr(request, 'id', '')}",
    }
    if field:
        problem["field"] = field
    if errors:
        problem["errors"] = errors
    if params:
        problem["params"] = params
    text = json.dumps(problem, ensure_ascii=False, default=_shown)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=headers)


def _shown(value: Any) -> Any:
    # A refusal's parameters are for reading; whatever has no JSON form is shown as text.
    try:
        return plain(value)
    except TypeError:
        return str(value)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal of a room, or of this door."""
    errors = [
        {"field": field, "code": refusal.code, "message": str(message)}
        for field, message in getattr(refusal, "errors", {}).items()
    ]
    return answer(request, refusal.status, refusal.code, refusal.message, field=refusal.field, errors=errors,
                  params=refusal.params, headers=getattr(refusal, "headers", None))


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not fit its schema; all wrong fields are told at once."""
    errors = [messages.field_problem(found) for found in error.errors]
    first = errors[0]
    return answer(request, 422, "invalid", f"{first['field']}: {first['message']}" if first["field"] else first["message"],
                  field=first["field"] or None, errors=errors)


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses: no sign-in, a body that is not JSON."""
    if isinstance(error, AuthenticationError):
        return answer(request, 401, "not_authenticated", _("请在 Authorization 头里给出令牌，或先登录"),
                      headers={"WWW-Authenticate": "Bearer"})
    if error.status_code == 400:
        return answer(request, 400, "malformed_body", _("请求内容不是有效的 JSON"))
    return answer(request, error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "_"),
                  titles().get(error.status_code, ""))


def not_found(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """No such address."""
    return answer(request, 404, "no_such_address", _("没有这个接口地址"))


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Anything unforeseen: logged in full, told without a word of it."""
    if isinstance(error, RequestDataTooBig):
        return answer(request, 413, "too_large", _("请求内容太大"))
    if refusal := busy.find(error):
        logger.warning("the database is busy", exc_info=error)
        return refused(request, refusal)
    if isinstance(error, (OverflowError, DataError)):
        logger.warning("out of range: %s %s", request.method, request.path, exc_info=error)
        return answer(request, 422, "out_of_range", _("有数字或日期超出系统能存的范围，请检查"))
    logger.error("unforeseen: %s %s", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return answer(request, 500, "internal_error", _("服务器出错，请把请求编号告诉管理员"))


def attach(api) -> None:
    """Make the API answer with problem documents."""
    api.add_exception_handler(Refusal, refused)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, http_error)
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(Exception, failed)
