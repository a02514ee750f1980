"""Workers without the second that Python needs to start: one process that has read everything forks for each job.

A line of JSON in (a job of ``core/qa/worker.py``), a line out: ``{"status": …, "seconds": …, "rss_mb": …,
"errors": …}``. The child judges by ``worker.work`` within the same limits of the kernel, and is ended by an alarm
when its time is up.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from typing import Any


def main() -> None:
    """Serve jobs until the input ends."""
    from ckanext.satudata.core.qa import worker

    _read_everything()
    for line in sys.stdin:
        print(json.dumps(_in_a_child(worker, json.loads(line))), flush=True)


def _read_everything() -> None:
    from importlib import import_module

    for module in ("polars", "python_calamine", "yaml"):
        import_module(module)
    package = "ckanext.satudata.core"
    for module in ("qa.engine", "qa.rows", "qa.table.reader", "qa.table.workbook", "reference.rulebook"):
        import_module(f"{package}.{module}")
    from ckanext.satudata.core.qa import checklist

    checklist.load()


def _in_a_child(worker: Any, job: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            os.dup2(errors.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            _be_the_worker(worker, job)
        _, status, usage = os.wait4(child, 0)
        errors.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "seconds": time.monotonic() - started,
            "rss_mb": usage.ru_maxrss / 1024,
            "errors": errors.read(4_000).decode("utf-8", "replace"),
        }


def _be_the_worker(worker: Any, job: dict[str, Any]) -> None:
    """Never returns: the child ends here, whatever happens."""
    status = 1
    try:
        checked = worker.Job.from_dict(job)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, checked.seconds)
        status = worker.work(checked)
    except BaseException:  # noqa: BLE001 - told to whoever asked, and the child must not go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
