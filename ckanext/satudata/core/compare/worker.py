"""Compare two judged tables in a process of its own: ``python -m ckanext.satudata.core.compare.worker``.

polars starts threads, and a process that forked after that hangs; the web server and the job worker fork. Besides, the
kernel holds this process to a time and an amount of memory.

**Input**, one JSON object on standard input, UTF-8::

    {
      "format": 1,
      "old": {"rows": "/…/rows.csv", "places": "/…/cells.csv" or null,
              "columns": [{"name": "Jumlah", "type": "integer", "amount": true, "coded": false}]},
      "new": {…},
      "key": ["Kecamatan", "Tahun"],
      "renamed": {"Jumlah": "jml"},          name in the new version → in the old one
      "period": "Tahun" or null,
      "pages": [{"kind": "changed" | "added" | "removed" | null, "offset": 0, "limit": 50}],
      "limits": {"seconds": 60, "memory_mb": 2048},
      "out": "/…/answer.json"                written at the end, in one rename
    }

**Exit status** ``0``: ``out`` holds ``{"format": 1, "diffs": [one for each page, see TableDiff.to_dict()]}``. ``64``:
the job is wrong, one line on standard error. Anything else: it was stopped or ran out of memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

FORMAT = 1
WRONG_JOB = 64
_MB = 1 << 20


def main() -> int:
    """Read the job from standard input and do it; returns the exit status."""
    try:
        job: dict[str, Any] = json.loads(sys.stdin.buffer.read())
        if job["format"] != FORMAT:
            raise ValueError(f"format {job['format']!r} is not known")
        out = Path(job["out"])
    except (ValueError, KeyError, TypeError) as error:
        print(f"job: {error!r}", file=sys.stderr)
        return WRONG_JOB
    _limit(job.get("limits") or {})
    answer = {"format": FORMAT, "diffs": work(job)}
    beside = out.with_name(f"{out.name}.{os.getpid()}.part")
    beside.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    beside.replace(out)
    return 0


def work(job: dict[str, Any]) -> list[dict[str, Any]]:
    """The diffs of a job, in this process."""
    from ckanext.satudata.core.compare.tables import Comparison

    found = Comparison(_side(job["old"]), _side(job["new"]), job["key"], renamed=job.get("renamed") or {})
    return [
        found.answer(
            period=job.get("period"), kind=page.get("kind"), offset=int(page["offset"]), limit=int(page["limit"])
        ).to_dict()
        for page in job["pages"]
    ]


def _side(told: dict[str, Any]) -> Any:
    from ckanext.satudata.core.compare.tables import Column, Side

    columns = tuple(Column(**column) for column in told["columns"])
    return Side(Path(told["rows"]), columns, Path(told["places"]) if told.get("places") else None)


def _limit(limits: dict[str, Any]) -> None:
    """Bounds the kernel holds; address space is not resident memory, threads reserve some that they never touch."""
    import resource

    seconds, memory = int(limits.get("seconds", 60)), int(limits.get("memory_mb", 2048))
    for what, bound in (
        (resource.RLIMIT_CPU, (seconds * 2, seconds * 2 + 5)),
        (resource.RLIMIT_AS, ((memory + 1024) * _MB, (memory + 1024) * _MB)),
        (resource.RLIMIT_CORE, (0, 0)),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, bound)


if __name__ == "__main__":
    sys.exit(main())
