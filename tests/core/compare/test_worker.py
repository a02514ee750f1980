"""The process that compares two tables, as its callers start it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.core.compare import worker
from ckanext.satudata.core.qa.rows import write_cells, write_typed


def _side(folder: Path, name: str, rows: list[str]) -> dict[str, Any]:
    path = folder / f"{name}.csv"
    path.write_text("nama,jumlah\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    columns = [{"name": "nama"}, {"name": "jumlah", "type": "integer", "amount": True}]
    return {"rows": str(path), "places": None, "columns": columns}


def _job(folder: Path, **more: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "old": _side(folder, "old", ["a,1", "b,2"]),
        "new": _side(folder, "new", ["a,1", "b,3"]),
        "key": ["nama"],
        "pages": [{"kind": None, "offset": 0, "limit": 10}, {"kind": "added", "offset": 0, "limit": 10}],
        "out": str(folder / "out.json"),
        **more,
    }


def _run(job: Any) -> subprocess.CompletedProcess[str]:
    text = job if isinstance(job, str) else json.dumps(job)
    command = [sys.executable, "-m", "ckanext.satudata.core.compare.worker"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=120)


def test_one_answer_is_written_for_each_page(tmp_path: Path) -> None:
    assert _run(_job(tmp_path)).returncode == 0
    answer = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [diff["listed"] for diff in answer["diffs"]] == [1, 0]
    assert answer["diffs"][0]["rows"][0]["cells"] == [{"column": "jumlah", "before": "2", "after": "3"}]


@pytest.mark.parametrize("job", ["", "[]", "{}", '{"format": 2, "out": "x"}'])
def test_a_wrong_job_is_one_line_and_a_status_of_its_own(job: str) -> None:
    done = _run(job)
    assert (done.returncode, done.stdout) == (worker.WRONG_JOB, "")
    assert done.stderr.startswith("job: ")
    assert done.stderr.count("\n") == 1


def test_beyond_its_memory_it_ends_without_an_answer(tmp_path: Path) -> None:
    assert _run(_job(tmp_path, limits={"memory_mb": -1000})).returncode not in (0, worker.WRONG_JOB)
    assert not (tmp_path / "out.json").exists()


def test_what_the_check_writes_is_what_is_compared(tmp_path: Path) -> None:
    """Quotes, line breaks and empty cells survive the way through the files of the check, row numbers too."""
    import polars as pl

    from ckanext.satudata.core.compare.tables import Column, Side, tables
    from ckanext.satudata.core.qa.dictionary import Bound
    from ckanext.satudata.core.qa.dictionary import Column as Declared
    from ckanext.satudata.core.qa.table.model import ROW, Table, TableColumn

    cells = ['Ra"as', '"SDN" 1', "dua\nbaris", "a,b", "", " ", "'", "=1+1", "é–"] * 4000
    old = {ROW: list(range(5, 5 + len(cells))), "c1": [str(place) for place in range(len(cells))], "c2": cells}
    new = {**old, "c2": [*cells[:-1], "lain"]}
    sides: list[Side] = []
    for name, rows in (("old", old), ("new", new)):
        columns = (TableColumn("c1", "id", 1, "id"), TableColumn("c2", "nama", 2, "nama"))
        table = Table("", columns, pl.DataFrame(rows), (4, 4))
        bound = Bound(table, (Declared("id"), Declared("nama")), given=True)
        write_typed(bound, tmp_path / f"{name}.csv", None)
        write_cells(bound, tmp_path / f"{name}-cells.csv")
        declared = (Column("id"), Column("nama"))
        sides.append(Side(tmp_path / f"{name}.csv", declared, tmp_path / f"{name}-cells.csv"))
    diff = tables(sides[0], sides[1], ["id"])
    assert (diff.rows_before, diff.rows_after, diff.changed) == (len(cells), len(cells), 1)
    assert (diff.rows[0].row, diff.rows[0].cells[0].before, diff.rows[0].cells[0].after) == (
        4 + len(cells),
        "é–",
        "lain",
    )


def test_asking_for_a_comparison_does_not_load_polars() -> None:
    code = (
        "import sys, ckanext.satudata.core.compare.tables, ckanext.satudata.core.compare.worker; "
        "sys.exit('polars' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
