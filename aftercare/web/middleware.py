"""Deny by default: a view of this house without a declared policy does not run."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

# Rooms of others guard themselves; of ours, only pages are asked for a policy (the API has its own registry).
_ASKED = "aftercare.web."
# Assets, language and gallery carry nothing of the company.
_OPEN = ("aftercare.web.bundles", "aftercare.web.gallery")


def require_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that refuses to run a page whose author forgot to say who may open it."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if lacks_policy(view):
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} declares no policy")

    answer.process_view = process_view
    return answer


def lacks_policy(view: Callable) -> bool:
    """True for a page view of ours without `@page(...)`."""
    module = getattr(view, "__module__", "")
    return module.startswith(_ASKED) and not module.startswith(_OPEN) and not hasattr(view, "policy")
