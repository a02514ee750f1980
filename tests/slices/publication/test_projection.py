"""What a dataset shows of its way: read-only, never stored, the same for everybody."""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.satudata.publication import projection
from ckanext.satudata.publication.subject import DatasetSubject

from .conftest import Portal


def test_a_published_dataset_is_verified(portal: Portal, published: dict[str, Any]) -> None:
    shown = portal.call(None, "package_show", id=published["id"])[1]
    assert shown["status_verifikasi"] == "terverifikasi"
    assert shown["sitasi"].startswith("Dinas Kesehatan (20")
    assert shown["title"] in shown["sitasi"]
    assert shown["tahap"] is None


def test_an_adopted_dataset_is_not_verified(portal: Portal, draft: dict[str, Any]) -> None:
    portal.set_state(draft["id"], "published", basis="adopted")
    shown = portal.call(None, "package_show", id=draft["id"])[1]
    assert (shown["status_verifikasi"], shown["tanggal_verifikasi"]) == ("belum_diverifikasi", None)
    assert shown["skor_kualitas"] is None


def test_a_draft_shows_its_state_to_its_members(portal: Portal, draft: dict[str, Any]) -> None:
    portal.set_state(draft["id"], "in_review")
    assert portal.call("member", "package_show", id=draft["id"])[1]["status_verifikasi"] == "in_review"


def test_the_projection_can_be_searched(portal: Portal, published: dict[str, Any]) -> None:
    found = portal.call(None, "package_search", fq="status_verifikasi:terverifikasi")[1]
    assert [one["id"] for one in found["results"]] == [published["id"]]
    assert portal.call(None, "package_search", fq="status_verifikasi:belum_diverifikasi")[1]["count"] == 0


def test_a_shown_dict_can_be_saved_and_the_projection_is_not_stored(portal: Portal, draft: dict[str, Any]) -> None:
    shown = portal.call("editor", "package_show", id=draft["id"])[1]
    assert portal.call("editor", "package_update", **shown)[0] == 200
    _nothing_stored(portal, draft["id"])


def test_forged_values_are_not_stored(portal: Portal, draft: dict[str, Any]) -> None:
    forged = {"status_verifikasi": "terverifikasi", "skor_kualitas": 100, "data_prioritas": True}
    extras = [{"key": "status_verifikasi", "value": "terverifikasi"}]
    portal.call("editor", "package_patch", id=draft["id"], **forged)
    portal.call("editor", "package_patch", id=draft["id"], extras=extras)
    portal.call("editor", "package_create", name="palsu", title="x", notes="x", owner_org=portal.dinkes["id"], **forged)
    _nothing_stored(portal, draft["id"])
    assert portal.show("palsu")["status_verifikasi"] == "draft"
    assert portal.show("palsu")["data_prioritas"] is False


def _nothing_stored(portal: Portal, dataset_id: str) -> None:
    shown = portal.show(dataset_id)
    assert shown["status_verifikasi"] == "draft"
    assert not shown["data_prioritas"]
    model.Session.rollback()
    stored = set(DatasetSubject().snapshot(dataset_id)["fields"])
    assert stored.isdisjoint(projection.DATASET_KEYS)


def test_priority_is_set_by_the_walidata_with_its_year(portal: Portal, draft: dict[str, Any]) -> None:
    given = {"id": draft["id"], "data_prioritas": True, "tahun": 2026}
    for who in (None, "stranger", "editor", "admin", "other"):
        assert portal.call(who, "satudata_prioritas_set", **given)[0] == 403, who
    status, answer = portal.call("reviewer", "satudata_prioritas_set", **given)
    assert (status, answer) == (200, {"id": draft["id"], "data_prioritas": True, "data_prioritas_tahun": 2026})
    assert portal.call("editor", "package_show", id=draft["id"])[1]["data_prioritas_tahun"] == 2026
    answer = portal.call("reviewer", "satudata_prioritas_set", id=draft["id"], data_prioritas=False)[1]
    assert answer["data_prioritas_tahun"] is None


def test_priority_needs_a_year_an_open_dataset_and_a_known_one(portal: Portal, draft: dict[str, Any]) -> None:
    status, error = portal.call("reviewer", "satudata_prioritas_set", id=draft["id"], data_prioritas=True)
    assert (status, list(error)) == (409, ["tahun", "__type"])
    portal.set_state(draft["id"], "verified")
    given = {"data_prioritas": True, "tahun": 2026}
    assert portal.call("reviewer", "satudata_prioritas_set", id=draft["id"], **given)[0] == 409
    assert portal.call("reviewer", "satudata_prioritas_set", id="tidak-ada", **given)[0] == 404
