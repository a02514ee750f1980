"""Reading a list from a file, folder, wheel or tarball, and judging it."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from ckanext.satudata.core.reference import archive
from ckanext.satudata.core.reference.archive import UnreadableSourceError
from ckanext.satudata.core.reference.importer import BPS, KEMENDAGRI, read_list

# A few regions of the real list with the traps: the same digits in two systems, a city, a village of the tribal kind.
PROVINCES = "id,name,capital\n11,Aceh,Banda Aceh\n32,Jawa Barat,Bandung\n91,Papua,Jayapura\n"
REGENCIES = (
    "id,province_id,name\n1101,11,Kabupaten Aceh Selatan\n3204,32,Kabupaten Bandung\n3273,32,Kota Bandung\n"
    "9103,91,Kabupaten Jayapura\n"
)
DISTRICTS = "id,regency_id,name\n320405,3204,Cileunyi\n910301,9103,Sentani\n"
VILLAGES = "id,district_id,name\n3204052001,320405,Cileunyi Kulon\n9103013001,910301,Yobeh\n"
COUNTS = {"provinsi": 3, "kabupaten_kota": 4, "kecamatan": 2, "desa_kelurahan": 2}


def wheel(folder: Path) -> Path:
    path = folder / "py_contoh-1.2.3-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("py_contoh/__init__.py", "raise SystemExit('never run')")
        for name, table in (("provinces", PROVINCES), ("regencies", REGENCIES), ("districts", DISTRICTS)):
            file.writestr(f"py_contoh/data/{name}.csv.gz", gzip.compress(table.encode()))
        file.writestr("py_contoh/data/villages/villages_32.csv.gz", gzip.compress(VILLAGES.encode()))
        file.writestr("py_contoh-1.2.3.dist-info/METADATA", "Name: py-contoh\nVersion: 1.2.3\n\nThe MIT License (MIT)")
    return path


def tarball(folder: Path) -> Path:
    path = folder / "contoh-4.0.1.tgz"
    dotted = "code,name\n11,Aceh\n32,Jawa Barat\n91,Papua\n"
    members = {
        "package/package.json": '{"name": "contoh-area", "version": "4.0.1", "license": "MIT"}',
        "package/data/LICENSE.md": "# Open Database License (ODbL)",
        "package/data/provinces.csv": dotted,
        "package/data/regencies.csv": REGENCIES.replace("id,province_id", "code,province_code"),
        "package/data/districts.csv": DISTRICTS.replace("id,regency_id", "code,regency_code"),
        "package/data/villages.csv": VILLAGES.replace("id,district_id", "code,district_code"),
        "package/data/islands.csv": "code,regency_code,name\n11.01.40001,11.01,Pulau Batukapal\n",
    }
    with tarfile.open(path, "w:gz") as file:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            file.addfile(info, io.BytesIO(text.encode()))
    return path


def table(folder: Path, text: str, name: str = "wilayah.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("make", [wheel, tarball])
def test_packages_are_read_as_archives(tmp_path, make):
    reading = read_list(make(tmp_path), KEMENDAGRI, "contoh")
    assert reading.counts == COUNTS
    assert (reading.errors, reading.warnings) == ((), ())
    by_code = {entry.code: entry for entry in reading.entries}
    assert by_code["32.04"].parent == "32"
    assert by_code["32.04.05.2001"].parent == "32.04.05"
    assert by_code["91.03.01.3001"].name == "Yobeh"


def test_the_attribution_names_package_version_and_licences(tmp_path):
    assert read_list(wheel(tmp_path), KEMENDAGRI, "x").origin.attribution() == "py-contoh 1.2.3, MIT"
    reading = read_list(tarball(tmp_path), KEMENDAGRI, "x")
    assert reading.origin.attribution() in (
        "contoh-area 4.0.1, MIT, ODbL 1.0 (data)",
        "contoh-area 4.0.1, ODbL 1.0 (data), MIT",
    )
    assert reading.left_out == ("package/data/islands.csv",)


def test_a_folder_of_tables_is_one_list(tmp_path):
    table(tmp_path, PROVINCES, "a.csv")
    table(tmp_path, REGENCIES, "b.csv")
    assert read_list(tmp_path, KEMENDAGRI, "x").counts["kabupaten_kota"] == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_plain_table_is_read_whatever_its_delimiter(tmp_path, encoding, delimiter):
    text = "kode,nama\n32,Jawa Barat\n32.04,Kabupaten Bandung\n".replace(",", delimiter)
    reading = read_list(table(tmp_path, text, encoding=encoding), KEMENDAGRI, "x")
    assert [entry.name for entry in reading.entries] == ["Jawa Barat", "Kabupaten Bandung"]


def test_bps_codes_are_kept_without_dots_and_find_their_parents(tmp_path):
    text = "kode_bps,kode,nama\nx,32,JAWA BARAT\nx,3204,BANDUNG\nx,3204050,CILEUNYI\nx,3204050001,CILEUNYI KULON\n"
    reading = read_list(table(tmp_path, text), BPS, "2024_1.2025")
    assert [(entry.code, entry.parent) for entry in reading.entries] == [
        ("32", None), ("3204", "32"), ("3204050", "3204"), ("3204050001", "3204050"),
    ]  # fmt: skip


def test_other_lists_keep_their_codes_and_parents(tmp_path):
    text = "kode,judul,induk\nA,Pertanian,\n01,Tanaman,A\n"
    reading = read_list(table(tmp_path, text), "kbli", "KBLI 2025")
    assert reading.counts == {"kode": 2}
    assert reading.entries[0].parent == "A"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n32,Jawa Barat\n32.4,Bandung\n", "codes of another form"),
        ("code,name\n32,Jawa Barat\n32.10,A\n32.10,B\n", "one code with two names"),
        ("code,name\n32.04,Bandung\n", "whose parent is not in the list"),
        ("code,name\n32,Jawa Barat\n33,\n", "without code or name"),
        ("code,name,valid_from\n32,Jawa Barat,kemarin\n", "a date that is none"),
    ],
)
def test_what_stands_in_the_way_of_storing_is_counted_and_shown(tmp_path, text, said):
    errors = read_list(table(tmp_path, text), KEMENDAGRI, "x").errors
    assert len(errors) == 1
    assert said in errors[0]
    assert ": 1 (" in errors[0]


def test_harmless_defects_are_mended_and_told(tmp_path):
    text = "code,name\n32,Jawa Barat \n32,Jawa Barat\n"
    reading = read_list(table(tmp_path, text), KEMENDAGRI, "x")
    assert [entry.name for entry in reading.entries] == ["Jawa Barat"]
    assert len(reading.warnings) == 2


def test_counts_are_compared_with_the_decree(tmp_path):
    reading = read_list(wheel(tmp_path), KEMENDAGRI, "Kepmendagri 300.2.2-2430/2025")
    assert "38 expected" in reading.warnings[0]
    assert reading.errors == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"satu,dua\n1,2\n", "no table with a code"),
        ("a.csv", b"", "no table with a code"),
        ("a.txt", b"halo", "neither a CSV file"),
        ("a.whl", b"PK\x03\x04 broken", "neither a CSV file"),
        ("a.csv.gz", b"\x1f\x8b broken", "cannot be read"),
        ("a.csv.gz", gzip.compress(b"code,name\n32,Jawa Barat\n")[:-9], "cannot be read"),
    ],
)
def test_what_holds_no_list_is_refused(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableSourceError, match=said):
        read_list(path, KEMENDAGRI, "x")


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(UnreadableSourceError, match="no CSV file"):
        read_list(tmp_path, KEMENDAGRI, "x")
    with pytest.raises(UnreadableSourceError, match="no such file"):
        read_list(tmp_path / "tidak-ada", KEMENDAGRI, "x")


def test_what_grows_beyond_the_bound_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    path = tmp_path / "bom.csv.gz"
    path.write_bytes(gzip.compress(b"code,name\n" + b"0" * 1_000_000))
    with pytest.raises(UnreadableSourceError, match="more than"):
        read_list(path, KEMENDAGRI, "x")
