"""Uploads never overwrite, the pointer commits with the metadata, and what was uploaded stays known."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.publication import files
from ckanext.satudata.publication.model import blob, blob_version

from .conftest import CSV, Portal

NEW = "Kecamatan,Jumlah\nSukamaju,1\n"


def _replace(portal: Portal, resource_id: str, content: str = NEW) -> tuple[int, Any]:
    file = FileStorage(io.BytesIO(content.encode()), "baru.csv", content_type="text/csv")
    return portal.call("editor", "resource_patch", id=resource_id, upload=file)


def test_an_upload_is_a_new_blob_with_checksum_and_size(portal: Portal, draft: dict[str, Any]) -> None:
    resource = draft["resources"][0]
    found = files.facts_of(resource["id"])
    assert found is not None
    assert found.sha256 == hashlib.sha256(CSV.encode()).hexdigest()
    assert (found.size, resource["size"]) == (len(CSV), len(CSV))
    assert found.blob_id != resource["id"]
    assert portal.get("editor", resource["url"]).get_data(as_text=True) == CSV


def test_the_earlier_blob_stays_when_a_file_is_replaced(portal: Portal, draft: dict[str, Any]) -> None:
    resource_id = draft["resources"][0]["id"]
    before = files.path_of(resource_id)
    assert _replace(portal, resource_id)[0] == 200
    after = files.path_of(resource_id)
    assert before is not None
    assert after is not None
    assert (before.read_text(), after.read_text()) == (CSV, NEW)
    query = sa.select(sa.func.count()).select_from(blob_version).where(blob_version.c.resource_id == resource_id)
    assert model.Session.execute(query).scalar() == 2


def test_a_refused_update_leaves_the_file(portal: Portal, draft: dict[str, Any], monkeypatch: Any) -> None:
    resource_id = draft["resources"][0]["id"]
    from ckanext.satudata.publication import uploader

    pointed = uploader.point

    def failing(*arguments: Any) -> None:
        pointed(*arguments)
        raise tk.ValidationError({"upload": ["gagal"]})

    monkeypatch.setattr(uploader, "point", failing)
    assert _replace(portal, resource_id)[0] == 409
    model.Session.remove()
    path = files.path_of(resource_id)
    assert path is not None
    assert path.read_text() == CSV


def test_changing_words_keeps_the_file(portal: Portal, draft: dict[str, Any]) -> None:
    resource_id = draft["resources"][0]["id"]
    before = model.Session.execute(sa.select(blob.c.blob_id)).scalar()
    assert portal.call("editor", "resource_patch", id=resource_id, name="Lain")[0] == 200
    assert model.Session.execute(sa.select(blob.c.blob_id)).scalar() == before


def test_a_file_over_the_limit_is_refused_in_indonesian(portal: Portal, ckan_config: Any) -> None:
    draft = portal.dataset()
    ckan_config["ckan.max_resource_size"] = 1
    status, error = _replace(portal, draft["resources"][0]["id"], "x" * 1_500_000)
    assert status == 409
    assert error["upload"] == [
        "File ini 1,4 MB, lebih besar dari batas 1 MB. Bagi menjadi beberapa file (misalnya per tahun), "
        "atau minta bantuan walidata."
    ]
    assert files.path_of(draft["resources"][0]["id"]).read_text() == CSV  # pyright: ignore[reportOptionalMemberAccess]


def test_a_file_from_before_the_plugin_is_found_and_hashed(portal: Portal, draft: dict[str, Any]) -> None:
    resource_id = draft["resources"][0]["id"]
    model.Session.execute(sa.delete(blob))
    model.Session.commit()
    assert files.path_of(resource_id) is None
    place = files.stored_path(resource_id)
    assert place is not None
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(NEW)
    found = files.facts_of(resource_id)
    assert found is not None
    assert found.sha256 == hashlib.sha256(NEW.encode()).hexdigest()
    assert portal.get("editor", draft["resources"][0]["url"]).get_data(as_text=True) == NEW


def test_putting_back_lets_plain_ckan_find_the_current_file(portal: Portal, draft: dict[str, Any]) -> None:
    resource_id = draft["resources"][0]["id"]
    _replace(portal, resource_id)
    assert files.put_back() == 1
    assert Path(str(files.stored_path(resource_id))).read_text() == NEW
    assert files.put_back() == 1


@pytest.mark.parametrize("content", ["", "\x00\x01"])
def test_an_odd_file_is_kept_as_it_is(portal: Portal, content: str) -> None:
    draft = portal.dataset()
    assert _replace(portal, draft["resources"][0]["id"], content)[0] == 200
    path = files.path_of(draft["resources"][0]["id"])
    assert path is not None
    assert path.read_text() == content
