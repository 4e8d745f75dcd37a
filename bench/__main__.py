"""`python -m bench [NAME...]`."""

from __future__ import annotations

import sys

from bench import (
    agreement,
    beside,
    course,
    ensembles,
    g1,
    g2,
    g3,
    members,
    models_memory,
    public_rows,
    reading,
    real_data,
    report,
    results,
    s1,
    startup,
    t1,
    t2,
    verdicts,
)
from bench.processes import machine

BENCHMARKS = {
    "startup": startup.main,
    "T1": t1.main,
    "T2": t2.main,
    "G1": g1.main,
    "G2": g2.main,
    "G3": g3.main,
    "S1": s1.main,
    "members": members.main,
    "models_memory": models_memory.main,
    "reading": reading.main,
    "results": results.main,
    "real_data": real_data.main,
    "verdicts": verdicts.main,
    "agreement": agreement.main,
    "report": report.main,
    "ensembles": ensembles.main,
    "course": course.main,
    "public_rows": public_rows.main,
    "beside": beside.main,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        raise SystemExit(f"no benchmark {unknown[0]!r}; there are: {', '.join(BENCHMARKS)}")
    print(machine())
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
