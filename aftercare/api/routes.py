"""How every route is made: reads answer JSON with a version, writes are done once per `Idempotency-Key`.

`Routes.add_api_operation` is the only way into the router, so no write can lack the key and no read can take
a parameter that it does not know.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params.models import ParamModel
from pydantic import BaseModel, ConfigDict, Field

from aftercare.api import auth, calls, late
from aftercare.api.answers import Answer
from aftercare.api.fields import Sought
from aftercare.api.problems import Asked
from aftercare.api.rows import Row, dumps
from aftercare.domain.journal import actions as journal
from aftercare.foundation import clock

# Of a thousand bodies and answers a process uses few: each builds its validator with its first use, not at every start.
for base in (Schema, ParamModel):
    base.model_config["defer_build"] = True
late.install()

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MEDIA_TYPE = "application/json; charset=utf-8"

KEY_PARAMETER = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "Made up by the caller, once per intended write; repeat it when the answer was lost. "
    "The repeat answers the same body with `Idempotency-Replayed: true`.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100}, "example": "5f1c6a3e-8d0b-4f0f-9d7c-1b2a3c4d5e6f",
}
MATCH_PARAMETER = {
    "name": "If-Match", "in": "header",
    "description": "The version that was read, from `ETag` or `version`; 412 when the row has changed since.",
    "schema": {"type": "string"}, "example": '"3"',
}


class Asking(BaseModel):
    """Parameters of every list."""

    model_config = ConfigDict(defer_build=True)

    q: Sought = Field("", description="Text to look for.")
    cursor: Annotated[str, Field(max_length=2000)] = Field("", description="`next` or `previous` of another page.")
    limit: Annotated[int, Field(ge=1, le=200)] = 80


@dataclass(frozen=True)
class Documented:
    """What the OpenAPI document tells of an operation's answers; no model is made of it before somebody asks."""

    answers: type[Row]
    is_page: bool
    status: int
    refuses: tuple[int, ...]


# operationIds that answer bytes, and those that take a file
BYTES: set[str] = set()
UPLOADS: set[str] = set()
# operationId -> its answers
DOCUMENTED: dict[str, Documented] = {}


class Routes(Router):
    """The routes of one subject."""

    def __init__(self, tag: str) -> None:
        super().__init__(tags=[tag], auth=auth.CALLERS)

    def read(self, path: str, answers: type[Row], **options: Any):
        """A GET that answers one thing; with `of_state` only while a document is in a state for it (409)."""
        return self._add("GET", path, answers, 200, **options)

    def list(self, path: str, row: type[Row], **options: Any):
        """A GET that answers a page of rows."""
        return self._add("GET", path, row, 200, is_page=True, **options)

    def create(self, path: str, answers: type[Row], **options: Any):
        """A POST that makes a row: 201 with its `Location`."""
        return self._add("POST", path, answers, 201, **options)

    def act(self, path: str, answers: type[Row], **options: Any):
        """A POST that makes something happen."""
        return self._add("POST", path, answers, 200, **options)

    def edit(self, path: str, answers: type[Row], **options: Any):
        """A PATCH of named fields; needs `If-Match`."""
        return self._add("PATCH", path, answers, 200, **options)

    def replace(self, path: str, answers: type[Row], **options: Any):
        """A PUT of a whole set."""
        return self._add("PUT", path, answers, 200, **options)

    def upload(self, path: str, answers: type[Row], **options: Any):
        """A POST of a file as `multipart/form-data`: 201 with what was kept."""
        return self._add("POST", path, answers, 201, written=_handed_in, **options)

    def download(self, path: str, **options: Any):
        """A GET that answers bytes."""
        def decorate(view: Callable):
            BYTES.add(view.__name__)
            return self._add("GET", path, Row, 200, read=_raw, **options)(view)

        return decorate

    def remove(self, path: str, answers: type[Row], **options: Any):
        """A DELETE."""
        return self._add("DELETE", path, answers, 200, **options)

    def _add(self, method: str, path: str, answers: type[Row], status: int, *, match: bool = False,
             needs_version: bool = False, is_page: bool = False, written: Callable | None = None,
             read: Callable | None = None, of_state: bool = False, **options: Any):
        def decorate(view: Callable):
            codes = {400, 401, 403, 404, 406, 422} | ({409} if of_state else set())
            parameters = []
            if method in WRITES:
                codes |= {409, 413, 415}
                parameters.append(KEY_PARAMETER)
            if method == "PATCH" or needs_version:
                codes |= {412, 428}
                parameters.append({**MATCH_PARAMETER, "required": True})
            elif match:
                codes |= {412}
                parameters.append(MATCH_PARAMETER)
            DOCUMENTED[view.__name__] = Documented(answers, is_page, status, tuple(sorted(codes)))
            self.add_api_operation(
                path, [method], view, operation_id=view.__name__, wrap=written or read,
                openapi_extra={"parameters": parameters} if parameters else None, **options,
            )
            return view

        return decorate

    def add_api_operation(self, path: str, methods, view_func: Callable, *, wrap: Callable | None = None,
                          **options: Any) -> None:
        """Register a route, wrapped."""
        method, = methods
        if method in WRITES:
            view = (wrap or _written)(method, path, view_func)
        else:
            view = (wrap or _read)(view_func)
        view.is_done_once = method in WRITES
        super().add_api_operation(path, methods, view, **options)


def _read(view: Callable) -> Callable:
    @functools.wraps(view)
    def run(request: HttpRequest, **inputs: Any) -> HttpResponse:
        _require_known_parameters(request, run)
        given = _as_answer(view(request, **inputs))
        return _response(given.status, dumps(given.data), _headers(given))

    return run


def _written(method: str, path: str, view: Callable) -> Callable:
    operation = f"{method} {path}"

    @functools.wraps(view)
    def run(request: HttpRequest, **inputs: Any) -> HttpResponse:
        _require_known_parameters(request, run)
        key = calls.idempotency_key(request)
        if method == "PATCH":
            calls.version_edited(request)

        def perform() -> tuple[int, str, dict]:
            given = _as_answer(view(request, **inputs))
            return given.status, dumps(given.data), _headers(given)

        status, text, headers, replayed = journal.once(
            actor=calls.caller(request), operation=operation, key=key, at=clock.now(), perform=perform,
            request=journal.request_digest(request.path, request.headers.get("If-Match", ""), request.body),
        )
        if replayed:
            headers = {**headers, "Idempotency-Replayed": "true"}
        return _response(status, text, headers)

    return run


def _handed_in(method: str, path: str, view: Callable) -> Callable:
    """A write whose body is a file: `view` looks at it and gives back its sum and what is still to be done."""
    operation = f"{method} {path}"

    @functools.wraps(view)
    def run(request: HttpRequest, **inputs: Any) -> HttpResponse:
        _require_known_parameters(request, run)
        key = calls.idempotency_key(request)
        # Before the transaction: making a picture anew takes longer than a lock should be held.
        digest, keep = view(request, **inputs)

        def perform() -> tuple[int, str, dict]:
            given = _as_answer(keep())
            return given.status, dumps(given.data), _headers(given)

        # A multipart body differs from one sending to the next by its boundary, so its content is compared.
        status, text, headers, replayed = journal.once(
            actor=calls.caller(request), operation=operation, key=key, at=clock.now(), perform=perform,
            request=journal.request_digest(request.path, digest),
        )
        if replayed:
            headers = {**headers, "Idempotency-Replayed": "true"}
        return _response(status, text, headers)

    UPLOADS.add(view.__name__)
    return run


def _raw(view: Callable) -> Callable:
    @functools.wraps(view)
    def run(request: HttpRequest, **inputs: Any) -> HttpResponse:
        _require_known_parameters(request, run)
        return view(request, **inputs)

    return run


def _as_answer(given: Any) -> Answer:
    return given if isinstance(given, Answer) else Answer(given)


def _headers(given: Answer) -> dict[str, str]:
    if given.version is None:
        return given.headers
    return {**given.headers, "ETag": f'"{given.version}"'}


def _response(status: int, text: str, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=headers)


def _require_known_parameters(request: HttpRequest, run: Callable) -> None:
    # A mistyped filter that is ignored would answer the whole list.
    if not request.GET:
        return
    known = set()
    for model in run._ninja_operation.models:
        if model.__ninja_param_source__ == "query":
            known |= set(model.__ninja_flatten_map__)
    unknown = sorted(set(request.GET) - known)
    if unknown:
        raise Asked(400, "unknown_parameter", _("没有这个参数：%(name)s") % {"name": unknown[0][:60]}, field=unknown[0][:60])
