"""``satudata`` on a laptop: what it prints, its exit status, and that it needs nothing of CKAN."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ckanext.satudata.core.cli import main

from .qa.regions import regions

BAD = "Kode Wilayah;Wilayah;Jumlah\n32.04.16;Arjasari;1.474\n32.04.32;Baleendah;686\n32. 04. 05;Arjasari;1.128\n"
CLEAN = "kode_kecamatan,tahun,jumlah\n32.04.05,2021,5\n32.04.16,2021,7\n"
# Nothing at all is to be said about it: the unit is stated, too.
SPOTLESS = CLEAN.replace("jumlah", "jumlah_kasus")


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No list of the machine's own gets into a test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SATUDATA_REFERENCE", str(folder))
    return folder


def write(tmp_path: Path, name: str, content: str) -> str:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    return str(path)


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


@pytest.fixture
def region_file(tmp_path: Path) -> str:
    return write(tmp_path, "wilayah_kemendagri.json", json.dumps(regions().to_dict()))


def test_findings_with_their_cells(tmp_path: Path, region_file: str) -> None:
    result = check(write(tmp_path, "rutilahu.csv", BAD), "--reference", region_file)
    assert result.exit_code == 1
    for said in (
        "Belum bisa diajukan",
        "Perbaiki ini dulu",
        "Tulis angka tanpa pemisah: 1474, bukan 1.474.",
        "kode 32. 04. 05 adalah Cileunyi, tetapi namanya Arjasari",
        "baris 4",
        "Nilai mutu",
    ):
        assert said in result.output


def test_a_clean_table_ends_with_zero(tmp_path: Path, region_file: str) -> None:
    result = check(write(tmp_path, "bersih.csv", SPOTLESS), "-r", region_file)
    assert (result.exit_code, "Bisa diajukan. Tidak ada yang perlu diperbaiki." in result.output) == (0, True)


def test_questions_and_facts_alone_end_with_zero(tmp_path: Path, region_file: str) -> None:
    result = check(write(tmp_path, "fakta.csv", SPOTLESS.replace(",", ";").replace(";7", ";")), "-r", region_file)
    assert "Perlu dijelaskan" in result.output
    assert result.exit_code == 0


def test_an_unreadable_file_among_others_ends_with_two(tmp_path: Path) -> None:
    result = check(write(tmp_path, "a.csv", CLEAN), write(tmp_path, "b.csv", "%PDF-1.4"), str(tmp_path / "c.csv"))
    assert result.exit_code == 2
    assert "“b.csv” ternyata dokumen PDF" in result.output
    assert "“c.csv” tidak ada lagi" in result.output
    assert "Traceback" not in result.output


def test_json_is_the_report(tmp_path: Path) -> None:
    result = check(write(tmp_path, "rutilahu.csv", BAD), "--format", "json")
    report = json.loads(result.output)[0]
    assert report["format"] == 1
    assert {finding["check"] for finding in report["findings"]} >= {"IS-04", "KR-04"}
    assert result.exit_code == 1


def test_english(tmp_path: Path) -> None:
    result = check(write(tmp_path, "rutilahu.csv", BAD), "--language", "en")
    assert "Mend this first" in result.output
    assert "Tulis" not in result.output


def test_missing_list_is_named(tmp_path: Path) -> None:
    result = check(write(tmp_path, "bersih.csv", CLEAN))
    assert "Tidak berlaku: Kode wilayah dikenal. Daftar referensi “wilayah_kemendagri” belum dipasang" in result.output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "kamus.yaml",
            "kamus_data:\n- {kolom: kode_kecamatan, wajib: ya}\n- {kolom: tahun, tipe: year}\n- {kolom: rumah}\n",
        ),
        ("kamus.json", '[{"kolom": "kode_kecamatan"}, {"kolom": "tahun", "tipe": "year"}, {"kolom": "rumah"}]'),
        ("kamus.csv", "kolom;tipe\nkode_kecamatan;text\ntahun;year\nrumah;integer\n"),
    ],
)
def test_a_dictionary_in_any_form(tmp_path: Path, name: str, content: str) -> None:
    result = check(write(tmp_path, "bersih.csv", CLEAN), "--dictionary", write(tmp_path, name, content))
    assert "Kamus data menyebut kolom “rumah”" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize("content", ["{", "kamus_data: 3", "- {tipe: integer}", "[1, 2]"])
def test_a_broken_dictionary_is_a_sentence(tmp_path: Path, content: str) -> None:
    result = check(write(tmp_path, "bersih.csv", CLEAN), "-d", write(tmp_path, "kamus.yaml", content))
    assert result.exit_code == 2
    assert "amus data" in result.output
    assert "Traceback" not in result.output


def test_a_broken_list_is_a_sentence(tmp_path: Path) -> None:
    result = check(write(tmp_path, "bersih.csv", CLEAN), "-r", write(tmp_path, "x.json", "{}"))
    assert result.exit_code == 2
    assert "x.json" in result.output


def test_a_stored_list_is_used_from_then_on(tmp_path: Path, empty_cache: Path) -> None:
    source = write(tmp_path, "regions.csv", "code,name\n32,Jawa Barat\n32.04,Kabupaten Bandung\n32.04.05,Cileunyi\n")
    stored = CliRunner().invoke(main, ["reference", source, "--edition", "uji/1"])
    assert (stored.exit_code, stored.output.split(":")[0]) == (0, "wilayah_kemendagri uji/1")
    assert [path.name for path in empty_cache.iterdir()] == ["wilayah_kemendagri@uji-1.json"]
    result = check(write(tmp_path, "t.csv", "kode_kecamatan,jumlah\n32.04.05,1\n32.04.99,2\n32.04,4\n"))
    assert "Kode wilayah tidak dikenal" in result.output


def test_no_ckan_is_imported(tmp_path: Path) -> None:
    path = write(tmp_path, "bersih.csv", CLEAN)
    code = (
        "import sys\nfrom ckanext.satudata.core.cli import main\n"
        f"try: main(['check', {path!r}])\nexcept SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'ckan', 'flask', 'sqlalchemy', 'numpy'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_reading_a_report_does_not_import_polars() -> None:
    code = (
        "import sys\nfrom ckanext.satudata.core.qa import report, registry, window\n"
        "registry.checks()\nprint('polars' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
