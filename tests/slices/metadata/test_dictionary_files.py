"""A data dictionary as a file: read from one, given as one, as a template to fill in; a Table Schema counts as one."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge import contributions
from tests.daily import cases
from tests.slices import remembered

from .test_pages import Browser, words

TABLE = "kode_kecamatan,kecamatan,tahun,jumlah\n32.04.05,Cileunyi,2024,4\n32.04.32,Arjasari,2024,2\n"
COLUMNS: list[dict[str, Any]] = [
    {"kolom": "kode_kecamatan", "tipe": "text", "wajib": True, "kunci": True, "pola": r"[0-9]{2}(\.[0-9]{2}){2}"},
    {"kolom": "kecamatan", "label": "Kecamatan", "tipe": "text", "wajib": True, "unik": True},
    {"kolom": "tahun", "tipe": "year", "wajib": True, "kunci": True, "minimal": 2019, "maksimal": 2030},
    {"kolom": "jumlah", "tipe": "integer", "ukuran": "Jumlah", "satuan": "Unit", "definisi": "Banyaknya puskesmas.",
     "minimal": 0, "maksimal": 99.5, "tanda_kosong": ["-99", "tt"], "aditif": True},
]  # fmt: skip
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "kode_kecamatan", "type": "string"},
        {"name": "kecamatan", "type": "string"},
        {"name": "tahun", "type": "year"},
        {"name": "jumlah", "type": "integer", "title": "Jumlah puskesmas", "constraints": {"maximum": 3}},
    ]
}


@pytest.fixture
def resource(office):
    return remembered.once(_resource, office)


def _resource(office):
    return office.upload(office.dataset()["id"], TABLE)


@pytest.fixture
def described(office, resource):
    remembered.once(_describe, office, resource["id"])
    return resource


def _describe(office, resource_id):
    office.call("satudata_dictionary_update", resource_id=resource_id, columns=COLUMNS)


def page_of(resource, part: str = "") -> str:
    return f"/dataset/{resource['package_id']}/resource/{resource['id']}/kamus{part}"


def file_of(content: bytes | str, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content.encode() if isinstance(content, str) else content), name)


def checked(office, resource_id: str) -> dict[str, Any]:
    assert office.call("satudata_qa_run", who="sysadmin", resource_id=resource_id, wait=True)["state"] == "done"
    return office.call("satudata_qa_show", resource_id=resource_id)


def test_bounds_forms_marks_and_sums_are_stored(office, described):
    shown = office.call("satudata_dictionary_show", resource_id=described["id"])
    assert (shown["columns"], shown["stored"], shown["source"]) == (COLUMNS, True, "kamus_data")


@pytest.mark.parametrize(
    ("column", "part", "said"),
    cases(
        ({"tipe": "integer", "minimal": "x"}, "minimal", "bukan angka"),
        ({"tipe": "integer", "minimal": 3, "maksimal": 2}, "maksimal", "lebih besar"),
        ({"tipe": "text", "pola": "["}, "pola", "tidak dapat dibaca"),
        thorough=[
            ({"tipe": "text", "maksimal": 3}, "maksimal", "hanya berlaku"),
            ({"tipe": "number", "minimal": "nan"}, "minimal", "bukan angka"),
            ({"tipe": "number", "minimal": True}, "minimal", "bukan angka"),
            ({"tipe": "text", "pola": "x" * 501}, "pola", "paling panjang 500"),
            ({"tipe": "text", "aditif": "mungkin"}, "aditif", "ya atau tidak"),
            ({"tipe": "text", "tanda_kosong": "-"}, "tanda_kosong", "daftar teks"),
            ({"tipe": "text", "tanda_kosong": ["x" * 51]}, "tanda_kosong", "daftar teks"),
            ({"tipe": "text", "skema": "x"}, "skema", "objek JSON"),
            ({"tipe": "text", "skema": {"x": "y" * 8000}}, "skema", "objek JSON"),
        ],
    ),
)
def test_what_cannot_be_meant_is_refused_at_its_field(office, resource, column, part, said):
    with pytest.raises(tk.ValidationError) as raised:
        office.call("satudata_dictionary_update", resource_id=resource["id"], columns=[{"kolom": "jumlah", **column}])
    told: Any = raised.value.error_dict
    assert told["columns"][0]["part"] == part
    assert said in told["columns"][0]["text"]


def test_the_file_is_judged_by_what_is_declared(office, resource):
    columns = [*COLUMNS[:3], {**COLUMNS[3], "maksimal": 3}]
    office.call("satudata_dictionary_update", resource_id=resource["id"], columns=columns)
    errors = [one for one in checked(office, resource["id"])["report"]["findings"] if one["severity"] == "error"]
    assert [(one["check"], one["column"], one["rows"]) for one in errors] == [("IS-40", "jumlah", [[2, 2]])]


def test_the_next_file_is_judged_by_the_same_dictionary(office, described):
    other = TABLE.replace("jumlah", "banyaknya")
    office.call("resource_patch", id=described["id"], upload=file_of(other, "baru.csv"), url="baru.csv")
    assert office.call("satudata_dictionary_show", resource_id=described["id"])["columns"] == COLUMNS
    found = [one for one in checked(office, described["id"])["report"]["findings"] if one["check"] == "BT-03"]
    assert sorted((one["column"], one["severity"]) for one in found) == [("banyaknya", "warning"), ("jumlah", "error")]


def test_a_table_schema_counts_where_nobody_stored_a_dictionary(office, resource):
    office.call("resource_patch", id=resource["id"], schema=json.dumps(SCHEMA))
    shown = office.call("satudata_dictionary_show", resource_id=resource["id"])
    assert (shown["stored"], shown["source"]) == (False, "schema")
    assert shown["columns"][3] == {"kolom": "jumlah", "label": "Jumlah puskesmas", "tipe": "integer", "maksimal": 3.0}
    answer = checked(office, resource["id"])
    assert answer["dictionary_given"] is True
    assert [one["check"] for one in answer["report"]["findings"] if one["severity"] == "error"] == ["IS-40"]
    subject = contributions.subjects()["dataset"].load(resource["package_id"])
    assert list(contributions.gates()["dictionary_saved"]("submit", subject)) == []


def test_a_stored_dictionary_counts_before_a_table_schema(office, described):
    office.call("resource_patch", id=described["id"], schema=SCHEMA)
    assert office.call("satudata_dictionary_show", resource_id=described["id"])["source"] == "kamus_data"


@pytest.mark.parametrize(
    ("schema", "said"),
    [("http://contoh.id/skema.json", "tidak diambil"), ("{", "bukan JSON"), ({"fields": [{"name": ""}]}, "“name”")],
)
def test_a_table_schema_that_cannot_be_used_says_why(app, office, resource, schema, said):
    office.call("resource_patch", id=resource["id"], schema=schema)
    shown = office.call("satudata_dictionary_show", resource_id=resource["id"])
    assert (shown["columns"], shown["source"]) == ([], None)
    assert said in shown["problem"]
    assert said in Browser(app, office.editor["name"]).get(page_of(resource))


def test_a_file_fills_the_editor_and_stores_nothing(app, office, resource):
    editor = Browser(app, office.editor["name"])
    sent = {"upload": (io.BytesIO(json.dumps(SCHEMA).encode()), "skema.json")}
    answer = editor.post(page_of(resource, "/baca"), sent, form=page_of(resource))
    assert answer.status_code == 200, words(answer)
    assert "4 kolom dibaca dari file Anda" in words(answer)
    assert 'value="Jumlah puskesmas"' in words(answer)
    assert 'name="maksimal-3" type="text" value="3"' in words(answer)
    assert not office.call("satudata_dictionary_show", resource_id=resource["id"])["stored"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    cases(
        ("skema.json", b"{", "bukan kamus data"),
        ("kamus.exe", b"MZ", "tidak dapat dibaca sebagai kamus data"),
        thorough=[
            ("kamus.yaml", b"- kolom: a", "tidak dapat dibaca sebagai kamus data"),
            ("templat.xlsx", b"PK\x03\x04", "tidak dapat dibuka"),
            ("", b"", "Pilih filenya dulu"),
            ("a.csv", b"\xff\xfe\x00", "bukan kamus data"),
        ],
    ),
)
def test_a_file_that_is_no_dictionary_is_refused_on_the_page(app, office, resource, name, content, said):
    editor = Browser(app, office.editor["name"])
    answer = editor.post(page_of(resource, "/baca"), {"upload": (io.BytesIO(content), name)}, form=page_of(resource))
    assert answer.status_code == 400
    assert said in words(answer)


def test_the_api_reads_a_dictionary_too(office, resource):
    found = office.call("satudata_dictionary_read", resource_id=resource["id"], schema=SCHEMA)
    assert found["columns"][3] == {"kolom": "jumlah", "label": "Jumlah puskesmas", "tipe": "integer", "maksimal": 3}
    with pytest.raises(tk.ValidationError) as raised:
        office.call("satudata_dictionary_read", resource_id=resource["id"], schema={"x": 1})
    assert "bukan Table Schema" in str(raised.value.error_dict)


def test_what_is_typed_on_the_page_is_stored(app, office, described):
    editor = Browser(app, office.editor["name"])
    sent = {
        "kolom-0": "jumlah", "tipe-0": "integer", "minimal-0": "0,5", "maksimal-0": "7", "aditif-0": "tidak",
        "tanda_kosong-0": "-\r\ntt", "ukuran-0": "Jumlah", "unik-0": "1", "skema-0": '{"rdfType": "x"}',
    }  # fmt: skip
    answer = editor.post(page_of(described), sent)
    assert answer.status_code == 302, words(answer)
    assert office.call("satudata_dictionary_show", resource_id=described["id"])["columns"] == [
        {"kolom": "jumlah", "tipe": "integer", "ukuran": "Jumlah", "unik": True, "minimal": 0.5, "maksimal": 7,
         "tanda_kosong": ["-", "tt"], "aditif": False, "skema": {"rdfType": "x"}}
    ]  # fmt: skip


def test_a_refused_bound_is_told_at_its_field_and_kept(app, office, resource):
    sent = {"kolom-0": "jumlah", "tipe-0": "integer", "minimal-0": "sedikit", "aditif-0": "tidak"}
    answer = Browser(app, office.editor["name"]).post(page_of(resource), sent)
    assert answer.status_code == 400
    assert 'name="minimal-0" type="text" value="sedikit" aria-invalid="true"' in words(answer)
    assert '<option value="tidak" selected>' in words(answer)


@pytest.mark.parametrize("form", ["skema.json", "kamus.csv", "ms-var.json", "templat.xlsx"])
def test_what_is_downloaded_is_read_again(app, office, described, form):
    editor = Browser(app, office.editor["name"])
    answer = editor.client.get(page_of(described, f"/unduh/{form}"))
    assert answer.status_code == 200
    assert f'filename="{form.split(".")[0]}-tabel.{form.split(".")[1]}"' in answer.headers["Content-Disposition"]
    upload = file_of(answer.get_data(), form)
    found = office.call("satudata_dictionary_read", resource_id=described["id"], upload=upload)
    assert found["columns"] == COLUMNS


def test_there_is_nothing_to_download_before_it_is_saved(app, office, resource):
    Browser(app, office.editor["name"]).get(page_of(resource, "/unduh/templat.xlsx"), status=404)
    with pytest.raises(tk.ValidationError) as raised:
        office.call("satudata_template", resource_id=resource["id"])
    assert "belum disimpan" in str(raised.value.error_dict)


def test_strangers_get_no_template_and_bring_no_dictionary(app, office, described):
    for action in ("satudata_template", "satudata_dictionary_read"):
        with pytest.raises(tk.NotAuthorized):
            office.call(action, who="stranger", resource_id=described["id"], schema=SCHEMA)
    stranger = Browser(app, office.stranger["name"])
    stranger.get(page_of(described, "/unduh/kamus.csv"), status=404)
    assert stranger.client.post(page_of(described, "/baca"), data={}).status_code in (400, 404)


def test_a_filled_in_template_passes_the_check(office, described):
    made = office.call("satudata_template", resource_id=described["id"])
    content = base64.b64decode(made["content"])
    assert (made["name"], made["size"]) == ("templat-tabel.xlsx", len(content))
    book = openpyxl.load_workbook(io.BytesIO(content))
    for number, row in enumerate((("32.04.05", "Cileunyi", 2024, 4), ("32.04.32", "Arjasari", 2024, "tt")), start=2):
        for place, value in enumerate(row, start=1):
            book["Data"].cell(number, place, value)
    target = io.BytesIO()
    book.save(target)
    office.call("resource_patch", id=described["id"], upload=file_of(target.getvalue(), "isian.xlsx"), url="isian.xlsx")
    report = checked(office, described["id"])["report"]
    assert [one["title"] for one in report["findings"] if one["severity"] == "error"] == []
    assert [(table["name"], table["rows"]) for table in report["tables"]] == [("Data", 2)]


def test_the_buttons_stand_on_the_page_of_the_file_and_of_the_dictionary(app, office, described):
    editor = Browser(app, office.editor["name"])
    for page in (page_of(described), page_of(described).removesuffix("/kamus")):
        text = editor.get(page)
        assert "Unduh templat (XLSX)" in text
        assert "/kamus/unduh/templat.xlsx" in text
