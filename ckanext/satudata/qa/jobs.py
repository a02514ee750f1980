"""The background job: judge one file, keep the report. Whatever happens, the run ends as ``done`` or ``failed``."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ckan import model

from ckanext.satudata.qa import content, facts, judged, process, rules, tell
from ckanext.satudata.qa import model as tables

log = logging.getLogger(__name__)

# Something outside the file stopped the check; the same file may pass the next time, so no report is kept.
PASSING = {"missing": "gone", "out_of_time": "too_long", "out_of_memory": "killed", "stopped": "crashed"}


def timeout() -> int:
    """Seconds a job may take in all."""
    return process.seconds() + 4 * process.GRACE


def check(run_id: str) -> None:
    """Do the check ``run_id`` if it still waits; otherwise nothing."""
    run = tables.claim_run(run_id)
    if run is None:
        return
    outcome: dict[str, Any] = {"state": "failed", "error": "interrupted"}
    try:
        outcome = _outcome(run)
    except process.Stopped as stopped:
        outcome = {"state": "failed", "error": stopped.code}
    except (OSError, ValueError, KeyError, RuntimeError):
        log.exception("check %s of resource %s failed", run_id, run["resource_id"])
        outcome = {"state": "failed", "error": "crashed"}
    finally:
        # Also when the job's own time ran out, which arrives here as an exception from anywhere.
        if outcome["state"] == "failed":
            model.Session.rollback()
        tables.change_run(run_id, finished=tables.now(), **outcome)
        tell.desk(run["package_id"])
        tables.forget_old_runs(run["resource_id"])


def _outcome(run: Mapping[str, Any]) -> dict[str, Any]:
    resource = model.Resource.get(run["resource_id"])
    found = content.present(content.of_model(resource)) if resource is not None else None
    if found is None or found.file_key == content.GONE:
        raise process.Stopped("gone")
    if (found.file_key, found.dictionary_hash) != (run["file_key"], run["dictionary_hash"]):
        raise process.Stopped("superseded")
    book, known = rules.current(), found.facts
    about = facts.about(known, tables.header_before(found.resource_id, found.file_key))
    model.Session.rollback()  # no transaction stays open while the file is judged
    with tempfile.TemporaryDirectory(prefix="satudata-qa-") as folder:
        report = process.judge(found, book, about, Path(folder), lambda told: _pulse(run["id"], told))
        # Rules and description may have changed since the question was put; the run says what it was judged under.
        return {**_kept(found, report, about, Path(folder)), "rules_key": book.under(known)}


def _kept(found: content.Content, report: dict[str, Any], about: dict[str, Any], folder: Path) -> dict[str, Any]:
    unreadable = report["unreadable"]
    if unreadable and unreadable["code"] in PASSING:
        raise process.Stopped(PASSING[unreadable["code"]])
    try:
        sha256 = report["file"]["sha256"] or content.sha256_of(found.path)
    except FileNotFoundError as error:
        raise process.Stopped("gone") from error
    editions = {item["key"]: str(item["edition"]) for item in report["lists"]}
    key = content.content_hash(sha256, found.dictionary_hash, editions, about)
    judged.keep(key, report["rule_version"], folder)
    report_id = tables.keep_report(key, report)
    return {"state": "done", "error": None, "report_id": report_id, "sha256": sha256}


def _pulse(run_id: str, told: Mapping[str, Any]) -> None:
    tables.change_run(run_id, heartbeat=tables.now(), rows_done=told.get("done"), rows_total=told.get("of"))


def check_now(resource: Mapping[str, Any]) -> None:
    """Do the waiting check of a resource here, or wait for the worker that has it."""
    found = content.present(resource)
    if found is None:
        return
    last = time.monotonic() + timeout()
    while time.monotonic() < last:
        run = tables.latest_run(found.resource_id, found.file_key, found.dictionary_hash)
        if run is None or run["state"] not in tables.OPEN:
            return
        if run["state"] == "queued":
            check(run["id"])
        else:
            time.sleep(process.PULSE)
            model.Session.rollback()
