"""Benchmarks: both sides in one run, whole processes, medians. `python -m bench` runs all, `python -m bench T1` one."""
