"""Start the process that judges a file, watch it, and end it with everything it started.

The contract is written in ``core/qa/worker.py``. The process has a time and a memory limit of its own and lives in its
own session: CKAN's job limit would leave it running.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import uploader

from ckanext.satudata.qa import judged, rules
from ckanext.satudata.qa.content import Content

log = logging.getLogger(__name__)

WORKER = "ckanext.satudata.core.qa.worker"
GRACE = 15  # seconds beyond the worker's own limit before it is killed
PULSE = 0.5  # seconds between two looks at it


class Stopped(Exception):  # noqa: N818 - an ordinary end of a check
    """The check gave no report; ``code`` says why (see :mod:`ckanext.satudata.qa.words`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def seconds() -> int:
    """What one check may take, by configuration."""
    return int(tk.config["ckanext.satudata.qa.seconds"])


def judge(
    found: Content, book: rules.Rules, about: dict[str, Any], folder: Path, pulse: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Judge the file of ``found`` and return the report as a dict; the judged tables are left in ``folder``.

    ``about`` is what is known beside the file (:func:`ckanext.satudata.qa.facts.about`).

    ``pulse`` is called about twice a second with what is known of the progress: ``{}`` or ``{step, done, of}``.
    Raises :class:`Stopped` when there is no report.
    """
    order = _order(found, book, about, folder)
    progress = folder / "progress.json"
    status = _run(order, lambda: pulse(_read(progress)))
    if status != 0:
        log.error("checking %s: the judging process ended with status %s", found.resource_id, status)
        raise Stopped("crashed" if status > 0 else "killed")
    return json.loads((folder / "report.json").read_text("utf-8"))


def mend(found: Content, accepted: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Make the mended file; ``accepted`` is the job's ``mend``. Returns the worker's answer: ``mended``, ``refused`` or
    ``unreadable``. Raises :class:`Stopped` when there is none.
    """
    order = {
        "format": 1,
        "path": str(found.path),
        "name": found.name,
        "limits": _limits(),
        "mend": accepted,
        "report_out": str(folder / "answer.json"),
    }
    status = _run(order, lambda: None)
    if status != 0:
        log.error("mending %s: the process ended with status %s", found.resource_id, status)
        raise Stopped("crashed" if status > 0 else "killed")
    return json.loads((folder / "answer.json").read_text("utf-8"))


def _limits() -> dict[str, int]:
    return {
        "seconds": seconds(),
        "memory_mb": int(tk.config["ckanext.satudata.qa.memory_mb"]),
        "file_mb": max(200, uploader.get_max_resource_size()),
    }


def _order(found: Content, book: rules.Rules, about: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {
        "format": 1,
        "path": str(found.path),
        "name": found.name,
        "dictionary": [dict(column) for column in found.dictionary] or None,
        "lists": [book.lists[key] for key in sorted(book.lists)],
        "about": about,
        "checklist": book.checklist,
        "rulebooks": list(book.rulebooks),
        "limits": _limits(),
        "report_out": str(folder / "report.json"),
        "progress_out": str(folder / "progress.json"),
        **{f"{kind}_out": str(folder / name) for kind, name in judged.FILES.items()},
    }


def _run(order: dict[str, Any], pulse: Callable[[], None]) -> int:
    environment = {**os.environ, "POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", "2")}
    process = subprocess.Popen(
        [sys.executable, "-m", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=environment,
    )
    try:
        _tell(process, order)
        last = time.monotonic() + seconds() + GRACE
        while time.monotonic() < last:
            try:
                return process.wait(PULSE)
            except subprocess.TimeoutExpired:
                pulse()
        raise Stopped("too_long")
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tell(process: subprocess.Popen[bytes], order: dict[str, Any]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(json.dumps(order).encode())
        process.stdin.close()


def _read(progress: Path) -> dict[str, Any]:
    try:
        return json.loads(progress.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
