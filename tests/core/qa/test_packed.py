"""Tables in archives: all of them, within limits, never where a member's name points to."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest

from ckanext.satudata.core.qa.table import Limits, Unreadable, read
from ckanext.satudata.core.qa.table.packed import plain_name

from .xlsx import sheet_xml, write_xlsx

CSV = b"kecamatan;jumlah\nCiparay;12\nPacet;13\n"
ROWS = [(2, "Ciparay", "12"), (3, "Pacet", "13")]
MB = 1 << 20


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_one_table_in_an_archive_is_read_as_that_table(tmp_path: Path) -> None:
    source = read(
        archive(tmp_path / "d.zip", {"2023/data.csv": CSV, "baca.txt": b"Halo\n", "__MACOSX/._data.csv": b"x"})
    )
    assert (source.kind, source.facts["delimiter"], source.facts["archive"]) == ("csv", ";", "ZIP")
    assert (source.facts["members"], source.facts["members_without_table"]) == (["2023/data.csv"], ["baca.txt"])
    assert source.tables[0].rows.rows() == ROWS


def test_a_packed_file_is_named_without_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "data.csv.gz"
    path.write_bytes(gzip.compress(CSV))
    source = read(path)
    assert (source.kind, source.facts["members"]) == ("csv", ["data.csv"])
    assert source.tables[0].rows.rows() == ROWS
    assert source.size == path.stat().st_size


def test_tables_of_several_files_are_named_after_them(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "b.xlsx", {"Data": sheet_xml([["a", "b"], [1, 2]])}).read_bytes()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("dalam.json", '[{"a": 1}, {"a": 2}]')
    source = read(archive(tmp_path / "d.zip", {"x.csv": CSV, "b.xlsx": book, "lagi.zip": inner.getvalue()}))
    assert source.kind == "zip"
    assert [(table.name, table.height) for table in source.tables] == [
        ("x.csv", 2),
        ("b.xlsx › Data", 1),
        ("lagi.zip", 2),
    ]


def test_a_member_never_chooses_where_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    source = read(archive(tmp_path / "d.zip", {"../../lari.csv": CSV, "/etc/lain.csv": CSV}))
    assert [table.name for table in source.tables] == ["lari.csv", "etc/lain.csv"]
    assert not list(tmp_path.rglob("lari.csv"))
    assert not list(scratch.iterdir())


def test_names_are_shown_without_marks_that_deceive() -> None:
    assert plain_name("..\\a\x00\u202egpj.csv") == "agpj.csv"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(inflated_bytes=10), "zip_bomb"),
        (Limits(members=1), "too_many_members"),
        (Limits(nesting=0), "nested_archive"),
    ],
)
def test_limits_of_archives(limits: Limits, code: str, tmp_path: Path) -> None:
    path = archive(tmp_path / "d.zip", {"a.csv": CSV, "b.csv": CSV})
    with pytest.raises(Unreadable) as refused:
        read(path, limits=limits)
    assert refused.value.code == code


def test_a_large_file_that_grows_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * (17 * MB)))
    with pytest.raises(Unreadable) as refused:
        read(path, limits=Limits(ratio=100))
    assert refused.value.code == "zip_bomb"


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "d.zip", {"a.csv": CSV})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code == "password"
