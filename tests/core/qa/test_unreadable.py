"""What is no table is refused with a sentence that says what to do; nothing takes the process down."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from ckanext.satudata.core.qa.table import Limits, Unreadable, read
from ckanext.satudata.core.qa.table.unreadable import WHY, sentences

from .xlsx import sheet_xml, write_xlsx


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty file": (b"", "empty"),
    "nothing but line ends": (b"\n\r\n\n", "no_rows"),
    "nothing but delimiters": (b";;;;\n;;;;\n", "no_rows"),
    "16,384 columns with nothing": (b"," * 16_383 + b"\n" + b"," * 16_383 + b"\n", "no_rows"),
    "20,000 columns with something": (
        b",".join(b"a%d" % n for n in range(20_000)) + b"\n" + b"1," * 20_000,
        "too_many_columns",
    ),
    "3,000 columns": (
        b",".join(b"a%d" % n for n in range(3_000)) + b"\n" + b",".join([b"1"] * 3_000),
        "too_many_columns",
    ),
    "header only": (b"kecamatan,jumlah\n", "no_rows"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
    "PDF after a byte order mark": (b"\xef\xbb\xbf%PDF-1.4\n", "pdf"),
    "web page": (b"\r\n<!DOCTYPE html>\n<html><table><tr><td>1</td></tr></table></html>", "html_sheet"),
    "page that came instead of the file": (b"<!DOCTYPE html>\n<html><title>Masuk</title><form>x</form></html>", "html"),
    "table as web page, named .xls": (b"<table border=1><tr><td>1</td></tr></table>", "html_sheet"),
    "web page in UTF-16": ("\ufeff<html><body>x</body></html>".encode("utf-16-le"), "html"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
    "XML": (b'<?xml version="1.0"?><laporan></laporan>', "xml"),
    "spreadsheet XML": (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook></Workbook>',
        "xml_sheet",
    ),
    "web archive, named .xls": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "html_sheet"),
    "JSON without records": (b'{"judul": "Penduduk", "tahun": 2023}', "json"),
    "JSON list of figures": (b'{"nilai": [1, 2, 3]}', "json"),
    "JSON that breaks off": (b'[{"kecamatan": "Ciparay"},\n {"kecamatan": ', "broken_json"),
    "JSON lines, the third is broken": (b'{"a": 1}\n{"a": 2}\n{"a": \n', "broken_json"),
    "JSON nested without end": (b'{"a":' * 100_000, "json_nested"),
    "GeoJSON without features": (b'{\n "type": "FeatureCollection", "features": []}', "no_rows"),
    "SQLite": (b"SQLite format 3\x00" + b"\x10" * 100, "database"),
    "Parquet": (b"PAR1" + b"\x00" * 20, "database"),
    "map of the old kind": (archive({"batas.shp": b"\x00\x00\x27\x0a", "batas.dbf": b"\x03"}), "map"),
    "Excel 4": (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_workbook"),
    "rich text": (b"{\\rtf1 teks}", "document"),
    "gzip that breaks off": (gzip.compress(b"a,b\n1,2\n" * 99)[:30], "broken_archive"),
    "gzip of a picture": (gzip.compress(b"\x89PNG\r\n\x1a\n"), "image"),
    "zip without tables": (archive({"baca.txt": b"Halo\nIni arsip\n", "logo.png": b"\x89PNG\r\n\x1a\n"}), "archive"),
    "zip of one document": (archive({"laporan.pdf": b"%PDF-1.7\n"}), "pdf"),
    "zip of 201 tables": (archive({f"{n}.csv": b"a,b\n1,2\n" for n in range(201)}), "too_many_members"),
    "zip in zip in zip": (archive({"a.zip": archive({"b.zip": archive({"c.csv": b"a,b\n1,2\n"})})}), "nested_archive"),
    "Word document": (archive({"word/document.xml": b"<x/>"}), "document"),
    "OpenDocument text": (archive({"mimetype": b"application/vnd.oasis.opendocument.text"}), "document"),
    "broken zip": (b"PK\x03\x04" + b"\x00" * 60, "broken_workbook"),
    "workbook without parts": (archive({"xl/workbook.xml": b"<workbook/>"}), "broken_workbook"),
    "workbook with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old Word document": (OLE + "WordDocument".encode("utf-16-le"), "document"),
    "old Office file of no kind": (OLE, "broken_workbook"),
    "noise": (bytes(range(256)) * 8, "binary"),
    "broken UTF-8": ("kecamatan,é\n".encode() * 20 + b"\xe9\xff\n", "broken_encoding"),
    "neither UTF-8 nor Windows-1252": (b"kecamatan,jumlah\nCipara\x81,1\n", "broken_encoding"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_refused_with_a_sentence(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "laporan.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code == code
    for language in ("id", "en"):
        problem, mend = sentences(code, refused.value.parameters, language)
        assert "?" not in problem
        assert problem.endswith(".")
        assert mend.endswith(".")


def test_the_line_of_a_broken_character_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1,2\n" + "é,1\n".encode() * 5 + b"\xe9,2\n")
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.parameters["line"] == 8


def test_a_file_that_vanished(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "hilang.csv")
    assert refused.value.code == "missing"


def test_a_file_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "besar.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 1000)
    with pytest.raises(Unreadable) as refused:
        read(path, limits=Limits(file_bytes=1000))
    assert refused.value.code == "too_big"


def test_a_zip_bomb_is_refused_before_a_library_opens_it(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "bom.xlsx", {"Data": sheet_xml([["a"], [1]])})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/media/isi.bin", b"\x00" * (60 << 20))
    assert path.stat().st_size < 200_000
    with pytest.raises(Unreadable) as refused:
        read(path, limits=Limits(inflated_bytes=50 << 20))
    assert refused.value.code == "zip_bomb"


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "bom.xlsx", {"Data": sheet_xml([["a"], [1]])})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/media/isi.bin", b"\x00" * (60 << 20))
    content = path.read_bytes()
    path.write_bytes(content.replace((60 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(Unreadable) as refused:
        read(path, limits=Limits(inflated_bytes=50 << 20))
    assert refused.value.code == "zip_bomb"


def test_one_cell_in_the_last_corner_of_a_sheet(tmp_path: Path) -> None:
    xml = sheet_xml([["a", "b"], [1, 2]]).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    path = write_xlsx(tmp_path / "luas.xlsx", {"Data": xml})
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code == "too_many_cells"


def test_every_sentence_speaks_without_parameters() -> None:
    for code in WHY:
        for language in ("id", "en"):
            assert all(sentences(code, {}, language))
