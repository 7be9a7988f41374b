"""What every answer carries: a request id, a log line, counters, and the headers that keep browsers strict."""

import logging
import re
import threading
import time
import uuid
from collections import Counter

from aftercare.config import logs

logger = logging.getLogger("aftercare.request")

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class Counters:
    """Requests of this process by status class, and their seconds; read by /metrics."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: Counter[str] = Counter()
        self.seconds = 0.0

    def add(self, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self.requests[f"{status // 100}xx"] += 1
            self.seconds += seconds


counters = Counters()


def request_id(get_response):
    """Give the request an id (the proxy's, when it sent a decent one), log it, count it."""

    def middleware(request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        token = logs.request_id.set(request.id)
        began = time.perf_counter()
        try:
            response = get_response(request)
            seconds = time.perf_counter() - began
            counters.add(response.status_code, seconds)
            logger.info(
                "%s %s %s", request.method, request.path, response.status_code, extra={"ms": round(seconds * 1000, 1)}
            )
        finally:
            logs.request_id.reset(token)
        response.headers["X-Request-ID"] = request.id
        return response

    return middleware


def security_headers(get_response):
    """Set the content security policy and its sisters; a view that needs another policy sets its own header."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response

    return middleware
