"""Single buttons: a POST without inputs, done once for its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from aftercare.foundation.access import Actor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import page


def view(permission: str, name: str, run: Callable[..., str], *, done: Any = ""):
    """The view of a button: `run(*keys, actor, at)` does it and answers the address to go on with.

    `keys` are the captured parts of the address, in their order.
    """

    @page(permission)
    @require_POST
    def press(request: HttpRequest, **keys: Any) -> HttpResponse:
        def act(*, actor: Actor, at) -> str:
            return run(*keys.values(), actor=actor, at=at)

        return perform(request, f"{name}:{'/'.join(str(k) for k in keys.values())}", act, done=done)

    return press
