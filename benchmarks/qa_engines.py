"""The engines of ``benchmarks.qa``, each a process of its own: ``python -m benchmarks.qa_engines ENGINE FOLDER FILE``.

``ours`` and ``theirs`` (frictionless) write what they found as ``[[check, column, row], …]`` to ``OUT`` where it is
given. ``warm`` variants judge the file ``--times`` times in one process and print the seconds of each.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

Finding = tuple[str, str, int]
_OURS = {
    "IS-01": "required",
    "IS-02": "type",
    "IS-03": "list",
    "IS-40": "range",
    "IS-41": "pattern",
    "DU-01": "row",
    "DU-02": "key",
    "BT-04": "width",
}


def ours(folder: Path, file: Path) -> list[Finding]:
    """What our engine finds, every row listed."""
    from ckanext.satudata.core.qa.engine import judge
    from ckanext.satudata.core.qa.table import read

    columns, lists, rules = prepared(folder)
    report = judge(read(file, hold=False), columns, lists, rules, bound=1 << 40)
    return [found for finding in report.findings for found in _rows(finding)]


def prepared(folder: Path) -> Any:
    """Dictionary, lists and checklist of the tables."""
    from ckanext.satudata.core.qa import checklist
    from ckanext.satudata.core.qa.dictionary import from_dicts
    from ckanext.satudata.core.qa.lists import Lists

    columns = from_dicts(json.loads((folder / "kamus.json").read_text("utf-8")))
    return columns, Lists.from_files([folder / "desa.json"]), checklist.load("dasar")


def _rows(finding: Any) -> Iterable[Finding]:
    check = _OURS[finding.check]
    column = finding.column if check not in ("row", "key") else ""
    for first, last in finding.rows:
        for row in range(first, last + 1):
            yield (check, column or "", row)
            if check == "row":  # frictionless tells of the repeated key too
                yield ("key", "", row)


def theirs(folder: Path, file: Path) -> list[Finding]:
    """What frictionless finds, without its limit of a thousand errors."""
    return [found for error in _validated(folder, file) for found in _told(error)]


def _validated(folder: Path, file: Path) -> list[Any]:
    frictionless: Any = import_module("frictionless")  # in the benchmark's own environment only

    table = {
        "name": "table",
        "path": str(file),
        "format": file.suffix[1:],
        "schema": json.loads((folder / "schema.json").read_text("utf-8")),
    }
    if file.suffix == ".csv":
        table["encoding"] = "utf-8"
    known = {
        "name": "desa",
        "path": str(folder / "desa.csv"),
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": [{"name": "code", "type": "string"}]},
    }
    with frictionless.system.use_context(trusted=True):
        package = frictionless.Package.from_descriptor({"name": "p", "resources": [table, known]})
        resource = package.get_resource("table")
        report = resource.validate(
            frictionless.Checklist(checks=[frictionless.checks.duplicate_row()]), limit_errors=10**9
        )
    assert not report.errors, report.errors
    return list(report.tasks[0].errors)


def _told(error: Any) -> Iterable[Finding]:
    row = error.row_number
    if error.type == "constraint-error":
        constraint = str(error.note).split('"')[1]
        names = {"enum": "list", "minimum": "range", "maximum": "range"}
        yield (names.get(constraint) or constraint, error.field_name or "", row)
    elif error.type == "foreign-key":
        yield ("list", error.field_names[0], row)
    elif error.type == "type-error":
        yield ("type", error.field_name, row)
    else:
        yield ({"primary-key": "key", "duplicate-row": "row"}.get(error.type, error.type) or "", "", row)


def parse(file: Path) -> None:
    """The floor: polars reads every cell as text and counts."""
    import polars as pl

    print(pl.scan_csv(file, infer_schema=False).select(pl.all().count()).collect(engine="streaming").row(0)[0])


def warm_ours(folder: Path, file: Path, times: int) -> list[float]:
    """Seconds of each judging in one process that has judged before; dictionary and lists are read once."""
    from ckanext.satudata.core.qa.engine import judge
    from ckanext.satudata.core.qa.table import read

    columns, lists, rules = prepared(folder)
    return _timed(lambda: judge(read(file, hold=False), columns, lists, rules), times)


def warm_theirs(folder: Path, file: Path, times: int) -> list[float]:
    """The same of frictionless, which reads the list of codes anew each time."""
    return _timed(lambda: _validated(folder, file), times)


def _timed(work: Callable[[], object], times: int) -> list[float]:
    work()
    found: list[float] = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=["ours", "theirs", "parse", "warm-ours", "warm-theirs"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    if asked.engine == "parse":
        parse(asked.file)
    elif asked.engine.startswith("warm"):
        warm = warm_ours if asked.engine == "warm-ours" else warm_theirs
        print(json.dumps(warm(asked.folder, asked.file, asked.times)))
    else:
        found = (ours if asked.engine == "ours" else theirs)(asked.folder, asked.file)
        if asked.out is not None:
            asked.out.write_text(json.dumps(found), "utf-8")
        print(len(found))


if __name__ == "__main__":
    main()
