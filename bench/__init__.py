"""Benchmarks: `aftercare bench NAME`. Figures and method stand in docs/performance.md."""
