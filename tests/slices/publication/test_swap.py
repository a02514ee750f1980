"""The swap: what the public reads is exactly the old version until the decision, and exactly the new one after it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from pysolr import Solr

from ckanext.satudata.publication import rows
from ckanext.satudata.publication.copies import tables
from ckanext.satudata.publication.model import rows as row_table
from ckanext.satudata.publication.subject import public_hash
from tests.daily import cases

from .copying import NEW, OLD, Changing, changing

__all__ = ["changing"]


def _changed(changing: Changing) -> dict[str, Any]:
    """A copy with another title, another table and another tag."""
    copy = changing.open(note="Angka diperbarui.")
    changing.replace(copy["resources"][0], NEW)
    values = {"title": "Rumah tidak layak huni 2026", "tags": [{"name": "rumah-baru"}]}
    status, answer = changing.portal.call("editor", "package_patch", id=copy["id"], **values)
    assert status == 200, answer
    return changing.portal.show(copy["id"])


def _parked() -> list[str]:
    from ckanext.datastore.backend.postgres import get_write_engine

    with get_write_engine().connect() as connection:
        query = sa.text("select tablename from pg_tables where tablename like :name")
        return list(connection.execute(query, {"name": tables.PARKED + "%"}).scalars())


def test_the_public_reads_the_old_version_until_the_decision(changing: Changing) -> None:
    before = changing.seen()
    resource = changing.live["resources"][0]["id"]
    assert before["files"][resource] == OLD
    assert before["tables"][resource] == [1474, 686]
    assert before["searched"] == "Rumah tidak layak huni"
    copy = _changed(changing)
    assert changing.seen() == before
    changing.done("editor", copy["id"], "submit")
    assert changing.seen() == before
    rows.load_due()
    assert changing.seen() == before
    changing.done("reviewer", copy["id"], "return", note="Kurang.", reason_code="isi_data")
    assert changing.seen() == before
    changing.review(copy["id"])
    assert changing.seen() == before


@pytest.mark.parametrize("ready", cases(True, thorough=[False]))
def test_the_decision_changes_everything_and_no_address(changing: Changing, ready: bool) -> None:
    live, resource = changing.live, changing.live["resources"][0]["id"]
    call_action("follow_dataset", {"user": "orang-stranger"}, id=live["id"])
    views = [view["id"] for view in changing.portal.call(None, "resource_view_list", id=resource)[1]]
    copy = _changed(changing)
    changing.review(copy["id"])
    if ready:  # the job came in time; else the table is made on the way
        assert rows.load_due() == 1
    approved = public_hash(copy["id"])
    changing.done("reviewer", copy["id"], "publish", note="Sesuai.")
    seen = changing.seen()
    assert seen == {
        "title": "Rumah tidak layak huni 2026",
        "name": live["name"],
        "tags": ["rumah-baru"],
        "searched": "Rumah tidak layak huni 2026",
        "on_page": True,
        "files": {resource: NEW},
        "tables": {resource: [1500, 700, 12]},
    }
    assert public_hash(live["id"]) == approved
    assert [view["id"] for view in changing.portal.call(None, "resource_view_list", id=resource)[1]] == views
    assert call_action("dataset_follower_count", id=live["id"]) == 1
    shown = changing.portal.call(None, "package_show", id=live["id"])[1]
    assert shown["resources"][0]["url"].startswith(f"http://satudata.test/dataset/{live['id']}/resource/{resource}/")
    assert (shown["versi"], shown["catatan_perubahan"]) == (2, "Angka diperbarui.")
    csv = changing.portal.get(None, shown["resources"][0]["csv_url"]).get_data(as_text=True)
    assert "Cempaka" in csv
    assert changing.portal.call("editor", "satudata_qa_summary", id=live["id"])[1]["state"] == "done"
    assert _parked() == []


@pytest.mark.thorough
def test_the_history_of_the_dataset_tells_it_all(changing: Changing) -> None:
    copy = _changed(changing)
    changing.publish(copy["id"])
    told = changing.portal.call("editor", "satudata_history", id=changing.live["id"])[1]
    assert told[0]["transition"] == "publish"
    assert [one["version"] for one in told if one["version"]] == [2]
    assert [one["transition"] for one in reversed(told) if one["copy"] == copy["id"]] == ["submit", "pass", "publish"]
    case = changing.portal.call("editor", "satudata_case_show", id=changing.live["id"])[1]
    assert (case["state"], case["basis"], case["title"]) == ("published", "workflow", "Rumah tidak layak huni 2026")
    listed = changing.portal.call("editor", "satudata_version_list", id=changing.live["id"])[1]
    assert [(one["versi"], one["catatan_perubahan"], one["current"]) for one in listed] == [
        (2, "Angka diperbarui.", True),
        (1, None, False),
    ]


@pytest.mark.thorough
def test_a_second_change_follows_the_first(changing: Changing) -> None:
    changing.publish(_changed(changing)["id"])
    copy = changing.open()
    changing.replace(copy["resources"][0], OLD)
    changing.publish(copy["id"])
    resource = changing.live["resources"][0]["id"]
    seen = changing.seen()
    assert (seen["files"][resource], seen["tables"][resource]) == (OLD, [1474, 686])


@pytest.mark.thorough
def test_words_alone_leave_the_table_in_place(changing: Changing) -> None:
    resource = changing.live["resources"][0]["id"]
    copy = changing.open()
    changing.portal.call("editor", "package_patch", id=copy["id"], notes="Lebih jelas.")
    changing.publish(copy["id"])
    plan = model.Session.execute(sa.text("select plan, state from satudata_swap")).one()
    assert (plan.plan, plan.state) == ({"renamed": [], "dropped": []}, "done")
    assert changing.seen()["tables"][resource] == [1474, 686]
    assert changing.portal.call(None, "package_show", id=changing.live["id"])[1]["notes"] == "Lebih jelas."


@pytest.mark.thorough
def test_a_file_is_added(changing: Changing) -> None:
    resource = changing.live["resources"][0]["id"]
    copy = changing.open()
    added = changing.table(copy["id"], NEW, name="Tahun 2026")
    changing.publish(copy["id"])
    seen = changing.seen()
    assert seen["files"] == {resource: OLD, added["id"]: NEW}
    assert seen["tables"] == {resource: [1474, 686], added["id"]: [1500, 700, 12]}


@pytest.mark.thorough
def test_a_file_is_taken_away_with_its_rows(changing: Changing) -> None:
    resource = changing.live["resources"][0]["id"]
    copy = changing.open()
    added = changing.table(copy["id"], NEW, name="Tahun 2026")
    assert changing.portal.call("editor", "resource_delete", id=copy["resources"][0]["id"])[0] == 200
    changing.publish(copy["id"])
    assert set(changing.seen()["files"]) == {added["id"]}
    assert changing.portal.call(None, "datastore_search", resource_id=resource)[0] == 404
    assert changing.portal.get(None, f"/datastore/dump/{resource}").status_code == 404
    assert (
        changing.portal.get(None, f"/dataset/{changing.live['id']}/resource/{resource}/download/x").status_code == 404
    )


@pytest.mark.thorough
def test_a_dictionary_alone_gives_a_new_table(changing: Changing) -> None:
    import json

    copy = changing.open()
    columns = [{"kolom": "Kecamatan", "tipe": "text"}, {"kolom": "Jumlah", "label": "Rumah", "tipe": "number"}]
    given = {"id": copy["resources"][0]["id"], "kamus_data": json.dumps(columns)}
    assert changing.portal.call("editor", "resource_patch", **given)[0] == 200
    changing.check(copy["resources"][0]["id"])
    changing.publish(copy["id"])
    found = changing.portal.call(None, "datastore_search", resource_id=changing.live["resources"][0]["id"])[1]
    assert [(one["id"], one["type"]) for one in found["fields"]][1:] == [("Kecamatan", "text"), ("Jumlah", "numeric")]


@pytest.mark.thorough
def test_what_became_of_the_copy_leads_to_the_dataset(changing: Changing) -> None:
    copy = _changed(changing)
    changing.review(copy["id"])
    answer = changing.done("reviewer", copy["id"], "publish")
    assert answer["case"]["subject_id"] == changing.live["id"]
    assert changing.portal.call("editor", "package_show", id=copy["id"])[0] == 404
    found = changing.portal.call("editor", "satudata_copy_show", id=copy["id"])[1]
    assert (found["dataset_id"], found["open"]) == (changing.live["id"], None)


@pytest.mark.thorough
def test_a_second_click_publishes_nothing_more(changing: Changing) -> None:
    copy = _changed(changing)
    changing.review(copy["id"])
    case = changing.portal.call("reviewer", "satudata_case_show", id=copy["id"])[1]
    data = {"id": copy["id"], "transition": "publish", "expected": case["expected"]}
    data["content_hash"] = case["content_hash"]
    assert changing.portal.call("reviewer", "satudata_transition", **data)[0] == 200
    before = changing.seen()
    assert changing.portal.call("reviewer", "satudata_transition", **data)[0] in (404, 409)
    assert changing.seen() == before
    assert len(changing.portal.call(None, "satudata_version_list", id=changing.live["id"])[1]) == 2


def test_a_public_version_that_changed_meanwhile_is_not_overwritten(changing: Changing) -> None:
    copy = _changed(changing)
    changing.review(copy["id"])
    model.Session.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    values = {"id": changing.live["id"]}
    model.Session.execute(
        sa.text("update package set notes = 'lain', metadata_modified = now() where id = :id"), values
    )
    model.Session.commit()
    status, errors = changing.decide("reviewer", copy["id"], "publish")
    assert (status, errors["reasons"][0]["code"]) == (409, "copy.public_changed")


@pytest.mark.thorough
def test_a_table_that_is_loaded_late_does_not_overtake_the_swap(
    changing: Changing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public table is being loaded (slowly) while a new version of it is published."""
    resource = changing.live["resources"][0]["id"]
    copy = _changed(changing)
    changing.review(copy["id"])
    assert rows.load_due() == 1
    model.Session.execute(sa.update(row_table).where(row_table.c.resource_id == resource).values(state="pending"))
    model.Session.commit()
    store = rows._store

    def slowly(resource_id: str, table: dict[str, Any], still: Any = None) -> int:
        monkeypatch.setattr(rows, "_store", store)
        changing.done("reviewer", copy["id"], "publish")
        return store(resource_id, table, still)

    monkeypatch.setattr(rows, "_store", slowly)
    assert rows.load_due() == 0
    seen = changing.seen()
    assert (seen["files"][resource], seen["tables"][resource]) == (NEW, [1500, 700, 12])


@pytest.mark.thorough
def test_a_reader_who_holds_the_table_makes_the_decision_wait_and_then_fail_whole(
    changing: Changing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.datastore.backend.postgres import get_read_engine

    monkeypatch.setattr(tables, "LOCK_SECONDS", 1)
    before = changing.seen()
    copy = _changed(changing)
    changing.review(copy["id"])
    rows.load_due()
    with get_read_engine().connect() as reader:
        reader.execute(sa.text(f'select 1 from "{changing.live["resources"][0]["id"]}"'))
        status, errors = changing.decide("reviewer", copy["id"], "publish")
    assert (status, "conflict" in errors) == (409, True)
    assert changing.seen() == before
    assert changing.decide("reviewer", copy["id"], "publish")[0] == 200


def test_what_is_published_never_leaves_the_index_while_it_is_written_anew(
    changing: Changing, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[bool] = []

    def asked_after(name: str) -> None:
        send = getattr(Solr, name)

        def sent(solr: Solr, *args: Any, **more: Any) -> Any:
            answer = send(solr, *args, **more)
            there.append(changing.seen()["searched"] is not None)
            return answer

        monkeypatch.setattr(Solr, name, sent)

    copy = _changed(changing)
    changing.review(copy["id"])
    asked_after("add")
    asked_after("delete")
    changing.done("reviewer", copy["id"], "publish", note="Sesuai.")
    rows.load_due()
    assert there
    assert all(there)
