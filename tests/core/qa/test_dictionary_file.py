"""A data dictionary comes in and goes out in every form people have one in, and means the same in each."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.core.qa.datastore_fields import info_of
from ckanext.satudata.core.qa.dictionary import Column, DictionaryError
from ckanext.satudata.core.qa.dictionary_file import columns_of, ms_var_csv, read_dictionary, to_csv
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.ms_var import to_ms_var
from ckanext.satudata.core.qa.table_schema import to_table_schema
from ckanext.satudata.core.qa.template.workbook import write_template

from .xlsx import sheet_xml, write_xlsx

COLUMNS = [
    Column("kode", "Kode kecamatan", list="wilayah_kemendagri", edition="2430/2025", required=True, key=True),
    Column("nomor", "Nomor izin", unique=True, pattern=r"[A-Z]{2}-\d+"),
    Column("kelas", "Kelas; rumah sakit", values=("A; utama", "B|C", "-")),
    Column(
        *("jumlah", "Jumlah", "integer", "Orang"), description="Banyaknya, “per” bulan.", measure="Jumlah", minimum=-5,
        maximum=1500.25, missing=("-", "-99"), additive=True,
    ),
    Column("rasio", "Rasio", type="number", unit="Persen", additive=False),
    *(Column(kind, kind.capitalize(), type=kind) for kind in ("date", "year", "period", "boolean")),
]  # fmt: skip


def saved(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def as_json(folder: Path, data: Any) -> Path:
    return saved(folder, "kamus.json", json.dumps(data))


def forms(folder: Path) -> dict[str, Path]:
    template = folder / "templat.xlsx"
    template.write_bytes(write_template(COLUMNS, Lists(), name="x"))
    fields = [
        {"id": "_id", "type": "int"},
        *({"id": one.name, "type": "text", "info": info_of(one, one.name)} for one in COLUMNS),
    ]
    return {
        "own": saved(folder, "a.json", json.dumps({"kamus_data": [one.to_dict() for one in COLUMNS]})),
        "csv": saved(folder, "b.csv", to_csv(COLUMNS)),
        "table_schema": saved(folder, "c.json", json.dumps(to_table_schema(COLUMNS))),
        "datastore": saved(folder, "d.json", json.dumps({"fields": fields})),
        "ms_var": saved(folder, "e.json", json.dumps(to_ms_var(COLUMNS))),
        "template": template,
    }


@pytest.mark.parametrize("form", ["own", "csv", "table_schema", "datastore", "ms_var", "template"])
def test_what_is_written_comes_back(form: str, tmp_path: Path) -> None:
    assert read_dictionary(forms(tmp_path)[form]) == COLUMNS


def test_ms_var_comes_back_from_its_table_too(tmp_path: Path) -> None:
    plain = [replace(column, values=("A", "B") if column.values else ()) for column in COLUMNS]
    assert read_dictionary(saved(tmp_path, "ms-var.csv", ms_var_csv(plain))) == plain


def test_ms_var_bears_the_names_of_its_form() -> None:
    variable = to_ms_var(COLUMNS)[3]
    assert (variable["nama"], variable["alias"], variable["tipe_data"]) == ("Jumlah", "jumlah", "integer")
    assert (variable["ukuran"], variable["satuan"]) == ("Jumlah", "Orang")
    assert variable["aturan_validasi"][:2] == ["PALING KECIL -5", "PALING BESAR 1500.25"]
    assert to_ms_var(COLUMNS)[2]["klasifikasi_isian"][0] == {"kode": "A; utama", "nilai": "A; utama"}


def test_ms_var_of_others_is_understood() -> None:
    columns = columns_of(
        [
            {
                "nama": "Umur",
                "alias": "-",
                "tipe_data": "INTEGER",
                "satuan": "Tahun",
                "value_domain": [{"kode": "1", "nilai": "Muda"}],
                "aturan_validasi": ["HARUS TERISI"],
            }
        ]
    )
    assert columns == [Column("Umur", type="integer", unit="Tahun", values=("Muda",), required=True)]


def test_a_datastore_without_descriptions_gives_names_and_types() -> None:
    fields = [{"id": "nama", "type": "text"}, {"id": "n", "type": "int4"}, {"id": "w", "type": "timestamp"}]
    columns = columns_of({"fields": fields})
    assert columns is not None
    assert [(column.name, column.type) for column in columns] == [("nama", "text"), ("n", "integer"), ("w", "date")]


def test_no_cell_of_the_table_begins_a_formula(tmp_path: Path) -> None:
    columns = [Column("=1+1", "@x", description="-5"), Column("b", minimum=-3)]
    text = to_csv(columns)
    assert "'=1+1" in text
    assert "'@x" in text
    assert read_dictionary(saved(tmp_path, "a.csv", text)) == columns


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "{", "bukan kamus data"),
        ("a.json", "[" * 100_000, "bukan kamus data"),
        ("a.json", "[1, 2]", "bukan kamus data"),
        ("a.json", '[{"x": 1}]', "bukan kamus data"),
        ("a.json", '{"resources": []}', "Data Package"),
        ("a.json", '{"fields": [{"name": "a", "type": "angka"}]}', "“angka”"),
        ("a.json", '[{"kolom": "a\\u0000"}]', "tidak dapat disimpan"),
        ("a.json", '{"fields": [{"name": "\\ud800"}]}', "tidak dapat disimpan"),
        ("a.csv", "kolom,tipe\na\x00,text\n", "tidak dapat disimpan"),
        ("a.csv", "x,y\n1,2\n", "bukan kamus data"),
        ("a.csv", "kolom,tipe\na,angka\n", "“angka”"),
        ("a.yaml", "a: [", "bukan kamus data"),
        ("a.xlsx", "kolom,tipe", "tidak dapat dibuka"),
    ],
)
def test_every_other_file_is_refused_with_a_sentence(name: str, content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DictionaryError) as raised:
        read_dictionary(saved(tmp_path, name, content))
    assert said in raised.value.sentence()


def test_a_workbook_that_is_no_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DictionaryError) as raised:
        read_dictionary(write_xlsx(tmp_path / "a.xlsx", {"Data": sheet_xml([["kolom", "tipe"], ["a", "text"]])}))
    assert "bukan templat" in raised.value.sentence()


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"_kamus": sheet_xml([["a"]])})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/gambar.bin", b"\0" * (210 << 20))
    with pytest.raises(DictionaryError) as raised:
        read_dictionary(path)
    assert "tidak dapat dibuka" in raised.value.sentence()
