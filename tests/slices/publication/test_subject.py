"""The content hash changes when what a reviewer judges changes, and at no other time."""

from __future__ import annotations

import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import search
from werkzeug.datastructures import FileStorage

from ckanext.satudata.publication.subject import DatasetSubject

from .conftest import Portal

subject = DatasetSubject()


def _hash(dataset_id: str) -> str:
    model.Session.rollback()
    return subject.load(dataset_id).content_hash


def test_reading_indexing_and_saving_unchanged_keep_the_hash(portal: Portal, draft: dict[str, Any]) -> None:
    before = _hash(draft["id"])
    search.rebuild(draft["id"])
    shown = portal.call("editor", "package_show", id=draft["id"])[1]
    status, _saved = portal.call("editor", "package_update", **shown)
    assert status == 200
    assert _hash(draft["id"]) == before


CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "title": ("package_patch", {"title": "Lain"}),
    "notes": ("package_patch", {"notes": "Lain"}),
    "licence": ("package_patch", {"license_id": "cc-by"}),
    "tags": ("package_patch", {"tags": [{"name": "lain"}]}),
    "no file": ("package_patch", {"resources": []}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_content_changes_the_hash(portal: Portal, draft: dict[str, Any], what: str) -> None:
    before = _hash(draft["id"])
    action, changes = CHANGES[what]
    status, answer = portal.call("editor", action, id=draft["id"], **changes)
    assert status == 200, answer
    assert _hash(draft["id"]) != before


def test_the_bytes_of_a_file_count_not_its_name_alone(portal: Portal, draft: dict[str, Any]) -> None:
    before, resource = _hash(draft["id"]), draft["resources"][0]
    name = resource["url"].rsplit("/", 1)[-1]
    for content, same in (("lain,isi\n1,2\n", False), (None, True)):
        seen = _hash(draft["id"])
        if content is not None:
            file = FileStorage(io.BytesIO(content.encode()), name)
            assert portal.call("editor", "resource_patch", id=resource["id"], upload=file)[0] == 200
        assert (_hash(draft["id"]) == seen) is same
    assert _hash(draft["id"]) != before


def test_the_data_dictionary_counts(portal: Portal, draft: dict[str, Any]) -> None:
    before = _hash(draft["id"])
    columns = [{"kolom": "Jumlah", "tipe": "integer", "label": "Jumlah rumah"}]
    status, answer = portal.call(
        "editor", "resource_patch", id=draft["resources"][0]["id"], kamus_data=json.dumps(columns)
    )
    assert status == 200, answer
    assert _hash(draft["id"]) != before
    kept = subject.snapshot(draft["id"])["resources"][0]["kamus_data"]
    assert kept[0]["kolom"] == "Jumlah"


def test_the_state_of_the_workflow_and_the_mark_of_priority_do_not_count(portal: Portal, draft: dict[str, Any]) -> None:
    before = _hash(draft["id"])
    assert portal.call("reviewer", "satudata_prioritas_set", id=draft["id"], data_prioritas=True, tahun=2026)[0] == 200
    portal.set_state(draft["id"], "in_review")
    assert _hash(draft["id"]) == before


def test_the_view_has_what_conditions_need(portal: Portal, draft: dict[str, Any]) -> None:
    found = subject.load(draft["name"])
    assert (found.subject_id, found.title) == (draft["id"], draft["title"])
    assert (found.organization_id, found.organization_title) == (portal.dinkes["id"], "Dinas Kesehatan")
    assert found.url == f"/dataset/{draft['name']}"
    assert found.facts["data_prioritas"] is False


def test_an_unknown_or_deleted_dataset_is_not_found(portal: Portal, draft: dict[str, Any]) -> None:
    portal.call("editor", "package_delete", id=draft["id"])
    for reference in (draft["id"], "tidak-ada"):
        with pytest.raises(tk.ObjectNotFound):
            subject.load(reference)
