"""Who I am, and whether the door is open."""

from typing import Annotated

from aftercare import __version__
from aftercare.api import calls
from aftercare.api.routes import Routes
from aftercare.api.rows import From, Row

routes = Routes("Me")


class Health(Row):
    """The API answers."""

    status: str
    version: str


class Me(Row):
    """The caller, as his token or session makes him."""

    kind: str
    id: int | None
    name: str
    branch_id: int | None
    employee_id: int | None
    permissions: Annotated[list[str], From("reaches")]
    scopes: list[str] | None


@routes.read("/health", Health, auth=None)
def get_health(request):
    """Tell that the API answers; needs no sign-in."""
    return {"status": "ok", "version": __version__}


@routes.read("/me", Me)
def get_me(request):
    """Tell who the caller is and which permissions he holds anywhere."""
    actor = calls.caller(request)
    held = sorted(code for code in actor.reaches if code == "*" or actor.holds(code))
    return Me.of(actor, actor) | {"permissions": held, "scopes": sorted(actor.scopes) if actor.scopes is not None else None}
