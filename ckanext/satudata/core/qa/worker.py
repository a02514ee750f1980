"""Judge one file in a process of its own: ``python -m ckanext.satudata.core.qa.worker``.

Contract (format 1)
===================

**Input**: one JSON object on standard input, UTF-8::

    {
      "format": 1,
      "path": "/var/lib/…/blob",            required; the file's own bytes
      "name": "rutilahu.csv",               the name people know; default: last part of path
      "table": null,                        sheet to judge; null = the sheet with most rows (all sheets are listed)
      "dictionary": [                       the data dictionary (``kamus_data``), or null: one is proposed and used
        {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit", "daftar": null,
         "edisi": null, "wajib": true, "kunci": false, "definisi": "…", "nilai": ["…"]}
      ],
      "lists": ["/…/wilayah_kemendagri.json"],  {"key","title","edition","entries":[[code,name,parent],…]}
      "about": {"today": "2024-03-10"},     what is known beside the file, or null: see core/qa/about.py
      "checklist": "umum",                  file in rulebook/checklists; null = "umum"
      "rulebooks": [],                      folders that come before our own rulebook (ISatudata.satudata_rulebooks)
      "limits": {"seconds": 300, "memory_mb": 2048, "file_mb": 200},   each optional
      "report_out": "/…/report.json",       required; written at the end, in one rename
      "rows_out": null,                     typed CSV for the DataStore loader (see below)
      "csv_out": null,                      the same for people: cells a spreadsheet would run as a formula are disarmed
      "cells_out": null,                    the judged cells as they stand in the file, for the preview (see below)
      "changes_out": null,                  every change the machine could make (see below)
      "mend": null,                         instead of judging: make the mended file (see below)
      "progress_out": null                  {"step": "read"|"judge"|"write", "done": rows, "of": rows|null}
    }

**Exit status**: ``0`` the report was written, also when the file is unreadable or a limit was passed (then the report
says so, with a sentence); ``64`` the job itself is wrong (one line on standard error). Anything else means that the
worker was killed from outside. The caller starts it with ``start_new_session=True``, kills the process group when it
gives up, and needs no limit of its own beyond ``limits.seconds`` + 10.

**The report** (``report_out``) is ``core/qa/report.py: Report.to_dict()``. Read it with ``Report.from_dict`` (needs no
polars, safe in a web process). Its keys::

    format        1
    rule_version  hash over check ids, versions, parameters
    checklist     "umum"
    file          {name, size, sha256, kind: csv|xlsx|xls|ods, encoding, bom, delimiter, line_ends, final_newline, …}
    unreadable    null, or {code, parameters}: nothing could be judged; words by ``Report.why_unreadable(language)``
    tables        [{name, judged, header: [names], header_rows: [first, last] or null, first_row, last_row, rows,
                    outside: [{kind: title|blank|column_numbers|total|note|empty_column, rows: [first, last], text}]}]
    dictionary    the columns judged by, as plain dicts;  dictionary_given: bool
    proposed_dictionary   the same shape, each with "why": {"id": …, "en": …} for the person who confirms
    lists         [{key, title, edition, entries}]
    findings      [{check, variant, severity: error|warning|question|info, table, column, count, rows: [[64,66],…],
                    rows_complete, samples: [{row, column, value, proposal, note}], parameters, points,
                    cells: digests by which its cells are known again in another file (core/qa/recognised.py)}]
                  in the order in which they should be mended
    passed        [{check, table}]
    not_applicable [{check, table, reason, missing}]   missing = the source that is not there (a list key), or null
    counts        {error, warning, question, info}: number of findings; rows_hit: rows with an error; rows
    score         0–100, or null when unreadable
    outputs       {"rows": {"rows": n, "columns": [{id, kolom, label, type, satuan,
                    info}]}, "cells": {…index…}} or {}

``Report.first_things(language)``, ``sentences(finding, language)`` and ``check_title(id, language)`` give the words.

**rows_out**: UTF-8, comma, LF, a header line, then every judged row in file order (total and note lines left out).
Header = ``kolom`` of the dictionary or of the file. ``columns[].id`` is the same name made safe for the DataStore
(unique, at most 63 bytes, no quote, no leading underscore); ``columns[].type`` is ``text``, ``integer``, ``number``,
``date`` or ``boolean``; ``columns[].info`` is what CKAN keeps as the data dictionary of the DataStore. Integers and
numbers are plain (``1474``, ``63.44``), dates ISO, booleans ``true``/``false``, missing is the empty cell. A column in
which one cell does not fit its type is written as ``text``, so nothing is lost and a ``COPY`` never fails.

**cells_out**: CSV without header, first field the physical row, then the cells. Read windows of it with
``core/qa/window.py: window(path, index, offset=…, limit=…)`` or ``around(path, index, rows=[…], margin=2)``, standard
library only, where ``index`` is ``report["outputs"]["cells"]``. Where a check conceals personal data, their cells are
masked here as in the findings: people look at this file, and at no other.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.checklist import Checklist
    from ckanext.satudata.core.qa.report import Report
    from ckanext.satudata.core.qa.table.model import Source

FORMAT = 1
WRONG_JOB = 64
_MB = 1 << 20
_OUTPUTS = ("rows_out", "csv_out", "cells_out", "changes_out", "progress_out")
_KNOWN = {
    *("format", "path", "name", "table", "dictionary", "lists", "about", "checklist", "rulebooks", "limits"),
    "report_out",
    "mend",
    *_OUTPUTS,
}


class JobError(ValueError):
    """The job itself is wrong: a mistake of the caller, not of the file."""


@dataclass(frozen=True)
class Job:
    """One job, checked."""

    path: Path
    name: str
    report_out: Path
    table: str | None = None
    dictionary: list[dict[str, Any]] | None = None
    lists: list[Path] = field(default_factory=list[Path])
    about: dict[str, Any] = field(default_factory=dict[str, Any])
    checklist: str | None = None
    rulebooks: list[Path] = field(default_factory=list[Path])
    seconds: int = 300
    memory_mb: int = 2048
    file_mb: int = 200
    rows_out: Path | None = None
    csv_out: Path | None = None
    cells_out: Path | None = None
    changes_out: Path | None = None
    progress_out: Path | None = None
    mend: dict[str, Any] | None = None

    @classmethod
    def from_dict(cls, data: Any) -> Job:
        """Check a job; raises :class:`JobError` with one line that says what is wrong."""
        if not isinstance(data, dict):
            raise JobError("the job is no JSON object")
        job: dict[str, Any] = {str(key): value for key, value in data.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if job.get("format", FORMAT) != FORMAT:
            raise JobError(f"format {job['format']!r} is not known")
        if unknown := set(job) - _KNOWN:
            raise JobError(f"unknown keys {sorted(unknown)}")
        if missing := [key for key in ("path", "report_out") if not job.get(key)]:
            raise JobError(f"missing keys {missing}")
        limits: dict[str, Any] = job.get("limits") or {}
        try:
            return cls(
                path=Path(job["path"]),
                # Names of files come from anywhere; half a character in one could not be written anywhere.
                name=str(job.get("name") or Path(job["path"]).name).encode("utf-8", "replace").decode("utf-8"),
                report_out=Path(job["report_out"]),
                table=job.get("table"),
                dictionary=job.get("dictionary"),
                lists=_paths(job.get("lists")),
                about=_about(job.get("about")),
                checklist=job.get("checklist"),
                rulebooks=_paths(job.get("rulebooks")),
                seconds=int(limits.get("seconds", 300)),
                memory_mb=int(limits.get("memory_mb", 2048)),
                file_mb=int(limits.get("file_mb", 200)),
                mend=_mend(job.get("mend")),
                **{key: Path(job[key]) if job.get(key) else None for key in _OUTPUTS},
            )
        except (TypeError, ValueError) as error:
            raise JobError(str(error)) from error


def _about(value: Any) -> dict[str, Any]:
    """Checked here, so that a wrong fact is a wrong job and no broken judgement."""
    from ckanext.satudata.core.qa.about import About

    about: dict[str, Any] = dict(value or {})
    About.from_dict(about)
    return about


def _mend(value: Any) -> dict[str, Any] | None:
    wanted = {"sha256", "digest", "changes", "kinds", "table", "as_csv", "file_out", "done_out"}
    if value is not None and set(value) != wanted:
        raise JobError(f"mend has the keys {sorted(wanted)}")
    return value


def _paths(values: list[str] | None) -> list[Path]:
    return [Path(value) for value in values or ()]


def main(arguments: list[str] | None = None) -> int:
    """Read the job from standard input; watch over a child that does the work, because a process that runs out of
    memory or time cannot be trusted to say so itself."""
    text = sys.stdin.buffer.read()
    try:
        job = Job.from_dict(json.loads(text))
    except (JobError, json.JSONDecodeError, UnicodeDecodeError) as error:
        print(f"job: {error}", file=sys.stderr)
        return WRONG_JOB
    if "--here" in (arguments if arguments is not None else sys.argv[1:]):
        return work(job)
    return _watch(job, text)


def _watch(job: Job, text: bytes) -> int:
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "ckanext.satudata.core.qa.worker", "--here"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", "2")},
    )

    def _stop(_number: int, _frame: object) -> None:
        child.kill()
        sys.exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, _stop)
    try:
        _, errors = child.communicate(text, timeout=job.seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return _give_up(job, "out_of_time", seconds=job.seconds)
    if child.returncode in (0, WRONG_JOB):
        sys.stderr.buffer.write(errors if child.returncode else b"")
        return child.returncode
    said = errors.decode("utf-8", "replace").lower()
    if child.returncode == -signal.SIGXCPU or time.monotonic() - started >= job.seconds:
        return _give_up(job, "out_of_time", seconds=job.seconds)
    # Rust aborts, Python raises, the kernel kills: three ways of one cause.
    starved = ("memory" in said and ("alloc" in said or "memoryerror" in said)) or "memoryerror" in said
    if starved or child.returncode in (-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT):
        return _give_up(job, "out_of_memory", memory_mb=job.memory_mb)
    sys.stderr.buffer.write(errors[-4000:])
    return _give_up(job, "stopped")


def _give_up(job: Job, code: str, **parameters: Any) -> int:
    from ckanext.satudata.core.qa.report import Report

    mended = [Path(job.mend[out]) for out in ("file_out", "done_out")] if job.mend is not None else []
    for path in (job.rows_out, job.csv_out, job.cells_out, job.changes_out, *mended):
        if path is not None:
            path.unlink(missing_ok=True)
    size = job.path.stat().st_size if job.path.exists() else None
    report = Report(
        rule_version="",
        checklist=job.checklist or "umum",
        file={"name": job.name, "size": size, "sha256": None, "kind": None},
        unreadable={"code": code, "parameters": {"name": job.name, **parameters}},
    )
    _write(job.report_out, report)
    return 0


def work(job: Job) -> int:
    """Judge in this process, within its limits; returns the exit status."""
    _limit(job)
    if job.mend is not None:
        from ckanext.satudata.core.qa.mending.working import mended

        _progress(job, "write", 0, None)
        _replace(job.report_out, json.dumps(mended(job.path, job.name, job.mend, job.file_mb * _MB)))
        return 0
    from ckanext.satudata.core.qa import checklist as checklists
    from ckanext.satudata.core.qa.dictionary import DictionaryError, from_dicts
    from ckanext.satudata.core.qa.engine import unreadable_report
    from ckanext.satudata.core.qa.lists import ListError, Lists
    from ckanext.satudata.core.qa.table import Limits, Unreadable, read

    try:
        rules = checklists.load(job.checklist, job.rulebooks)
        columns = from_dicts(job.dictionary) if job.dictionary is not None else None
        lists = Lists.from_files(job.lists)
        for rulebook in (*job.rulebooks, checklists.RULEBOOK):
            lists.add_rulebook(rulebook)
    except (checklists.ChecklistError, DictionaryError, ListError) as error:
        print(f"job: {error}", file=sys.stderr)
        return WRONG_JOB
    _progress(job, "read", 0, None)
    try:
        hold = any(out is not None for out in (job.rows_out, job.csv_out, job.cells_out, job.changes_out))
        source = read(job.path, name=job.name, limits=Limits(file_bytes=job.file_mb * _MB), hold=hold)
        report = _judge(job, source, columns, lists, rules)
    except Unreadable as why:
        size = job.path.stat().st_size if job.path.exists() else None
        file = {"name": job.name, "size": size, "sha256": None, "kind": None}
        report = unreadable_report(why, rules.name, rules.rule_version, file)
    _write(job.report_out, report)
    return 0


def _judge(job: Job, source: Source, columns: Any, lists: Any, rules: Checklist) -> Report:
    from dataclasses import replace

    from ckanext.satudata.core.qa.about import About
    from ckanext.satudata.core.qa.engine import judge
    from ckanext.satudata.core.qa.rows import laid_again, write_cells, write_typed

    rows = sum(table.height for table in source.tables) or None
    report = judge(
        source,
        columns,
        lists,
        rules,
        table=job.table,
        # Of a table that is judged part by part nobody knows the rows yet: then bytes are told.
        progress=lambda done, of: _progress(job, "judge", (rows or of) * done // max(of, 1), rows or of),
        about=About.from_dict(job.about),
    )
    if not any((job.rows_out, job.csv_out, job.cells_out, job.changes_out)):
        return report
    bound = laid_again(report, source)
    outputs: dict[str, Any] = {}
    _progress(job, "write", rows or 0, rows)
    if job.rows_out is not None or job.csv_out is not None:
        outputs["rows"] = write_typed(bound, job.rows_out, job.csv_out)
    if job.cells_out is not None:
        outputs["cells"] = write_cells(bound, job.cells_out, conceal=any(item.check.conceals for item in rules.items))
    if job.changes_out is not None:
        from ckanext.satudata.core.qa.mending.working import planned

        outputs["mending"] = planned(source, bound, lists, rules, report, job.changes_out)
    return replace(report, outputs=outputs)


def _limit(job: Job) -> None:
    """Bounds the kernel holds. Address space is not resident memory: threads and allocators reserve some that they
    never touch.
    """
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (job.seconds * 2, job.seconds * 2 + 5))
    with contextlib.suppress(ValueError, OSError):
        bound = (job.memory_mb + 1024) * _MB
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _progress(job: Job, step: str, done: int, of: int | None) -> None:
    if job.progress_out is not None:
        _replace(job.progress_out, json.dumps({"step": step, "done": done, "of": of}))


def _write(path: Path, report: Report) -> None:
    text = json.dumps(report.to_dict(), ensure_ascii=False, default=str)
    # No database takes a zero byte, not even a quoted one; a backslash that is itself escaped is another thing.
    _replace(path, re.sub(r"\\(?:\\|u0000)", lambda found: r"\ufffd" if found[0] == r"\u0000" else found[0], text))


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    beside.write_text(text, "utf-8")
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main())
