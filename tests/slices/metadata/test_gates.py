"""What stands in the way of a submission."""

from __future__ import annotations

from ckan.tests.helpers import call_action

from ckanext.satudata.bridge import contributions


def reasons(gate: str, dataset_id: str) -> list:
    subject = contributions.subjects()["dataset"].load(dataset_id)
    return list(contributions.gates()[gate]("submit", subject))


def test_a_complete_description_passes(office):
    assert reasons("metadata_complete", office.dataset()["id"]) == []


def test_each_missing_field_is_a_reason_with_its_place(office):
    dataset = office.dataset(frekuensi="", kontak=[])
    found = reasons("metadata_complete", dataset["id"])
    assert [(one.code, one.field) for one in found] == [("missing", "frekuensi"), ("missing", "kontak")]
    assert found[0].render("id") == "Frekuensi pemutakhiran belum diisi."
    assert found[0].to_dict("en")["parameters"] == {"label": "Update frequency"}


def test_a_dataset_without_a_file_is_refused(office):
    dataset = office.dataset()
    assert [one.field for one in reasons("has_resource", dataset["id"])] == ["resources"]
    office.upload(dataset["id"])
    assert reasons("has_resource", dataset["id"]) == []


def test_a_link_to_another_site_is_refused(office):
    """Nobody can approve what may change tomorrow."""
    dataset = office.dataset()
    link = office.call("resource_create", package_id=dataset["id"], url="http://data.example/a.csv", name="A")
    assert [(one.code, one.resource_id) for one in reasons("has_resource", dataset["id"])] == [("link", link["id"])]


def test_a_table_without_a_saved_dictionary_is_refused(office):
    dataset = office.dataset()
    resource = office.upload(dataset["id"])
    assert [(one.field, one.resource_id) for one in reasons("dictionary_saved", dataset["id"])] == [
        ("kamus_data", resource["id"])
    ]
    columns = [{"kolom": "kecamatan", "label": "Kecamatan", "tipe": "text"}]
    office.call("resource_patch", id=resource["id"], kamus_data=columns)
    assert reasons("dictionary_saved", dataset["id"]) == []


def test_the_check_names_page_and_anchor_of_every_problem(office):
    dataset = office.dataset(sds_definisi="pendek")
    found = office.call("satudata_metadata_check", id=dataset["name"])
    assert (found["complete"], found["filled"], found["required"]) == (False, 21, 22)
    problem = found["problems"][0]
    assert problem["anchor"] == f"/dataset/edit/{dataset['name']}/standar-data#field-sds_definisi"
    assert problem["section"] == "standar-data"
    assert [section["filled"] for section in found["sections"]] == [7, 6, 5, 2, 1]


def test_facts_for_the_conditions_of_a_procedure(office):
    dataset = office.dataset()
    subject = contributions.subjects()["dataset"].load(dataset["id"])
    facts = contributions.facts()
    assert facts["bidang_urusan"](subject) == "1.02"
    assert facts["frekuensi"](subject) == "tahunan"


def test_the_check_is_closed_to_whoever_may_not_read(office):
    import ckan.plugins.toolkit as tk
    import pytest

    with pytest.raises(tk.NotAuthorized):
        office.call("satudata_metadata_check", who="stranger", id=office.dataset()["id"])
    with pytest.raises(tk.ObjectNotFound):
        call_action("satudata_metadata_check", id="tidak-ada")
