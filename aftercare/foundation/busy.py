"""The database could not let somebody write in time: told as a refusal, since nothing was changed and a repeat will do."""

from __future__ import annotations

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.refusals import Refusal

# PostgreSQL: a deadlock was broken up, a lock did not come in time, two transactions could not be put in an order.
_PASSING = {"40P01", "55P03", "40001"}


class Busy(Refusal):
    """Too many want to write; whoever sends the same again, with the same key, is served and makes nothing twice."""

    status = 503
    default_code = "busy"
    headers = {"Retry-After": "2"}


def find(error: BaseException | None) -> Busy | None:
    """The refusal that this error of the database amounts to; None when it is another error."""
    if not isinstance(error, OperationalError):
        return None
    cause = error.__cause__
    if "locked" in str(error) or getattr(cause, "sqlstate", None) in _PASSING or type(cause).__name__ == "PoolTimeout":
        return Busy(_("系统正忙，这次没有保存，请稍后再试一次"))
    return None
