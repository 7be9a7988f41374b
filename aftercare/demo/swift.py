"""What may be quicker while a demo is made, because nothing of it can be lost that cannot be made again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import get_hasher
from django.db import connection


@contextmanager
def quick_hashes() -> Iterator[None]:
    """The password is printed for everybody, so few rounds do; the first sign-in makes them as many as usual."""
    hasher = type(get_hasher("default"))
    kept = getattr(hasher, "iterations", None)
    if kept is None:
        yield
        return
    hasher.iterations = 1000
    try:
        yield
    finally:
        hasher.iterations = kept


@contextmanager
def unsynced() -> Iterator[None]:
    """SQLite need not wait for the disk while a fresh demo is made; afterwards it does again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def few_collections() -> Iterator[None]:
    """The collector of cycles looks rarely: rows of finished orders are let go in any case."""
    kept = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*kept)
        gc.unfreeze()
