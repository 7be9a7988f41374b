"""How often strangers may do something: counted in the database, so that all processes count together."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import connection

from aftercare.foundation.models import Throttle

_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def hit(key: str, *, limit: int, per: dt.timedelta, at: dt.datetime) -> bool:
    """Count one more of `key`; False when that is more than `limit` in this window of `per` (windows do not slide)."""
    began = _EPOCH + ((at - _EPOCH) // per) * per
    digest = hashlib.sha256(key.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_throttle (key, began_at, hits) VALUES (%s, %s, 1) "
            "ON CONFLICT (key, began_at) DO UPDATE SET hits = foundation_throttle.hits + 1 RETURNING hits",
            [digest, began],
        )
        return cursor.fetchone()[0] <= limit


def forget(*, before: dt.datetime) -> None:
    """Drop what was counted in windows that began before then."""
    Throttle.objects.filter(began_at__lt=before).delete()
