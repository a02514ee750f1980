"""Mending in the process that judges: the plan beside the report, the mended file by a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.mending.changes import read_changes
from tests.core.qa.test_worker import job_of, report_of, run

TABLE = "nama,tahun\nCileunyi ,2024\nArjasari,2024\nBanjaran,2024\n"


def planned(tmp_path: Path, **changes: Any) -> dict[str, Any]:
    job = job_of(tmp_path, TABLE, changes_out=str(tmp_path / "changes.csv"), **changes)
    assert run(job).returncode == 0
    return job


def mending(tmp_path: Path, job: dict[str, Any], **changes: Any) -> dict[str, Any]:
    report = report_of(tmp_path)
    order = {
        "sha256": report.file["sha256"],
        "digest": report.outputs["mending"]["digest"],
        "changes": str(tmp_path / "changes.csv"),
        "kinds": ["blanks"],
        "table": "",
        "as_csv": False,
        "file_out": str(tmp_path / "mended"),
        "done_out": str(tmp_path / "done.csv"),
        **changes,
    }
    done = run({**{key: job[key] for key in ("path", "name", "report_out")}, "mend": order})
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads((tmp_path / "report_out").read_text())


def test_a_report_brings_the_plan_along(tmp_path: Path) -> None:
    planned(tmp_path)
    told = report_of(tmp_path).outputs["mending"]["kinds"]
    assert [(kind["id"], kind["count"]) for kind in told] == [("blanks", 1)]
    assert [change.after for change in read_changes(tmp_path / "changes.csv")] == ["Cileunyi"]


def test_the_mended_file_is_made_by_a_job(tmp_path: Path) -> None:
    answer = mending(tmp_path, planned(tmp_path))
    assert answer["mended"]["kinds"] == {"blanks": 1}
    assert (tmp_path / "mended").read_text() == TABLE.replace("Cileunyi ", "Cileunyi")


def test_a_refusal_is_an_answer(tmp_path: Path) -> None:
    assert mending(tmp_path, planned(tmp_path), sha256="0" * 64) == {"refused": "stale"}
    assert not (tmp_path / "mended").exists()


def test_a_wrong_order_is_a_wrong_job(tmp_path: Path) -> None:
    job = planned(tmp_path)
    assert run({**{key: job[key] for key in ("path", "report_out")}, "mend": {"kinds": []}}).returncode == 64
