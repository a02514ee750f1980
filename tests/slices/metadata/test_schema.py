"""What is kept of a description, and what is refused with which words."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from .conftest import COMPLETE


def refused(office, **data) -> Any:
    with pytest.raises(tk.ValidationError) as raised:
        office.dataset(**data)
    return raised.value.error_dict


def test_a_draft_needs_only_title_and_organization(office):
    dataset = office.call("package_create", title="Jumlah Sekolah", owner_org=office.organization["id"])
    assert dataset["name"] == "jumlah-sekolah"
    again = office.call("package_create", title="Jumlah Sekolah", owner_org=office.organization["id"])
    assert again["name"].startswith("jumlah-sekolah-")


@pytest.mark.parametrize("missing", ["title", "owner_org"])
def test_without_title_or_organization_nothing_is_kept(office, missing):
    said = refused(office, **{missing: ""})
    assert said[missing][0].endswith("harus diisi.")


def test_a_complete_description_comes_back_as_it_was_given(office):
    dataset = office.dataset()
    shown = office.call("package_show", id=dataset["id"])
    for name, value in COMPLETE.items():
        assert shown[name] == value, name


def test_showing_and_saving_again_changes_nothing(office):
    dataset = office.call("package_show", id=office.dataset()["id"])
    office.call("package_update", **dataset)
    again = office.call("package_show", id=dataset["id"])
    clocks = {"metadata_modified"}
    assert {k: v for k, v in again.items() if k not in clocks} == {k: v for k, v in dataset.items() if k not in clocks}


def test_usual_spellings_become_codes(office):
    dataset = office.dataset(
        frekuensi="Caturwulanan",
        bidang_urusan="Kesehatan",
        klasifikasi_akses="Publik",
        sds_satuan="%",
        kode_wilayah="3204\n32.73 Kota Bandung",
        cakupan_waktu=[{"mulai": "1/1/2020", "selesai": "2024-q4"}],
    )
    assert dataset["frekuensi"] == "empat_bulanan"
    assert dataset["bidang_urusan"] == "1.02"
    assert dataset["klasifikasi_akses"] == "terbuka"
    assert dataset["sds_satuan"] == "Persen"
    assert dataset["kode_wilayah"] == ["32.04", "32.73"]
    assert dataset["cakupan_waktu"] == [{"mulai": "2020-01-01", "selesai": "2024-Q4"}]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("frekuensi", "Tahunann", "Maksudnya Tahunan"),
        ("kategori", "Sepak bola", "Pilih salah satu"),
        ("kode_wilayah", ["Bandung"], "bukan kode wilayah"),
        ("kode_wilayah", {"a": 1}, "daftar teks"),
        ("title", ["a"], "berupa teks"),
        ("notes", "x" * 10_001, "paling banyak 10000"),
        ("jadwal_rilis", "besok", "bukan tanggal"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(office, field, value, said):
    assert said in refused(office, **{field: value})[field][0]


def test_a_wrong_value_in_a_row_is_refused_in_its_row(office):
    rows = [{"unit": "A", "surel": "a@b.go.id"}, {"unit": "B", "surel": "bukan"}]
    said = refused(office, kontak=rows)["kontak"]
    assert not said[0]
    assert "bukan alamat surel" in said[1]["surel"][0]


def test_a_range_the_wrong_way_round_is_refused_at_its_end(office):
    said = refused(office, cakupan_waktu=[{"mulai": "2024", "selesai": "2019"}])
    assert "terbalik" in said["cakupan_waktu"][0]["selesai"][0]


def test_a_field_is_emptied_by_an_empty_value(office):
    dataset = office.dataset()
    changed = office.call(
        "package_patch", id=dataset["id"], frekuensi="", notes="", kode_wilayah=[], kontak=[], license_id=""
    )
    assert not changed["notes"]
    assert not changed["license_id"]
    assert not {"frekuensi", "kode_wilayah"} & set(changed)
    assert not changed.get("kontak")


def test_harvesters_find_offices_as_author_and_maintainer(office):
    factories.Organization(title="Dinas Kominfo", name="kominfo", jenis="walidata", surel="walidata@contohkab.go.id")
    dataset = office.dataset(author="Nama Orang", author_email="orang@example.com")
    assert dataset["author"] == "Bidang Pelayanan Kesehatan"
    assert dataset["author_email"] == "data@dinkes.go.id"
    assert dataset["maintainer"] == "Dinas Kominfo"
    assert dataset["maintainer_email"] == "walidata@contohkab.go.id"
    assert dataset["walidata"] == "Dinas Kominfo"


def test_the_organization_stands_in_where_nothing_is_said(office):
    dataset = office.dataset(produsen_data="", kontak=[])
    assert dataset["author"] == "Dinas Kesehatan"
    assert dataset["author_email"] == "dinkes@contohkab.go.id"
    assert dataset["maintainer"] == "Dinas Kesehatan"
    assert "walidata" not in dataset


def test_tags_follow_the_description_and_keep_what_people_added(office):
    dataset = office.dataset(tags=[{"name": "puskesmas"}])
    names = {tag["name"] for tag in dataset["tags"]}
    assert names == {"puskesmas", "perlindungan sosial dan kesehatan", "kesehatan", "fasilitas kesehatan"}
    changed = office.call("package_patch", id=dataset["id"], sds_konsep="Tempat Tidur")
    names = {tag["name"] for tag in changed["tags"]}
    assert names == {"puskesmas", "perlindungan sosial dan kesehatan", "kesehatan", "tempat tidur"}


def test_nobody_marks_priority_data_through_the_form(office):
    dataset = office.dataset(data_prioritas=True)
    shown = office.call("package_show", id=dataset["id"])
    assert shown.get("data_prioritas") in (None, False, "False")


def test_the_schema_can_be_read_by_machines(office):
    schema = office.call("scheming_dataset_schema_show", type="dataset", expanded=True)
    assert [section["key"] for section in schema["sections"]] == [
        "identitas",
        "standar-data",
        "cakupan",
        "akses",
        "kontak",
    ]


@pytest.mark.parametrize(("code", "kept"), [("1.02.0.00.0.00.01.0000", "1.02.0.00.0.00.01.0000"), ("", None)])
@pytest.mark.usefixtures("clean_portal")
def test_an_organization_has_a_code(code, kept):
    organization = factories.Organization(title="Dinas Sosial", name="", kode_opd=code, jenis="Produsen Data")
    assert organization["name"] == "dinas-sosial"
    assert organization.get("kode_opd") == kept
    assert organization["jenis"] == "produsen"


@pytest.mark.usefixtures("clean_portal")
def test_a_wrong_code_of_an_organization_is_refused():
    with pytest.raises(tk.ValidationError) as raised:
        factories.Organization(kode_opd="Dinsos")
    said: Any = raised.value.error_dict
    assert "bukan kode OPD" in said["kode_opd"][0]
