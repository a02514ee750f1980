"""What a submission must have, by the schema that ships."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ckanext.satudata.core.metadata.completeness import applies, check
from ckanext.satudata.core.metadata.form import BrokenSchemaError, read_form
from ckanext.satudata.core.reference.rulebook import load_folder
from tests import descriptions
from tests.core.reference.test_rulebook import SHIPPED

SCHEMA = SHIPPED.parent / "schemas" / "dataset.yaml"
LISTS = load_folder(SHIPPED)
FORM = read_form(yaml.safe_load(Path(SCHEMA).read_text(encoding="utf-8")))

COMPLETE = {**descriptions.COMPLETE, "owner_org": "dinkes"}


def problems(**changes):
    values = {**COMPLETE, **changes}
    return {(found.field.name, found.reason.code) for found in check(FORM, values, LISTS).problems}


def test_a_complete_description_has_no_problem():
    state = check(FORM, COMPLETE, LISTS)
    assert state.problems == ()
    assert (state.filled, state.required) == (22, 22)
    assert state.complete


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_every_mandatory_field_is_missed_by_its_name(name):
    expected = {(name, "missing")}
    if name == "jenis_data":  # nothing that depends on it can be asked for yet
        assert expected <= problems(jenis_data="")
        return
    if name == "klasifikasi_akses":
        assert problems(klasifikasi_akses="") == expected
        return
    empty = [] if isinstance(COMPLETE[name], list) else "  "
    assert problems(**{name: empty}) == expected


def test_the_five_elements_are_asked_of_statistical_data_only():
    empty = dict.fromkeys([name for name in COMPLETE if name.startswith("sds_")], "")
    asked = {name for name, _ in problems(**empty)}
    assert asked == {"sds_konsep", "sds_definisi", "sds_klasifikasi_penyajian", "sds_ukuran", "sds_satuan"}
    assert problems(**empty, jenis_data="geospasial") == set()


@pytest.mark.parametrize("access", ["terbatas", "tertutup"])
def test_closed_data_needs_its_ground_instead_of_a_licence(access):
    missing = {("pengecualian_dasar", "missing"), ("pengecualian_tanggal", "missing")}
    assert problems(klasifikasi_akses=access, license_id="") == missing


@pytest.mark.parametrize("mark", [True, "true"])
def test_priority_data_needs_a_release_date(mark):
    assert problems(data_prioritas=mark) == {("jadwal_rilis", "missing")}
    assert problems(data_prioritas=False) == set()


def test_a_contact_needs_office_and_mail():
    assert problems(kontak=[{"unit": "Seksi Data", "surel": ""}]) == {("kontak", "row_missing")}
    assert problems(kontak=[{"unit": "", "surel": "", "telepon": ""}]) == {("kontak", "missing")}


def test_a_definition_that_repeats_the_title_says_nothing():
    assert problems(sds_definisi="jumlah puskesmas menurut kecamatan") == {("sds_definisi", "definition_is_title")}
    assert problems(sds_definisi="Puskesmas aktif") == {("sds_definisi", "definition_short")}


@pytest.mark.parametrize(
    ("concept", "code"),
    [
        ("Jumlah Penduduk", "concept_measure"),
        ("Rata-rata Lama Sekolah", "concept_measure"),
        ("Penduduk.", "concept_stop"),
        ("Penduduk 2024", "concept_year"),
    ],
)
def test_a_concept_is_an_idea_not_a_measure(concept, code):
    assert problems(sds_konsep=concept) == {("sds_konsep", code)}


def test_a_code_that_left_its_list_must_be_chosen_again():
    assert problems(frekuensi="abad") == {("frekuensi", "not_in_list")}


def test_an_unknown_unit_is_a_hint_not_a_problem():
    state = check(FORM, {**COMPLETE, "sds_satuan": "Persenn"}, LISTS)
    assert state.complete
    assert "Persen" in state.hints[0].reason.render("id")


def test_stored_lists_may_still_be_json_texts():
    assert problems(kontak='[{"unit": "Seksi Data", "surel": ""}]') == {("kontak", "row_missing")}
    assert problems(kode_wilayah="[]") == {("kode_wilayah", "missing")}


def test_counts_are_told_by_section():
    state = check(FORM, {**COMPLETE, "kontak": [], "sds_konsep": ""}, LISTS)
    told = {section.key: (section.filled, section.required) for section in state.sections}
    assert told["kontak"] == (0, 1)
    assert told["standar-data"] == (6, 7)
    assert (state.filled, state.required) == (20, 22)


def test_every_problem_has_a_sentence_in_both_languages():
    for found in check(FORM, {}, LISTS).problems:
        assert found.reason.render("id").endswith("belum diisi.")
        assert found.reason.render("en").endswith("not filled in yet.")


def test_every_list_a_field_names_is_shipped():
    named = {field.list_key for section in FORM.sections for field in section.fields} - {None}
    assert named <= set(LISTS)


def test_conditions_join_with_and():
    field = FORM.field("license_id")
    assert field is not None
    assert applies(field, {"klasifikasi_akses": "terbuka"})
    assert not applies(field, {})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"section": "lain"}, "section 'lain'"),
        ({"lint": "puisi"}, "lint rule 'puisi'"),
        ({"applies_when": {"warna": ["merah"]}}, "applies_when names 'warna'"),
    ],
)
def test_a_schema_that_cannot_work_is_refused(change, said):
    schema = {
        "sections": [{"key": "a", "title": "A"}],
        "dataset_fields": [{"field_name": "x", "section": "a", **change}],
    }
    with pytest.raises(BrokenSchemaError, match=said):
        read_form(schema)
