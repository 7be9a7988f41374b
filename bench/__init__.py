"""Benchmarks: `aftercare bench NAME` runs `bench/NAME.py`, a module with `run(argv) -> int | None`."""
