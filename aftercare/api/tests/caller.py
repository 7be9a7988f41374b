"""A test client that calls the API like a program does, and holds every answer against the OpenAPI document."""

import json
import re
import uuid
from functools import cache
from typing import Any

import jsonschema_rs
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftercare.api.app import api

_MARKS = ("BEGIN", "COMMIT", "ROLLBACK")


@cache
def document() -> dict:
    """The OpenAPI document as a client reads it."""
    return json.loads(json.dumps(api.document()))


@cache
def _addresses() -> list[tuple[re.Pattern, dict]]:
    found = []
    for path, operations in document()["paths"].items():
        pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))
        found.append((path.count("{"), re.compile(pattern), operations))
    # A literal segment wins over a parameter, as in the router.
    return [(pattern, operations) for _n, pattern, operations in sorted(found, key=lambda row: row[0])]


@cache
def _validator(schema: str):
    # Only the schemas that are reached: all of them take a tenth of a second each time.
    schemas, reached, new = document()["components"]["schemas"], {}, {schema}
    while new:
        names = {name for text in new for name in re.findall(r'"#/components/schemas/([^"]+)"', text)} - reached.keys()
        reached |= {name: schemas[name] for name in names}
        new = {json.dumps(schemas[name]) for name in names}
    whole = json.loads(schema) | {"components": {"schemas": reached}}
    return jsonschema_rs.validator_for(whole, validate_formats=True)


def operation_of(method: str, path: str) -> dict:
    """The documented operation behind an address."""
    for pattern, operations in _addresses():
        if pattern.fullmatch(path) and method.lower() in operations:
            return operations[method.lower()]
    raise AssertionError(f"{method} {path} is not documented")


def check(method: str, path: str, response) -> None:
    """The status is declared and the body fits its schema."""
    operation = operation_of(method, path)
    declared = operation["responses"].get(str(response.status_code))
    assert declared, f"{method} {path} answers {response.status_code}, undeclared: {response.content[:500]!r}"
    (media, content), = declared["content"].items()
    assert response["Content-Type"].split(";")[0] == media
    errors = list(_validator(json.dumps(content["schema"])).iter_errors(json.loads(response.content)))
    assert not errors, f"{method} {path}: {[(str(e.message), e.instance_path) for e in errors[:3]]}"


class Caller:
    """Calls as one person; writes get a fresh idempotency key unless one is given."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})
        self.statements = 0

    def get(self, path: str, **query: Any):
        return self._call("GET", path, None, {}, query)

    def post(self, path: str, body: dict | None = None, *, key: str | None = "", version: int | None = None):
        return self._call("POST", path, body or {}, _headers(key, version))

    def patch(self, path: str, body: dict, *, key: str | None = "", version: int | None = None):
        return self._call("PATCH", path, body, _headers(key, version))

    def put(self, path: str, body: dict, *, key: str | None = "", version: int | None = None):
        return self._call("PUT", path, body, _headers(key, version))

    def delete(self, path: str, *, key: str | None = "", version: int | None = None):
        return self._call("DELETE", path, None, _headers(key, version))

    def _call(self, method: str, path: str, body: dict | None, headers: dict, query: dict | None = None):
        address = "/api/v1" + path
        data = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        with CaptureQueriesContext(connection) as captured:
            response = self.client.generic(method, address, **data, headers=headers, query_params=query or None)
        sent = [query["sql"] for query in captured.captured_queries]
        self.statements = sum(not sql.startswith(_MARKS) for sql in sent)
        self.sent = sent
        check(method, address, response)
        return response


def _headers(key: str | None, version: int | None) -> dict:
    headers = {}
    if key is not None:
        headers["Idempotency-Key"] = key or uuid.uuid4().hex
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    return headers


def problem(response, status: int, code: str | None = None) -> dict:
    """The problem document of a refused call."""
    assert response.status_code == status, (response.status_code, response.content.decode()[:500])
    body = response.json()
    assert code is None or body["code"] == code, body
    return body


def done(response, status: int = 200) -> dict:
    """The body of a call that went well."""
    assert response.status_code == status, (response.status_code, response.content.decode()[:800])
    return response.json()
