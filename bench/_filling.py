"""Rows by the hundred thousand for benchmarks. Written below."""


def fill_orders(count: int, world) -> None:
    """Add that many orders."""
    raise SystemExit("this version cannot fill a database yet: use --orders 0")
