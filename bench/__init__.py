"""Measurements, printed as tables: `python -m bench --help`. Figures are kept in docs/benchmarks.md; they are never tests."""
