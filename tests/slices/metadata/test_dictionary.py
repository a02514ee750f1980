"""The data dictionary of a file: proposed from it, confirmed by a person, kept with the resource."""

from __future__ import annotations

import io
import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from werkzeug.datastructures import FileStorage

from tests.daily import cases
from tests.slices import remembered

from .test_pages import Browser, words

TABLE = b"kode_kecamatan,kecamatan,tahun,jumlah\n32.04.05,Cileunyi,2024,4\n32.04.32,Arjasari,2024,2\n"
COLUMNS = [
    {"kolom": "kecamatan", "label": "Kecamatan", "tipe": "text", "wajib": True, "kunci": True},
    {"kolom": "jumlah", "tipe": "integer", "satuan": "Unit", "definisi": "Banyaknya puskesmas."},
]


@pytest.fixture
def resource(office):
    return remembered.once(_resource, office)


def _resource(office):
    dataset = office.dataset()
    file = FileStorage(io.BytesIO(TABLE), "puskesmas.csv")
    return office.call("resource_create", package_id=dataset["id"], upload=file, url="puskesmas.csv", url_type="upload")


@pytest.fixture
def checked(office, resource):
    remembered.once(_check, office, resource["id"])
    return resource


def _check(office, resource_id):
    office.call("satudata_qa_run", who="sysadmin", resource_id=resource_id, wait=True)


def test_a_dictionary_is_stored_with_the_file(office, resource):
    shown = office.call("satudata_dictionary_update", resource_id=resource["id"], columns=COLUMNS)
    assert shown["stored"] is True
    assert shown["columns"] == COLUMNS
    assert office.call("resource_show", id=resource["id"])["kamus_data"] == COLUMNS


def test_an_empty_list_removes_it(office, resource):
    office.call("satudata_dictionary_update", resource_id=resource["id"], columns=COLUMNS)
    shown = office.call("satudata_dictionary_update", resource_id=resource["id"], columns=[])
    assert (shown["stored"], shown["columns"]) == (False, [])


@pytest.mark.parametrize(
    ("columns", "index", "said"),
    cases(
        ([{"kolom": "a", "tipe": "text"}, {"kolom": "A ", "tipe": "text"}], 1, "dua kali"),
        ([{"kolom": "a", "tipe": "angka"}], 0, "tidak dikenal"),
        ("bukan daftar", None, "daftar kolom"),
        thorough=[
            ([{"kolom": "", "tipe": "text"}], 0, "belum punya nama"),
            ([{"kolom": "a", "tipe": "text", "wajib": "mungkin"}], 0, "ya atau tidak"),
            ([{"kolom": "a", "tipe": "text", "nilai": "x"}], 0, "daftar teks"),
            ([{"kolom": "a", "tipe": "text", "warna": "x"}], 0, "tidak dikenal"),
            ([{"kolom": "a", "tipe": "text", "definisi": "x" * 2001}], 0, "paling panjang 2000"),
            ([{"kolom": "a", "tipe": ["text"]}], 0, "tidak dikenal"),
            (["a"], None, "daftar kolom"),
            ([{"kolom": f"k{n}", "tipe": "text"} for n in range(1001)], None, "paling banyak 1000"),
        ],
    ),
)
def test_a_wrong_dictionary_is_refused_at_its_row(office, resource, columns, index, said):
    with pytest.raises(tk.ValidationError) as raised:
        office.call("satudata_dictionary_update", resource_id=resource["id"], columns=columns)
    told: Any = raised.value.error_dict
    first = told["columns"][0]
    assert first["index"] == index
    assert said in first["text"]
    assert "kamus_data" not in office.call("resource_show", id=resource["id"])


def test_the_same_rules_hold_where_a_file_is_saved_with_its_dictionary(office, resource):
    with pytest.raises(tk.ValidationError) as raised:
        office.call("resource_patch", id=resource["id"], kamus_data=[{"kolom": "a", "tipe": "angka"}])
    assert "tidak dikenal" in str(raised.value.error_dict)
    saved = office.call("resource_patch", id=resource["id"], kamus_data='[{"kolom": "a", "tipe": "text"}]')
    assert saved["kamus_data"] == [{"kolom": "a", "tipe": "text"}]


def test_a_dataset_is_saved_as_it_is_shown(office, resource):
    office.call("satudata_dictionary_update", resource_id=resource["id"], columns=COLUMNS)
    dataset = office.call("package_show", id=resource["package_id"])
    office.call("package_update", **dataset)
    assert office.call("resource_show", id=resource["id"])["kamus_data"] == COLUMNS


def test_strangers_change_nothing_and_see_nothing(office, resource):
    for action, data in (
        ("satudata_dictionary_update", {"columns": COLUMNS}),
        ("satudata_dictionary_show", {}),
        ("satudata_dictionary_propose", {}),
    ):
        with pytest.raises(tk.NotAuthorized):
            office.call(action, who="stranger", resource_id=resource["id"], **data)


def test_an_unknown_file_is_not_found(office):
    with pytest.raises(tk.ObjectNotFound):
        office.call("satudata_dictionary_show", resource_id="tidak-ada")


def test_the_check_of_the_file_proposes_its_columns(office, resource):
    assert office.call("satudata_dictionary_propose", resource_id=resource["id"])["checked"] is False
    office.call("satudata_qa_run", who="sysadmin", resource_id=resource["id"], wait=True)
    proposal = office.call("satudata_dictionary_propose", resource_id=resource["id"])
    assert proposal["checked"] is True
    types = {column["kolom"]: column["tipe"] for column in proposal["columns"]}
    assert types["jumlah"] == "integer"
    assert types["tahun"] == "year"
    assert not office.call("satudata_dictionary_show", resource_id=resource["id"])["stored"]


def page_of(resource) -> str:
    return f"/dataset/{resource['package_id']}/resource/{resource['id']}/kamus"


def sent_as_shown(page: str) -> dict[str, str]:
    sent = dict(re.findall(r'<input type="hidden" name="((?:kolom|edisi)-\d+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*name="((?:tipe|daftar)-\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        sent[name] = next(iter(re.findall(r'<option value="([^"]*)" selected', options)), "")
    return sent


def test_proposals_are_confirmed_on_the_page(app, office, checked):
    editor = Browser(app, office.editor["name"])
    page = editor.get(page_of(checked))
    assert "4 kolom adalah usulan dari file" in page
    answer = editor.post(
        page_of(checked), {**sent_as_shown(page), "definisi-3": "Banyaknya puskesmas.", "kunci-0": "1"}
    )
    assert answer.status_code == 302, words(answer)
    stored = office.call("satudata_dictionary_show", resource_id=checked["id"])["columns"]
    assert [column["kolom"] for column in stored] == ["kode_kecamatan", "kecamatan", "tahun", "jumlah"]
    assert stored[3]["definisi"] == "Banyaknya puskesmas."
    assert stored[0]["kunci"] is True


@pytest.mark.thorough
def test_a_refused_dictionary_keeps_what_was_typed(app, office, checked):
    editor = Browser(app, office.editor["name"])
    sent = {**sent_as_shown(editor.get(page_of(checked))), "label-3": "Jumlah puskesmas", "definisi-0": "x" * 2001}
    answer = editor.post(page_of(checked), sent)
    assert answer.status_code == 400
    assert 'value="Jumlah puskesmas"' in words(answer)
    assert 'href="#kolom-0"' in words(answer)
    assert not office.call("satudata_dictionary_show", resource_id=checked["id"])["stored"]


def test_a_file_without_a_report_says_so(app, office, resource):
    assert "File masih diperiksa." in Browser(app, office.editor["name"]).get(page_of(resource))
