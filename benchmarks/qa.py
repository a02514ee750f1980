"""Checking a table, beside frictionless: ``./dev/run python -m benchmarks.qa --sizes 10k,100k,1M --pairs 3``.

Both engines judge the same generated table by the same rules (header, width, required, type, list, pattern, range, list
of 83,000 codes, key, repeated rows), each in a fresh process, in turn. A pair only counts if both found the same: every
row of every finding is compared once for each table, before anything is timed. What is told is the ratio of the pairs
(frictionless by ours), least, median, most; the seconds of both; the most memory each process held.

``ours`` is the command line a person uses (``satudata check``). ``parse`` is polars reading every cell as text and
counting, the least anybody has to do. ``warm`` is one process that has judged before. Needs ``frictionless[excel]`` in
the environment (or ``--python`` of one that has both).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks import qa_tables

_SIZES = {"k": 1_000, "m": 1_000_000}
_CLI = "from ckanext.satudata.core.cli import main; main()"


@dataclass(frozen=True)
class Run:
    """One process: seconds from start to end, most memory held in MB, what it printed."""

    seconds: float
    memory: float
    said: str


@dataclass(frozen=True)
class Bench:
    """Where the tables are, and who runs the engines."""

    folder: Path
    python: str

    def engine(self, name: str, file: Path, *more: str) -> Run:
        return _run([self.python, "-m", "benchmarks.qa_engines", name, str(self.folder), str(file), *more])

    def ours(self, file: Path) -> Run:
        """The command line, as a person calls it; its findings go to a file."""
        rest = ["--dictionary", str(self.folder / "kamus.json"), "--reference", str(self.folder / "desa.json")]
        return _run(
            [self.python, "-c", _CLI, "check", str(file), *rest, "--checklist", "dasar", "--format", "json"],
            {"SATUDATA_REFERENCE": str(self.folder / "none")},
            statuses=(0, 1),
        )

    def equal(self, file: Path) -> int:
        """How many findings both engines have, row by row; stops the benchmark where they differ."""
        found = [self.folder / f"{name}.json" for name in ("ours", "theirs")]
        self.engine("ours", file, "--out", str(found[0]))
        self.engine("theirs", file, "--out", str(found[1]))
        mine, other = (Counter(map(tuple, json.loads(path.read_text("utf-8")))) for path in found)
        if mine != other:
            raise SystemExit(
                f"{file.name}: the findings differ. Only ours: {list((mine - other).items())[:5]};"
                f" only theirs: {list((other - mine).items())[:5]}"
            )
        return mine.total()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10k,100k")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--shares", default="0,0.1,5,50", help="Per cent of the rows that have a fault.")
    parser.add_argument(
        "--warm", type=int, default=5, help="Times a file is judged in one warm process; 0: not at all."
    )
    parser.add_argument("--xlsx", default="", help="Sizes of workbooks, for instance 100k.")
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), asked.python)
        qa_tables.write_companions(bench.folder)
        _tell_versions(bench.python)
        print(f"{'':<26} {'equal':>8} {'ours s':>7} {'MB':>5} {'frictl s':>8} {'MB':>5} {'parse s':>7} {'× parse':>7}   {'least':>6} {'median':>6} {'most':>6}")  # noqa: E501  # fmt: skip
        for size in filter(None, asked.sizes.split(",")):
            for share in asked.shares.split(","):
                _pairs(bench, _size(size), float(share), asked.pairs, quoted=False)
            _pairs(bench, _size(size), 0.1, asked.pairs, quoted=True)
        for size in filter(None, asked.xlsx.split(",")):
            _pairs(bench, _size(size), 0.1, asked.pairs, quoted=False, kind="xlsx")
        if asked.warm:
            _warm(bench, [100, *(_size(size) for size in asked.sizes.split(",") if _size(size) <= 100_000)], asked.warm)


def _size(text: str) -> int:
    return int(text[:-1]) * _SIZES[text[-1].lower()] if text[-1].lower() in _SIZES else int(text)


def _tell_versions(python: str) -> None:
    names = ("polars", "frictionless", "python-calamine", "openpyxl")
    code = f"import importlib.metadata as m; print(*(f'{{n}} {{m.version(n)}}' for n in {names!r}), sep=', ')"
    said = _run([python, "-c", code]).said.strip()
    processor = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")  # noqa: E501  # fmt: skip
    print(f"{said}, Python {sys.version.split()[0]}, {os.cpu_count()} processors ({processor})\n", flush=True)


def _pairs(bench: Bench, rows: int, share: float, pairs: int, *, quoted: bool, kind: str = "csv") -> None:
    file = bench.folder / f"table.{kind}"
    if kind == "csv":
        qa_tables.write(file, rows, share / 100, quoted=quoted)
    else:
        qa_tables.write_workbook(file, rows, share / 100)
    count = bench.equal(file)
    ours: list[Run] = []
    theirs: list[Run] = []
    floor: list[Run] = []
    for number in range(pairs):
        for which in (0, 1) if number % 2 else (1, 0):
            (ours if which == 0 else theirs).append(bench.ours(file) if which == 0 else bench.engine("theirs", file))
        if kind == "csv":
            floor.append(bench.engine("parse", file))
    ratios = sorted(other.seconds / mine.seconds for mine, other in zip(ours, theirs, strict=True))
    mine = statistics.median(run.seconds for run in ours)
    least = statistics.median(run.seconds for run in floor) if floor else 0.0
    parsed = f"{least:>7.2f} {mine / least:>7.1f}" if floor else f"{'':>15}"
    name = f"{rows:,} rows, {share:g} %{', quoted' if quoted else ''}{', xlsx' if kind == 'xlsx' else ''}"
    print(
        f"{name:<26} {count:>8} {mine:>7.2f} {max(run.memory for run in ours):>5.0f}"
        f" {statistics.median(run.seconds for run in theirs):>8.2f} {max(run.memory for run in theirs):>5.0f} {parsed}"
        f"   {ratios[0]:>6.1f} {statistics.median(ratios):>6.1f} {ratios[-1]:>6.1f}",
        flush=True,
    )


def _warm(bench: Bench, sizes: list[int], times: int) -> None:
    print(f"\n{'warm':<26} {'ours ms':>8} {'frictl ms':>9} {'ratio':>6}")
    file = bench.folder / "table.csv"
    for rows in sizes:
        qa_tables.write(file, rows, 0.001)
        mine, other = (
            statistics.median(json.loads(bench.engine(f"warm-{name}", file, "--times", str(count)).said))
            for name, count in (("ours", times), ("theirs", max(2, times // 2)))
        )
        print(f"{f'{rows:,} rows':<26} {mine * 1000:>8.1f} {other * 1000:>9.1f} {other / mine:>6.1f}", flush=True)


def _run(command: list[str], more: dict[str, str] | None = None, statuses: tuple[int, ...] = (0,)) -> Run:
    """Run a process to its end; what it prints goes through a file, so that a long report waits for nobody."""
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, env={**os.environ, **(more or {})})
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in statuses:
            raise SystemExit(f"status {process.returncode}: {' '.join(command)}")
        said.seek(0)
        return Run(seconds, used.ru_maxrss / 1024, said.read().decode("utf-8"))


if __name__ == "__main__":
    main()
