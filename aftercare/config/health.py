"""`/health` proves that the database takes writes; `/metrics` tells a monitor on the same machine how it goes."""

import logging
from ipaddress import ip_address

from django.db import Error, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from aftercare import __version__
from aftercare.config.middleware import counters
from aftercare.domain.journal import queries as journal

logger = logging.getLogger("aftercare.health")


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when a write goes through (it is rolled back), 503 when not. Needs no sign-in and tells no secret."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE django_migrations SET applied = applied WHERE id = 1")
            transaction.set_rollback(True)
    except Error:
        logger.exception("the database refused a write")
        return JsonResponse({"status": "failing", "database": "refuses writes"}, status=503)
    return JsonResponse({"status": "ok", "database": connection.vendor, "version": __version__})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters as text lines; for the same machine only, so that a proxy never shows them to the world."""
    if "X-Forwarded-For" in request.headers or not _is_local(request.META.get("REMOTE_ADDR", "")):
        raise Http404
    lines = [f'aftercare_info{{version="{__version__}",database="{connection.vendor}"}} 1']
    lines += [f'aftercare_requests_total{{status="{kind}"}} {n}' for kind, n in sorted(counters.requests.items())]
    lines += [f"aftercare_request_seconds_total {counters.seconds:.6f}"]
    lines += [f'aftercare_deliveries{{state="{state}"}} {n}' for state, n in journal.count_deliveries().items()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_local(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
