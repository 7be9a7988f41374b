"""Proofs: `aftercare prove NAME` runs `bench/prove/NAME.py`, a module with `run(argv)`; all take `--short`."""
