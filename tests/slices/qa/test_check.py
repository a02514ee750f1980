"""From an uploaded file to its report: in a process of its own, always with an end, always of the present file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from typing import Any

import pytest
from ckan import model

from ckanext.satudata.qa import judged, process
from ckanext.satudata.qa import model as tables
from tests.slices.qa.conftest import BAD, DICTIONARY, GOOD, Office, check_all, path_of, runs, work_off


def test_a_good_table_passes(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    answer = office.show(resource_id)
    assert (answer["state"], answer["report"]["counts"]["error"], answer["report"]["rows"]) == ("done", 0, 3)


def test_faults_are_told_with_their_rows(office: Office) -> None:
    _dataset_id, resource_id = office.judged(BAD)
    findings = {one["check"]: one for one in office.show(resource_id)["report"]["findings"]}
    assert findings["IS-02"]["rows"] == [[3, 3]]
    assert findings["DU-01"]["rows"] == [[5, 5]]


def test_a_real_worker_does_the_check(office: Office) -> None:
    resource_id = office.dataset(GOOD)["resources"][0]["id"]
    work_off()
    (run,) = runs(resource_id)
    assert (run["state"], run["error"]) == ("done", None)


def test_after_an_upload_there_is_no_report_rather_than_an_old_one(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    office.replace(resource_id, BAD)
    answer = office.show(resource_id)
    assert (answer["state"], answer["report"]) == ("queued", None)


def test_after_a_change_of_the_dictionary_there_is_no_report(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    office.call("editor", "resource_patch", id=resource_id, kamus_data=DICTIONARY[:2])
    assert office.show(resource_id)["report"] is None


def test_a_check_never_touches_the_dataset(office: Office) -> None:
    made = office.dataset(GOOD)
    check_all()
    after = office.call("sysadmin", "package_show", id=made["id"])
    assert after["metadata_modified"] == made["metadata_modified"]


@pytest.mark.thorough
def test_the_same_content_shares_one_report(office: Office) -> None:
    office.judged(GOOD)
    office.judged(GOOD)
    assert len(tables.rows(tables.report_table.select())) == 1


@pytest.mark.thorough
def test_without_dictionary_one_is_proposed(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD, kamus_data=[])
    answer = office.show(resource_id)
    assert answer["dictionary_given"] is False
    assert [column["kolom"] for column in answer["proposed_dictionary"]] == ["kecamatan", "tahun", "jumlah"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        ("", "kosong.csv", "empty"),
        ("<!DOCTYPE html><html><body>Masuk</body></html>", "laporan.csv", "html"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "laporan.csv", "pdf"),
        ("kecamatan,jumlah\n", "judul.csv", "no_rows"),
    ],
)
def test_a_file_that_is_no_table_gets_a_sentence(office: Office, content: str | bytes, name: str, code: str) -> None:
    _dataset_id, resource_id = office.judged(content, name)
    answer = office.show(resource_id)
    assert (answer["state"], answer["report"]["unreadable"]["code"]) == ("done", code)
    assert name in answer["report"]["unreadable"]["problem"]
    assert answer["report"]["unreadable"]["mend"]


@pytest.mark.thorough
def test_two_unreadable_files_keep_their_own_reports(office: Office) -> None:
    _one, first = office.judged("<html><body>satu</body></html>", "satu.csv")
    _two, second = office.judged("%PDF-1.4 dua", "dua.csv")
    assert office.show(first)["report"]["unreadable"]["code"] == "html"
    assert office.show(second)["report"]["unreadable"]["code"] == "pdf"


def test_a_file_removed_before_the_check_is_told(office: Office) -> None:
    resource_id = office.dataset(GOOD)["resources"][0]["id"]
    path_of(resource_id).unlink()
    check_all()
    (run,) = runs(resource_id)
    assert (run["state"], run["error"]) == ("failed", "superseded") or run["error"] == "gone"


@pytest.mark.thorough
def test_a_file_removed_during_the_check_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    resource_id = office.dataset(GOOD)["resources"][0]["id"]
    judge = process.judge

    def remove_and_judge(found: Any, *rest: Any) -> Any:
        found.path.unlink()
        return judge(found, *rest)

    monkeypatch.setattr(process, "judge", remove_and_judge)
    check_all()
    (run,) = runs(resource_id)
    assert (run["state"], run["error"]) == ("failed", "gone")


def test_a_file_replaced_while_it_waits_is_judged_once(office: Office) -> None:
    resource_id = office.dataset(BAD)["resources"][0]["id"]
    office.replace(resource_id, GOOD)
    check_all()
    assert [(run["state"], run["error"]) for run in runs(resource_id)] == [("failed", "superseded"), ("done", None)]


# A stand-in for the judging process that starts a child of its own and never ends.
ENDLESS = """
    import pathlib, subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pathlib.Path({pids!r}).write_text(f"{{child.pid}}")
    time.sleep(600)
"""


@pytest.fixture
def endless(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The judging process hangs; the answer is the file with the pid of what it started."""
    pids = tmp_path / "pids"
    (tmp_path / "sd_endless.py").write_text(textwrap.dedent(ENDLESS.format(pids=str(pids))))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(process, "WORKER", "sd_endless")
    return pids


def test_a_hanging_process_is_killed_with_all_it_started(
    office: Office, endless: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE", 2)
    monkeypatch.setattr(process, "seconds", lambda: 0)
    resource_id = office.dataset(GOOD)["resources"][0]["id"]
    check_all()
    (run,) = runs(resource_id)
    assert (run["state"], run["error"]) == ("failed", "too_long")
    assert not _alive(int(endless.read_text()))


@pytest.mark.thorough
def test_a_job_that_runs_out_of_time_ends_its_run(office: Office, endless: Any) -> None:
    """As when RQ raises its timeout in the middle of anything."""
    resource_id = office.dataset(GOOD)["resources"][0]["id"]

    class JobTime(Exception):  # noqa: N818 - stands for rq.timeouts.JobTimeoutException
        pass

    def ring(_signal: int, _frame: Any) -> None:
        raise JobTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        with pytest.raises(JobTime):
            check_all()
    finally:
        signal.signal(signal.SIGALRM, before)
    (run,) = runs(resource_id)
    assert (run["state"], run["error"]) == ("failed", "interrupted")
    assert not _alive(int(endless.read_text()))


def test_a_process_that_dies_ends_the_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "WORKER", "no_such_module")
    resource_id = office.dataset(GOOD)["resources"][0]["id"]
    check_all()
    (run,) = runs(resource_id)
    assert (run["state"], run["error"]) == ("failed", "crashed")


def test_a_failed_check_says_what_to_do(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "WORKER", "no_such_module")
    _dataset_id, resource_id = office.judged(GOOD)
    assert "Periksa ulang" in office.show(resource_id)["message"]


@pytest.mark.thorough
def test_asking_again_checks_again(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    answer = office.call("editor", "satudata_qa_run", resource_id=resource_id)
    assert answer["state"] == "queued"
    check_all()
    assert office.show(resource_id)["state"] == "done"


@pytest.mark.thorough
def test_progress_and_life_are_written_while_a_file_is_judged(office: Office, endless: Any) -> None:
    resource_id = office.dataset(GOOD)["resources"][0]["id"]
    (run,) = runs(resource_id)
    worker = threading.Thread(target=_interruptible, args=(run["id"],), daemon=True)
    worker.start()
    beats = set()
    for _look in range(40):
        time.sleep(0.2)
        (seen,) = runs(resource_id)
        beats.add(seen["heartbeat"])
        if len(beats) >= 4:
            break
    os.killpg(os.getpgid(int(endless.read_text())), signal.SIGKILL)
    worker.join(10)
    assert len(beats) >= 4


def test_the_judged_table_is_kept_for_the_datastore(office: Office) -> None:
    _dataset_id, resource_id = office.judged(GOOD)
    answer = office.call("sysadmin", "satudata_qa_files", resource_id=resource_id)
    assert [column["type"] for column in answer["columns"]] == ["text", "integer", "integer"]
    with open(answer["rows"], encoding="utf-8") as stream:  # noqa: PTH123
        assert stream.read() == GOOD


def test_the_files_of_a_report_come_whole_or_not_at_all(office: Office) -> None:
    office.judged(GOOD)
    (report,) = tables.rows(tables.report_table.select())
    place = judged.folder(report["content_hash"], report["rule_version"])
    assert {path.name for path in place.iterdir()} == set(judged.FILES.values())


def _interruptible(run_id: str) -> None:
    from ckanext.satudata.qa import jobs

    try:
        jobs.check(run_id)
    finally:
        model.Session.remove()


def _alive(pid: int) -> bool:
    """Whether the process still runs; one that waits to be collected does not."""
    state = subprocess.run(
        [sys.executable, "-c", f"print(open('/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[0])"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return state not in ("", "Z", "X")
