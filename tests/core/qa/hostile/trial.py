"""Put a file through the worker, and say which rules were broken: the same for every file there is."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.report import Report, sentences, verdict
from tests.core.qa.hostile.taken_along import broken_exports
from tests.core.qa.hostile.watching import Watch
from tests.core.qa.regions import regions

ROOT = Path(__file__).resolve().parents[4]
HERE = Path(__file__).resolve().parent
SECONDS, MEMORY_MB, FILE_MB = 60, 1024, 400
# What the worker lets the kernel hold beyond its memory: address space that threads reserve and never touch.
BESIDE_MB = 1024
REPORT_BYTES = 8 << 20
OUTPUTS = ("report_out", "rows_out", "csv_out", "cells_out", "changes_out")
# A formula, for whoever opens the table: first in the cell or, where a spreadsheet splits at other marks than we do,
# first behind such a mark; blanks and invisible characters in front of it do not count.
_UNSEEN = "[\\s\\x00-\\x20\u00a0\u200b-\u200f\u2060\ufeff]*"
_FORMULA = re.compile(f"(?:^|[;\\t|\\r\\n]){_UNSEEN}[=+\\-@＝＋－＠]")
_ZERO = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True)
class Outcome:
    """How a job ended: exit status (negative: killed by that signal), wall seconds, largest resident memory in MB."""

    status: int
    seconds: float
    rss_mb: float
    errors: str
    folder: Path

    def report(self) -> Report:
        """What the worker wrote."""
        return Report.from_dict(json.loads((self.folder / "report_out").read_text("utf-8")))


@dataclass
class Yard:
    """Where hostile files are let loose: ``jobs`` is all a worker may write to; what happens outside is watched."""

    folder: Path
    jobs: Path = field(init=False)
    log: Path = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = self.folder / "kerja"
        (self.jobs / "tmp").mkdir(parents=True)
        self.log = self.folder / "dilarang.log"
        self.log.touch()
        self.watch = Watch(self.folder / "umpan")
        (self.folder / "wilayah_kemendagri.json").write_text(json.dumps(regions().to_dict()))

    def environment(self) -> dict[str, str]:
        """For a worker: the guard within, temporary files in the yard, nothing compiled on the way."""
        readable = [self.jobs, self.folder / "wilayah_kemendagri.json", ROOT, *map(Path, {sys.prefix, sys.base_prefix})]
        readable += [Path(entry) for entry in sys.path if entry and Path(entry).exists()]
        readable += [Path(place) for place in ("/proc", "/sys", "/dev/null", "/etc/localtime", "/usr/share/zoneinfo")]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(HERE / "guard"), str(ROOT))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOSTILE_FOLDERS": os.pathsep.join(map(str, dict.fromkeys([*readable, *(p.resolve() for p in readable)]))),
            "HOSTILE_LOG": str(self.log),
            "TMPDIR": str(self.jobs / "tmp"),
            "POLARS_MAX_THREADS": "1",
        }

    def place(self, number: str) -> Path:
        """A new folder for one job."""
        folder = self.jobs / number
        folder.mkdir()
        return folder

    def job(self, folder: Path, name: str) -> dict[str, Any]:
        """The job for ``folder / "berkas"``."""
        return {
            "path": str(folder / "berkas"),
            "name": name,
            "lists": [str(self.folder / "wilayah_kemendagri.json")],
            "limits": {"seconds": SECONDS, "memory_mb": MEMORY_MB, "file_mb": FILE_MB},
            **{output: str(folder / output) for output in OUTPUTS},
        }

    def disturbed(self) -> list[str]:
        """What any worker did since the last question that it must not do."""
        said = self.log.read_text("utf-8").splitlines()
        self.log.write_text("")
        left = [f"left behind: {path.name}" for path in (self.jobs / "tmp").iterdir()]
        return [*said, *left, *self.watch.taken()]


def through_worker(yard: Yard, folder: Path, name: str) -> Outcome:
    """The worker as the portal starts it: its own process, which watches over another."""
    started = time.monotonic()
    errors = folder.with_suffix(".errors")
    with errors.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "ckanext.satudata.core.qa.worker"],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            env=yard.environment(),
            cwd=ROOT,
            start_new_session=True,
        )
        assert process.stdin is not None
        with process.stdin as pipe:
            pipe.write(json.dumps(yard.job(folder, name)).encode())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    text = errors.read_text("utf-8", "replace")
    errors.unlink()
    return Outcome(process.returncode, time.monotonic() - started, usage.ru_maxrss / 1024, text, folder)


class Nursery:
    """The same work in children of a process that is already up (:mod:`tests.core.qa.hostile.nursery`)."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.qa.hostile.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=yard.environment(),
            cwd=ROOT,
        )

    def judge(self, folder: Path, name: str) -> Outcome:
        """One job; a worker that ended without an answer is tried again as the portal starts it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(self.yard.job(folder, name)) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        if said["status"] == 0:
            return Outcome(**{**said, "errors": ""}, folder=folder)  # what libraries mutter, the portal does not hear
        for output in OUTPUTS:
            (folder / output).unlink(missing_ok=True)
        return through_worker(self.yard, folder, name)

    def close(self) -> None:
        """End it; it ends when nothing more is said to it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


def broken_rules(outcome: Outcome, answers: frozenset[str] = frozenset()) -> list[str]:
    """Which rules the outcome breaks; empty when all is well."""
    if outcome.status != 0 or outcome.errors:
        return [f"ended with {outcome.status}: {outcome.errors[-1_500:]}"]
    rules = [*_limits(outcome), *_report(outcome, answers), *_exports(outcome), *_folder(outcome)]
    return [*rules, *broken_exports(outcome.report(), outcome.folder / "cells_out", is_formula)]


def _limits(outcome: Outcome) -> Iterator[str]:
    if outcome.seconds > SECONDS + 10:
        yield f"took {outcome.seconds:.0f} seconds"
    if outcome.rss_mb > MEMORY_MB + BESIDE_MB:
        yield f"took {outcome.rss_mb:.0f} MB"
    if (outcome.folder / "report_out").stat().st_size > REPORT_BYTES:
        yield "its report is larger than a page can show"


def _report(outcome: Outcome, answers: frozenset[str]) -> Iterator[str]:
    if _ZERO.search((outcome.folder / "report_out").read_text("utf-8")):
        yield "its report holds a zero byte, which no database takes"
    report = outcome.report()
    code = report.unreadable["code"] if report.unreadable else ""
    if code == "stopped":
        yield "the worker gave up without a reason"
    if answers and code not in answers:
        yield f"answered “{code}”, not {sorted(answers)}"
    for language in ("id", "en"):
        if not verdict(report, language).endswith((".", "!")):
            yield f"no sentence: {verdict(report, language)[-80:]}"
        for finding in report.findings:
            if not sentences(finding, language).problem:
                yield f"{finding.check} has no words"
    for finding in report.findings:
        if finding.variant == "crash":
            yield f"{finding.check} crashed: {finding.parameters['trace'][-600:]}"


def _exports(outcome: Outcome) -> Iterator[str]:
    report = outcome.report()
    if report.unreadable:
        return
    columns = report.outputs["rows"]["columns"]
    for output in ("rows_out", "csv_out"):
        data = (outcome.folder / output).read_bytes()
        if b"\x00" in data:
            yield f"{output} holds a zero byte, which no database takes"
        lines = list(_records(data.decode("utf-8")))
        if {len(line) for line in lines} - {len(columns)} or len(lines) != report.outputs["rows"]["rows"] + 1:
            yield f"{output} is not the table: {len(lines)} lines, {len(columns)} columns"
        if output == "csv_out":
            armed = [cell for line in lines for cell in line if is_formula(cell)]
            yield from (f"a formula in {output}: {cell[:80]!r}" for cell in armed[:3])
    ids = [column["id"] for column in columns]
    if len({name.casefold() for name in ids}) < len(ids) or any(not _is_column(name) for name in ids):
        yield "names of columns no database takes"


def _is_column(name: str) -> bool:
    return 0 < len(name.encode()) <= 63 and name.isprintable() and name[0] not in "_ " and '"' not in name


def _records(text: str) -> Iterator[list[str]]:
    limit = csv.field_size_limit(1 << 30)
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    finally:
        csv.field_size_limit(limit)


def is_formula(cell: str) -> bool:
    """Whether some spreadsheet would run the cell of a CSV."""
    return not _NUMBER.fullmatch(cell) and _FORMULA.search(cell) is not None


def _folder(outcome: Outcome) -> Iterator[str]:
    strange = {path.name for path in outcome.folder.iterdir()} - {"berkas", *OUTPUTS}
    if strange:
        yield f"wrote what nobody asked for: {sorted(strange)}"


@dataclass
class Tally:
    """What a run over many files came to."""

    yard: Yard
    count: int = 0
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[float, str] = (0.0, "")
    answers: Counter[str] = field(default_factory=Counter[str])
    broken: list[str] = field(default_factory=list[str])

    def add(self, identity: str, outcome: Outcome, answers: frozenset[str] = frozenset()) -> None:
        """Judge one outcome, and take its folder away when nothing is wrong with it."""
        rules = [*broken_rules(outcome, answers), *self.yard.disturbed()]
        self.count += 1
        self.slowest = max(self.slowest, (outcome.seconds, identity))
        self.largest = max(self.largest, (outcome.rss_mb, identity))
        self.broken += [f"{identity}: {rule}" for rule in rules]
        if (outcome.folder / "report_out").exists():
            unreadable = outcome.report().unreadable
            self.answers[unreadable["code"] if unreadable else "report"] += 1
        if not rules:
            shutil.rmtree(outcome.folder)

    def __str__(self) -> str:
        answers = ", ".join(f"{code} {count}" for code, count in self.answers.most_common())
        seconds, slow = self.slowest
        megabytes, large = self.largest
        return (
            f"{self.count} files, {len(self.broken)} rules broken; slowest {seconds:.1f} s ({slow}), "
            f"largest {megabytes:.0f} MB ({large}); answers: {answers}"
        )
