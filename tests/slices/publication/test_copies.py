"""A working copy: the next version of a published dataset, which nobody outside sees before it is approved."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication.copies import closing, finding
from ckanext.satudata.publication.model import blob
from ckanext.satudata.publication.subject import DatasetSubject, public_hash
from tests.daily import cases

from .copying import NEW, Changing, changing

__all__ = ["changing"]


def _count(statement: str, **values: Any) -> int:
    with model.ensure_engine().connect() as connection:
        return connection.execute(sa.text(statement), values).scalar() or 0


def test_it_holds_everything_as_it_is(changing: Changing) -> None:
    copy = changing.open()
    live = changing.live
    assert copy["private"] is True
    assert copy["name"].startswith("salinan-")
    for key in ("title", "notes", "owner_org", "type", "license_id"):
        assert copy.get(key) == live.get(key)
    assert [tag["name"] for tag in copy["tags"]] == ["rumah"]
    assert [one["name"] for one in copy["resources"]] == [one["name"] for one in live["resources"]]
    assert copy["resources"][0]["id"] != live["resources"][0]["id"]
    assert copy["resources"][0]["kamus_data"] == live["resources"][0]["kamus_data"]
    assert public_hash(copy["id"]) == public_hash(live["id"])
    assert DatasetSubject().load(copy["id"]).content_hash == DatasetSubject().load(live["id"]).content_hash


def test_no_byte_is_copied_and_nothing_is_judged_twice(changing: Changing) -> None:
    copy = changing.open()
    ids = [changing.live["resources"][0]["id"], copy["resources"][0]["id"]]
    query = sa.select(blob.c.blob_id).where(blob.c.resource_id.in_(ids))
    assert len(set(model.Session.execute(query).scalars())) == 1
    status, found = changing.portal.call("editor", "satudata_qa_summary", id=copy["id"])
    assert (status, found["state"], found["checked"]) == (200, "done", 1)
    waiting = "select count(*) from satudata_qa_run where state <> 'done' and package_id = :id"
    assert _count(waiting, id=copy["id"]) == 0


def test_views_come_along_and_keep_their_ids_at_home(changing: Changing) -> None:
    resource = changing.live["resources"][0]["id"]
    before = [view["id"] for view in changing.portal.call(None, "resource_view_list", id=resource)[1]]
    copy = changing.open()
    there = changing.portal.call("editor", "resource_view_list", id=copy["resources"][0]["id"])[1]
    assert before
    assert len(there) == len(before)
    changing.portal.call("editor", "package_patch", id=copy["id"], title="Baru")
    changing.publish(copy["id"])
    after = [view["id"] for view in changing.portal.call(None, "resource_view_list", id=resource)[1]]
    assert after == before


def test_only_one_is_open_and_the_refusal_says_whose(changing: Changing) -> None:
    copy = changing.open()
    status, errors = changing.portal.call("admin", "satudata_copy_create", id=changing.live["id"])
    assert status == 409
    assert errors["reasons"][0]["code"] == "copy.open"
    assert copy["name"] in errors["reasons"][0]["text"]


@pytest.mark.parametrize("who", cases(None, "other", thorough=("member", "stranger", "reviewer")))
def test_who_may_not_change_the_dataset_opens_none(changing: Changing, who: str | None) -> None:
    assert changing.portal.call(who, "satudata_copy_create", id=changing.live["id"])[0] == 403


def test_of_a_draft_and_of_a_copy_none_is_opened(changing: Changing) -> None:
    draft = changing.portal.dataset()
    for dataset_id, code in ((draft["id"], "copy.not_published"), (changing.open()["id"], "copy.of_a_copy")):
        status, errors = changing.portal.call("editor", "satudata_copy_create", id=dataset_id)
        assert (status, errors["reasons"][0]["code"]) == (409, code)


def test_nobody_outside_sees_it(changing: Changing) -> None:
    copy = changing.open()
    for who in (None, "stranger", "other"):
        assert changing.portal.call(who, "package_show", id=copy["id"])[0] == 403
        assert changing.portal.call(who, "satudata_copy_show", id=changing.live["id"])[0] == 403
        assert changing.portal.call(who, "package_search", include_private=True)[1]["count"] == 1
        assert copy["name"] not in changing.portal.get(who, f"/dataset/{changing.live['name']}").get_data(as_text=True)
    assert copy["name"] not in changing.portal.call(None, "package_list")[1]


def test_members_do_not_find_the_dataset_twice(changing: Changing) -> None:
    changing.open()
    found = changing.portal.call("editor", "package_search", include_private=True)[1]
    assert [one["id"] for one in found["results"]] == [changing.live["id"]]


def test_a_refused_write_names_the_copy_or_the_way_to_one(changing: Changing) -> None:
    live = changing.live["id"]
    errors = changing.portal.call("editor", "package_patch", id=live, title="X")[1]
    assert "satudata_copy_create" in errors["dataset"][0]
    copy = changing.open()
    errors = changing.portal.call("editor", "package_patch", id=live, title="X")[1]
    assert copy["name"] in errors["dataset"][0]


def test_the_desk_calls_it_a_change(changing: Changing) -> None:
    copy = changing.open()
    changing.portal.call("editor", "package_patch", id=copy["id"], title="Rumah baru")
    title = "select title from satudata_case where subject_id = :id"
    assert model.Session.execute(sa.text(title), {"id": copy["id"]}).scalar() == "Perubahan: Rumah baru"
    case = changing.portal.call("editor", "satudata_case_show", id=copy["id"])[1]
    assert (case["title"], case["state"]) == ("Perubahan: Rumah baru", "draft")


def test_one_without_a_change_is_not_submitted(changing: Changing) -> None:
    copy = changing.open()
    status, errors = changing.decide("editor", copy["id"], "submit")
    assert (status, errors["reasons"][0]["code"]) == (409, "copy.unchanged")
    assert changing.portal.call("editor", "satudata_case_show", id=copy["id"])[1]["state"] == "draft"


@pytest.mark.thorough
def test_a_correction_says_what_it_corrects(changing: Changing) -> None:
    copy = changing.open(kind="ralat")
    changing.portal.call("editor", "package_patch", id=copy["id"], title="Benar")
    status, errors = changing.decide("editor", copy["id"], "submit")
    assert (status, errors["reasons"][0]["code"]) == (409, "copy.note_missing")
    changed = {"id": copy["id"], "kind": "ralat", "note": "Angka 2024 terbalik."}
    assert changing.portal.call("editor", "satudata_copy_update", **changed)[0] == 200
    changing.publish(copy["id"])
    listed = changing.portal.call(None, "satudata_version_list", id=changing.live["id"])[1]
    assert [(one["versi"], one["jenis"], one["catatan_perubahan"]) for one in listed] == [
        (2, "ralat", "Angka 2024 terbalik."),
        (1, "awal", None),
    ]
    assert not {"by", "content_hash", "copy_id"} & set(listed[0])


def test_discarding_leaves_nothing_and_touches_nothing(changing: Changing) -> None:
    before, pointers = changing.seen(), _count("select count(*) from satudata_blob")
    copy = changing.open()
    changing.replace(copy["resources"][0], NEW)
    changing.table(copy["id"], NEW, name="Tambahan")
    changing.review(copy["id"])
    refused = changing.portal.call("editor", "satudata_copy_discard", id=copy["id"])
    assert (refused[0], refused[1]["reasons"][0]["code"]) == (409, "copy.in_review")
    changing.done("reviewer", copy["id"], "return", note="Belum.", reason_code="isi_data")
    files = _count("select count(*) from satudata_blob_version")
    status, answer = changing.portal.call("editor", "satudata_copy_discard", id=changing.live["id"], note="Batal.")
    assert (status, answer["discarded"]) == (200, True), answer
    assert changing.seen() == before
    for table, column in (("package", "id"), ("resource", "package_id"), ("satudata_rows", "dataset_id")):
        assert _count(f"select count(*) from {table} where {column} = :id", id=copy["id"]) == 0
    assert _count("select count(*) from satudata_blob_version") == files - 2
    assert _count("select count(*) from satudata_blob") == pointers
    assert changing.portal.call("editor", "satudata_case_show", id=copy["id"])[0] in (403, 404)
    told = changing.portal.call("editor", "satudata_history", id=changing.live["id"])[1]
    assert "return" in [one["transition"] for one in told if one["copy"] == copy["id"]]
    assert changing.open()["id"] != copy["id"]


@pytest.mark.thorough
def test_a_rejected_one_is_discarded(changing: Changing) -> None:
    before = changing.seen()
    copy = changing.open()
    changing.portal.call("editor", "package_patch", id=copy["id"], title="Baru")
    changing.done("editor", copy["id"], "submit")
    changing.done("reviewer", copy["id"], "reject", note="Bukan begitu.", reason_code="isi_data")
    assert changing.seen() == before
    found = finding.by_reference(copy["id"])
    assert found is not None
    assert (found.state, found.closed_note, found.removed) == ("discarded", "Bukan begitu.", True)


@pytest.mark.thorough
def test_what_a_dead_process_left_is_removed_by_the_clock(changing: Changing) -> None:
    copy = changing.open()
    found = finding.open_copy(copy["id"])
    assert found is not None
    closing.discard(found, changing.portal.ids["editor"], None)
    model.Session.commit()  # and nothing more
    closing.remove_left_over()
    assert _count("select count(*) from package where id = :id", id=copy["id"]) == 0


@pytest.mark.thorough
def test_deleting_a_copy_is_discarding_it(changing: Changing) -> None:
    copy = changing.open()
    for action in ("package_delete", "dataset_purge"):
        status, errors = changing.portal.call("sysadmin", action, id=copy["id"])
        assert status == 409, errors
        assert "satudata_copy_discard" in errors["dataset"][0]
    model.Session.execute(sa.text("update package set state = 'deleted' where id = :id"), {"id": copy["id"]})
    model.Session.commit()  # past every door
    closing.remove_left_over()
    assert changing.open()["id"] != copy["id"]
