"""``satudata check`` over many files and folders, in every form, with dictionaries and a deadline."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import frictionless
import junitparser
import openpyxl
import pytest
from click.testing import CliRunner, Result

from ckanext.satudata.core.cli import main

FAULTY = "kecamatan,tahun,jumlah unit\nSukamaju,2024,1\nSukamaju,2024,1\n"
CLEAN = "kode_kecamatan,tahun,jumlah_kasus\n32.04.05,2021,5\n32.04.16,2021,7\n"
# Only a question is to be asked about it: a missing figure.
ASKED = CLEAN.replace(",7", ",")
TYPED = "kode_kecamatan,tahun,jumlah_kasus\n32.04.05,2021,x\n32.04.16,2021,7\n"
SCHEMA = {
    "fields": [
        {"name": "kode_kecamatan", "type": "string"},
        {"name": "tahun", "type": "year"},
        {"name": "jumlah_kasus", "type": "integer"},
    ]
}


@pytest.fixture(autouse=True)
def empty_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No list of the machine's own gets into a test."""
    monkeypatch.setenv("SATUDATA_REFERENCE", str(tmp_path_factory.mktemp("cache")))


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def check(*arguments: object, in_one_process: bool = True) -> Result:
    jobs = ["--jobs", "1"] if in_one_process else []
    return CliRunner().invoke(main, ["check", *jobs, *map(str, arguments)])


def shell(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """As people start it."""
    return subprocess.run(
        [sys.executable, "-c", "from ckanext.satudata.core.cli import main; main()", "check", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


class TestFilesAndFolders:
    def test_a_folder_is_looked_through(self, tmp_path: Path) -> None:
        write(tmp_path, "a.csv", CLEAN)
        write(tmp_path, "dalam/b.CSV", FAULTY)
        result = check(tmp_path)
        assert "a.csv" in result.output
        assert "dalam/b.CSV" in result.output
        assert result.exit_code == 1

    def test_what_is_passed_over_is_said(self, tmp_path: Path) -> None:
        write(tmp_path, "a.csv", CLEAN)
        for name in ("foto.png", "~$a.xlsx", ".git/x.csv"):
            write(tmp_path, name, "x")
        result = check(tmp_path)
        assert "Dilewati (bukan tabel): 1 – foto.png" in result.stderr
        assert "Dilewati (file sementara atau tersembunyi): 1 – ~$a.xlsx" in result.stderr
        assert "x.csv" not in result.output
        assert result.exit_code == 0

    def test_a_folder_without_a_table_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path, "surat.docx", "x")
        result = check(tmp_path)
        assert (result.exit_code, "Tidak ada tabel di" in result.stderr) == (2, True)

    def test_nothing_named_is_refused(self) -> None:
        assert (check().exit_code, "Sebutkan file atau folder" in check().stderr) == (2, True)

    def test_a_file_named_twice_is_judged_once(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", CLEAN)
        assert len(json.loads(check(path, tmp_path, "-f", "json").stdout)) == 1

    @pytest.mark.parametrize("form", ["text", "json", "junit", "csv", "frictionless"])
    def test_a_name_that_is_no_text_can_be_told(self, tmp_path: Path, form: str) -> None:
        place = os.fsencode(tmp_path)
        for name in (b"tabel\xff.csv", b"\x1b[2J\xff.png"):
            Path(os.fsdecode(place + b"/" + name)).write_text(FAULTY)
        done = shell(tmp_path, "-f", form, "--jobs", "1") if form == "text" else check(tmp_path, "-f", form)
        assert "tabel\ufffd.csv" in done.stdout
        assert "\x1b" not in done.stdout + done.stderr

    def test_many_files_in_several_processes_in_the_order_named(self, tmp_path: Path) -> None:
        for number in range(3):
            write(tmp_path, f"t{number}.csv", FAULTY if number % 2 else CLEAN)
        side_by_side = check(tmp_path, "-f", "json", "--jobs", "2", in_one_process=False)
        one_by_one = check(tmp_path, "-f", "json")
        reports = json.loads(side_by_side.stdout)
        assert [report["file"]["name"] for report in reports] == [f"t{number}.csv" for number in range(3)]
        kept = [{**report, "checked_at": ""} for report in reports]
        assert kept == [{**report, "checked_at": ""} for report in json.loads(one_by_one.stdout)]


class TestExitStatus:
    @pytest.mark.parametrize(
        ("content", "severity", "status"),
        [
            (CLEAN, "info", 0),
            (ASKED, "warning", 0),
            (ASKED, "question", 1),
            (FAULTY, "error", 1),
            (CLEAN.replace("32.04.05", " 32.04.05"), "error", 0),
        ],
    )
    def test_findings_count_from_the_named_severity(
        self, tmp_path: Path, content: str, severity: str, status: int
    ) -> None:
        path = write(tmp_path, "t.csv", content)
        assert check(path, "--severity", severity, "--checklist", _few(tmp_path)).exit_code == status

    def test_a_file_nobody_may_open_is_unreadable(self, tmp_path: Path) -> None:
        long = tmp_path / ("x" * 300)
        result = check(write(tmp_path, "a.csv", CLEAN), long)
        assert (result.exit_code, "tidak dapat dibuka" in result.output) == (2, True)

    def test_two_if_anything_is_unreadable(self, tmp_path: Path) -> None:
        assert check(write(tmp_path, "a.csv", FAULTY), write(tmp_path, "b.csv", "%PDF-1.4")).exit_code == 2


def _few(folder: Path) -> Path:
    """A checklist in a file, of checks that need no list."""
    return write(folder, "daftar/sedikit.yaml", "pemeriksaan: [DU-01, IS-02, IS-05, IS-06, BT-06]\n")


class TestForms:
    def test_junit(self, tmp_path: Path) -> None:
        result = check(write(tmp_path, "a.csv", FAULTY), write(tmp_path, "b.csv", "%PDF-1.4"), "-f", "junit")
        read = junitparser.JUnitXml.fromstring(result.stdout.encode())
        assert isinstance(read, junitparser.JUnitXml)
        assert (bool(read.failures), read.errors) == (True, 1)

    def test_csv(self, tmp_path: Path) -> None:
        result = check(write(tmp_path, "a.csv", FAULTY), write(tmp_path, "b.csv", CLEAN), "-f", "csv")
        lines = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"), newline="")))
        assert {"a.csv", "b.csv"} >= {line["File"] for line in lines} >= {"a.csv"}

    def test_frictionless(self, tmp_path: Path) -> None:
        result = check(write(tmp_path, "a.csv", FAULTY), write(tmp_path, "b.csv", CLEAN), "-f", "frictionless")
        report = frictionless.Report.from_descriptor(json.loads(result.stdout))
        assert [task.place for task in report.tasks] == ["a.csv", "b.csv"]
        assert [task.valid for task in report.tasks] == [False, True]

    def test_a_workbook_for_one_file(self, tmp_path: Path) -> None:
        target = tmp_path / "laporan.xlsx"
        result = check(write(tmp_path, "a.csv", FAULTY), "-f", "xlsx", "-o", target)
        assert openpyxl.load_workbook(target).sheetnames == ["Temuan", "Tabel", "Cara membaca"]
        assert str(target) in result.stderr

    def test_a_folder_of_workbooks_for_several(self, tmp_path: Path) -> None:
        write(tmp_path, "masuk/a.csv", FAULTY)
        write(tmp_path, "masuk/2024/a.csv", CLEAN)
        target = tmp_path / "keluar"
        check(tmp_path / "masuk", "-f", "xlsx", "-o", target)
        assert sorted(path.name for path in target.iterdir()) == ["laporan-2024-a.csv.xlsx", "laporan-a.csv.xlsx"]

    @pytest.mark.parametrize("form", ["text", "json", "junit", "csv", "frictionless"])
    def test_into_a_file(self, tmp_path: Path, form: str) -> None:
        path, target = write(tmp_path, "a.csv", FAULTY), tmp_path / "laporan"
        day = ("--today", "2026-03-01")
        result = check(path, "-f", form, "-o", target, *day)
        assert (result.stdout, result.exit_code) == ("", 1)
        shown = check(path, "-f", form, *day).stdout
        assert _without_moment(target.read_bytes().decode()) == _without_moment(shown)

    def test_nothing_is_left_beside_the_report(self, tmp_path: Path) -> None:
        check(write(tmp_path, "a.csv", FAULTY), "-f", "xlsx", "-o", tmp_path / "b.xlsx")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.xlsx"]


def _without_moment(text: str) -> list[str]:
    return [line for line in text.splitlines() if "checked_at" not in line]


class TestRefusals:
    """Before anything is judged, as a sentence, with status 2."""

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--format", "pdf"], "“pdf” tidak dikenal"),
            (["--severity", "berat"], "“berat” tidak dikenal"),
            (["--today", "31/3/2026"], "“31/3/2026” bukan tanggal"),
            (["-f", "xlsx"], "Tulis di mana buku kerja disimpan"),
            (["-f", "json", "-o", "{folder}"], "adalah folder"),
            (["-f", "json", "-o", "{folder}/tidak/ada.json"], "Folder {folder}/tidak tidak ada"),
            (["-o", "{folder}/a.csv"], "adalah file yang diperiksa"),
            (["-d", "{folder}/tidak-ada.yaml"], "tidak ditemukan"),
            (["-d", "lain.csv={folder}/kamus.json"], "tidak ada file yang diperiksa bernama “lain.csv”"),
            (["-d", "{folder}/kosong"], "Tidak ada kamus data di"),
            (["--checklist", "tidak-ada"], "tidak-ada"),
            (["-r", "{folder}/kamus.json"], "kamus.json"),
        ],
    )
    def test_a_wrong_option(self, tmp_path: Path, options: list[str], said: str) -> None:
        path = write(tmp_path, "a.csv", CLEAN)
        write(tmp_path, "kamus.json", "[]" if "-r" in options else json.dumps(SCHEMA))
        (tmp_path / "kosong").mkdir()
        result = check(path, *(option.replace("{folder}", str(tmp_path)) for option in options))
        assert result.exit_code == 2
        assert said.replace("{folder}", str(tmp_path)) in result.stderr
        assert path.read_text() == CLEAN

    def test_a_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        target = tmp_path / ("x" * 300)
        result = check(write(tmp_path, "a.csv", CLEAN), "-o", target)
        assert (result.exit_code, "tidak dapat ditulis" in result.stderr) == (2, True)

    @pytest.mark.thorough
    def test_a_broken_list_met_in_another_process(self, tmp_path: Path) -> None:
        broken = write(tmp_path, "wilayah.json", '{"key": "wilayah_kemendagri", "edition": ""}')
        files = [write(tmp_path, f"{name}.csv", CLEAN) for name in "ab"]
        result = check(*files, "-r", broken, in_one_process=False)
        assert (result.exit_code, "wilayah.json" in result.stderr) == (2, True)


class TestDictionaries:
    def test_a_table_schema_for_all(self, tmp_path: Path) -> None:
        schema = write(tmp_path, "kamus/skema.json", json.dumps(SCHEMA))
        result = check(write(tmp_path, "a.csv", TYPED), "-d", schema, "-f", "json")
        (report,) = json.loads(result.stdout)
        assert report["dictionary_given"]
        assert "IS-02" in {finding["check"] for finding in report["findings"]}

    def test_one_by_the_name_of_its_file(self, tmp_path: Path) -> None:
        schema = write(tmp_path, "kamus/skema.json", json.dumps(SCHEMA))
        files = [write(tmp_path, name, TYPED) for name in ("jumlah-2023.csv", "lain.csv")]
        reports = json.loads(check(*files, "-d", f"jumlah-*={schema}", "-f", "json").stdout)
        assert [report["dictionary_given"] for report in reports] == [True, False]

    def test_a_folder_of_them(self, tmp_path: Path) -> None:
        write(tmp_path, "kamus/a.json", json.dumps(SCHEMA))
        files = [write(tmp_path, name, TYPED) for name in ("a.csv", "b.csv")]
        reports = json.loads(check(*files, "-d", tmp_path / "kamus", "-f", "json").stdout)
        assert [report["dictionary_given"] for report in reports] == [True, False]


class TestDataPackage:
    def package(self, folder: Path, *resources: object) -> Path:
        return write(folder, "datapackage.json", json.dumps({"name": "paket", "resources": resources}))

    def test_each_resource_by_its_schema(self, tmp_path: Path) -> None:
        write(tmp_path, "data/a.csv", TYPED)
        write(tmp_path, "skema.json", json.dumps(SCHEMA))
        path = self.package(
            tmp_path,
            {"name": "a", "path": "data/a.csv", "schema": "skema.json"},
            {"name": "b", "path": ["data/tidak-ada.csv"]},
        )
        first, second = json.loads(check(path, "-f", "json").stdout)
        assert (first["file"]["name"], first["dictionary_given"]) == ("data/a.csv", True)
        assert "IS-02" in {finding["check"] for finding in first["findings"]}
        assert second["unreadable"]["code"] == "missing"

    def test_in_a_folder_its_files_are_judged_once(self, tmp_path: Path) -> None:
        write(tmp_path, "paket/a.csv", TYPED)
        write(tmp_path, "b.csv", CLEAN)
        self.package(tmp_path / "paket", {"name": "a", "path": "a.csv", "schema": SCHEMA})
        reports = json.loads(check(tmp_path, "-f", "json").stdout)
        assert [(report["file"]["name"], report["dictionary_given"]) for report in reports] == [
            ("b.csv", False),
            ("paket/a.csv", True),
        ]

    def test_what_is_not_a_file_is_passed_over(self, tmp_path: Path) -> None:
        write(tmp_path, "a.csv", CLEAN)
        path = self.package(
            tmp_path,
            {"name": "a", "path": "a.csv"},
            {"name": "web", "path": "https://example.org/b.csv"},
            {"name": "dalam", "data": [[1]]},
            {"name": "bagian", "path": ["c.csv", "d.csv"]},
        )
        result = check(path)
        assert "alamat web tidak diambil): 1 – web" in result.stderr
        assert "1 – dalam" in result.stderr
        assert "1 – bagian" in result.stderr

    @pytest.mark.parametrize(
        ("resource", "said"),
        [
            ({"name": "a", "path": "../rahasia.csv"}, "ke luar folder"),
            ({"name": "a", "path": "/etc/passwd"}, "ke luar folder"),
            ({"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "x", "type": "{tak}"}]}}, "{tak}"),
            ({"name": "a", "path": "a.csv", "schema": "../skema.json"}, "ke luar folder"),
            (3, "bukan objek JSON"),
        ],
    )
    def test_a_wrong_package_is_refused(self, tmp_path: Path, resource: object, said: str) -> None:
        write(tmp_path, "rahasia.csv", CLEAN)
        write(tmp_path, "skema.json", json.dumps(SCHEMA))
        write(tmp_path, "paket/a.csv", CLEAN)
        result = check(self.package(tmp_path / "paket", resource))
        assert (result.exit_code, said in result.stderr, "Traceback" in result.stderr) == (2, True, False)

    @pytest.mark.parametrize("content", ["{", "[]", '{"resources": []}', "[" * 100_000])
    def test_what_is_no_package_is_refused(self, tmp_path: Path, content: str) -> None:
        result = check(write(tmp_path, "datapackage.json", content))
        assert (result.exit_code, "datapackage.json" in result.stderr) == (2, True)


class TestDeadline:
    def test_a_file_that_takes_too_long_is_unreadable_and_the_next_is_tried(self, tmp_path: Path) -> None:
        files = [write(tmp_path, f"{name}.csv", CLEAN) for name in "ab"]
        result = check(*files, "--deadline", "0.001", "-f", "json")
        reports = json.loads(result.stdout)
        assert [report["unreadable"]["code"] for report in reports] == ["out_of_time", "out_of_time"]
        assert "0.001" in reports[0]["unreadable"]["problem"]
        assert result.exit_code == 2

    def test_a_file_within_its_time_is_judged(self, tmp_path: Path) -> None:
        (report,) = json.loads(check(write(tmp_path, "a.csv", CLEAN), "--deadline", "600", "-f", "json").stdout)
        assert report["readable"]


class TestTerminal:
    def test_colours_and_a_bar_on_a_terminal_only(self, tmp_path: Path) -> None:
        files = [write(tmp_path, f"{name}.csv", FAULTY) for name in "ab"]
        text, bar = on_a_terminal(*files, "--jobs", "1")
        assert "\x1b[31m" in text
        assert "Memeriksa" in bar
        away = shell(*files, "--jobs", "1")
        assert "\x1b[" not in away.stdout + away.stderr
        assert "Memeriksa" not in away.stderr

    def test_no_color_is_respected(self, tmp_path: Path) -> None:
        text, _bar = on_a_terminal(write(tmp_path, "a.csv", FAULTY), NO_COLOR="1")
        assert "Perbaiki ini dulu" in text
        assert "\x1b[" not in text

    def test_cells_do_not_steer_the_terminal(self, tmp_path: Path) -> None:
        evil = '"\x1b]0;judul\x07",tahun,jumlah unit\n"\x1b[2J",2024,1\n" \x1b[2J ",2024,2\n'
        text, _bar = on_a_terminal(write(tmp_path, "a.csv", evil), NO_COLOR="1")
        assert "\x1b" not in text
        assert "\x07" not in text


def on_a_terminal(*arguments: object, **environment: str) -> tuple[str, str]:
    """What the command writes when both its outputs are terminals."""
    sides = [pty.openpty(), pty.openpty()]
    command = [sys.executable, "-c", "from ckanext.satudata.core.cli import main; main()", "check"]
    variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [*command, *map(str, arguments)],
        stdout=sides[0][1],
        stderr=sides[1][1],
        env={**variables, "TERM": "xterm", **environment},
    )
    for _ours, theirs in sides:
        os.close(theirs)
    heard = [_heard(ours) for ours, _theirs in sides]
    process.wait(60)
    return heard[0], heard[1]


def _heard(end: int) -> str:
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(end, 65_536)
        except OSError:  # the other side hung up
            break
        if not part:
            break
        parts.append(part)
    os.close(end)
    return b"".join(parts).decode("utf-8", "replace")
