"""Compare two judged tables in a process of its own, and keep the answer for a day.

An answer holds cells of both versions: it is kept only while both judged tables are, the tick removes the others.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

log = logging.getLogger(__name__)

WORKER = "ckanext.satudata.core.compare.worker"
SECONDS = 60  # a person waits
GRACE = 5
DAY = 24 * 60 * 60
STEP = 500  # pages are made from these places on, twice as long, so that every page of 500 rows lies in one
FORMAT = 1

Page = Mapping[str, Any]


class Failed(Exception):  # noqa: N818 - an ordinary end of a comparison
    """There is no answer: the tables are too large for the limits, or the process was stopped."""


def compared(order: Mapping[str, Any], pages: Sequence[Page]) -> list[dict[str, Any]]:
    """The diff of two tables once for each of ``pages`` (``{"kind", "offset", "limit"}``), each with its rows.

    Raises :class:`Failed`.
    """
    place = _folder() / _digest([order["old"]["rows"], order["new"]["rows"]])
    blocks = [{"kind": page["kind"], "offset": page["offset"] // STEP * STEP, "limit": 2 * STEP} for page in pages]
    paths = [place / f"{_digest([FORMAT, order, block])}.json" for block in blocks]
    if not all(path.is_file() for path in paths):
        place.mkdir(parents=True, exist_ok=True)
        with _alone(place):
            missing = {path: block for path, block in zip(paths, blocks, strict=True) if not path.is_file()}
            if missing:
                _make(order, place, missing)
    return [_cut(json.loads(path.read_text("utf-8")), page) for path, page in zip(paths, pages, strict=True)]


def sweep(now: float | None = None) -> int:
    """Tick: remove answers that are a day old or whose judged tables are gone; how many folders went."""
    if not tk.config.get("ckan.storage_path"):
        return 0
    moment = now if now is not None else time.time()
    gone = [place for place in _folder().glob("*/") if _is_over(place, moment)]
    for place in gone:
        shutil.rmtree(place, ignore_errors=True)
    return len(gone)


def _is_over(place: Path, moment: float) -> bool:
    try:
        sources = json.loads((place / "sources.json").read_text("utf-8"))
        return moment - place.stat().st_mtime > DAY or not all(Path(source).is_file() for source in sources)
    except (OSError, ValueError):
        return moment - place.stat().st_mtime > DAY if place.is_dir() else False


def _make(order: Mapping[str, Any], place: Path, missing: Mapping[Path, Mapping[str, Any]]) -> None:
    (place / "sources.json").write_text(json.dumps([order["old"]["rows"], order["new"]["rows"]]), "utf-8")
    out = place / f".answer.{os.getpid()}"
    limits = {"seconds": SECONDS, "memory_mb": int(tk.config["ckanext.satudata.qa.memory_mb"])}
    try:
        _run({**order, "pages": list(missing.values()), "limits": limits, "out": str(out)})
        diffs = json.loads(out.read_text("utf-8"))["diffs"]
    finally:
        out.unlink(missing_ok=True)
    for path, diff in zip(missing, diffs, strict=True):
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(diff, ensure_ascii=False), "utf-8")
        beside.replace(path)


def _run(job: Mapping[str, Any]) -> None:
    environment = {**os.environ, "POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", "2")}
    process = subprocess.Popen(
        [sys.executable, "-m", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment,
    )
    try:
        _, said = process.communicate(json.dumps(job).encode(), timeout=SECONDS + GRACE)
    except subprocess.TimeoutExpired as error:
        raise Failed("it took too long") from error
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.returncode != 0:
        log.error(
            "comparing tables ended with status %s: %s", process.returncode, said[-2000:].decode(errors="replace")
        )
        raise Failed(f"status {process.returncode}")


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Whoever asks the same at the same time waits and finds the answer."""
    with (place / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cut(diff: dict[str, Any], page: Page) -> dict[str, Any]:
    start = page["offset"] - diff["offset"]
    return {**diff, "offset": page["offset"], "rows": diff["rows"][start : start + page["limit"]]}


def _folder() -> Path:
    storage = tk.config.get("ckan.storage_path")
    if not storage:
        raise RuntimeError("ckan.storage_path is not set")
    return Path(storage) / "satudata" / "compared"


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]
