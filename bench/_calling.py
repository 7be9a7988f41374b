"""How benchmarks call the API: over HTTP like a peer's client, or inside this process to count statements."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections import defaultdict
from typing import Any


class Refused(Exception):
    """The API answered with another status than 2xx."""

    def __init__(self, name: str, status: int, body: Any) -> None:
        super().__init__(f"{name}: {status} {str(body)[:400]}")
        self.status, self.code = status, body.get("code") if isinstance(body, dict) else ""


class Book:
    """What the calls of a run took, by the call's name: seconds (or statements) of each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.taken: dict[str, list[float]] = defaultdict(list)

    def add(self, name: str, value: float) -> None:
        """Note one call."""
        with self._lock:
            self.taken[name].append(value)


class Http:
    """One kept connection to the server that speaks with many tokens."""

    def __init__(self, port: int, tokens: dict[str, str], book: Book | None = None) -> None:
        self.port, self.tokens, self.book = port, tokens, book
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def call(self, who: str, method: str, path: str, body: dict | None = None, *, name: str = "") -> Any:
        """Make one call and give its body; raises Refused."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": uuid.uuid4().hex}
        data = None
        if method != "GET":
            data = json.dumps(body or {}).encode()
            headers["Content-Type"] = "application/json"
        began = time.perf_counter()
        self._connection.request(method, "/api/v1" + path, body=data, headers=headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if self.book is not None:
            self.book.add(name or path, time.perf_counter() - began)
        return _done(name or path, answer.status, text)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class Inside:
    """The same calls without a server: what they send to the database is counted in `book`."""

    def __init__(self, tokens: dict[str, str], book: Book) -> None:
        from django.test import Client

        self.tokens, self.book = tokens, book
        self._client = Client(SERVER_NAME="localhost")

    def call(self, who: str, method: str, path: str, body: dict | None = None, *, name: str = "") -> Any:
        """Make one call and give its body; raises Refused."""
        from django.db import connection

        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": uuid.uuid4().hex}
        given = {} if method == "GET" else {"data": json.dumps(body or {}), "content_type": "application/json"}
        sent = []

        def count(execute, sql, params, many, context):
            sent.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            answer = self._client.generic(method, "/api/v1" + path, headers=headers, **given)
        self.book.add(name or path, sum(not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")) for sql in sent))
        return _done(name or path, answer.status_code, answer.content)

    def close(self) -> None:
        """Nothing to hang up."""


def _done(name: str, status: int, text: bytes) -> Any:
    body = json.loads(text) if text else None
    if not 200 <= status < 300:
        raise Refused(name, status, body)
    return body
