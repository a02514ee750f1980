"""What a harvester or an importer hands over goes into the draft or into a working copy, never into what is public."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from .conftest import Portal
from .copying import Changing, changing

__all__ = ["changing"]

SOURCE = "admin"  # the account of the program; any may be named


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.arrivals", f"orang-{SOURCE}")


def _arrives(portal: Portal, dataset: dict[str, Any], **changes: Any) -> tuple[int, Any]:
    """A whole description with the public ids, as ckanext-harvest and ckanapi hand it over."""
    given = {**dataset, "private": False, "state": "active", **changes}
    return portal.call(SOURCE, "package_update", **given)


def _open_of(portal: Portal, dataset_id: str) -> Any:
    return portal.call("sysadmin", "satudata_copy_show", id=dataset_id)[1]["open"]


def test_a_change_from_outside_waits_in_a_copy(changing: Changing) -> None:
    portal, live, before = changing.portal, changing.live, changing.seen()
    files = [
        {**live["resources"][0], "description": "Dari sumber"},
        {"url": "http://sumber.example/b.csv", "name": "B"},
    ]
    status, answer = _arrives(portal, live, title="Dari sumber", resources=files)
    assert (status, answer["id"], answer["title"]) == (200, live["id"], live["title"]), answer
    assert changing.seen() == before
    copy = portal.show(answer["satudata_copy"]["id"])
    assert (copy["title"], copy["private"]) == ("Dari sumber", True)
    assert [one["name"] for one in copy["resources"]] == ["Tabel", "B"]
    assert copy["resources"][0]["description"] == "Dari sumber"
    assert copy["resources"][0]["kamus_data"] == live["resources"][0]["kamus_data"]
    waiting = portal.call("editor", "satudata_my_work")[1]
    assert copy["id"] in str(waiting)


def test_the_next_change_goes_into_the_same_copy_over_what_people_added(changing: Changing) -> None:
    portal, live = changing.portal, changing.live
    first = _arrives(portal, live, title="Satu")[1]["satudata_copy"]
    assert portal.call("editor", "package_patch", id=first["id"], url="http://opd.example/")[0] == 200
    said = {key: live[key] for key in ("id", "name", "owner_org", "notes")}
    second = portal.call(SOURCE, "package_update", **said, title="Dua")[1]["satudata_copy"]
    copy = portal.show(first["id"])
    assert (second, copy["title"], copy["url"]) == (first, "Dua", "http://opd.example/")
    assert len(copy["resources"]) == 1
    assert portal.call("editor", "package_patch", id=first["id"], title="Dua, diperbaiki")[0] == 200
    assert portal.call(SOURCE, "package_update", **said, title="Dua")[1]["satudata_copy"] == first
    assert portal.show(first["id"])["title"] == "Dua, diperbaiki"


def test_what_says_nothing_new_leaves_nothing(changing: Changing) -> None:
    status, answer = _arrives(changing.portal, changing.live, num_resources=1, tracking={"total": 3})
    assert (status, answer["satudata_copy"]) == (200, None), answer
    assert _open_of(changing.portal, changing.live["id"]) is None
    copies = sa.text("select count(*) from package where name like 'salinan-%'")
    assert model.Session.execute(copies).scalar() == 0


def test_a_copy_of_a_person_is_not_written_to(changing: Changing) -> None:
    copy = changing.open()
    status, errors = _arrives(changing.portal, changing.live, title="Dari sumber")
    assert status == 409
    assert copy["name"] in errors["dataset"][0]
    assert changing.portal.show(copy["id"])["title"] == copy["title"]


@pytest.mark.thorough
def test_what_is_in_review_is_not_written_to(changing: Changing) -> None:
    copy = _arrives(changing.portal, changing.live, title="Satu")[1]["satudata_copy"]
    changing.done("editor", copy["id"], "submit")
    status, errors = _arrives(changing.portal, changing.live, title="Dua")
    assert status == 409
    assert copy["name"] in errors["dataset"][0]
    assert changing.portal.show(copy["id"])["title"] == "Satu"


@pytest.mark.thorough
def test_what_is_not_valid_leaves_nothing(changing: Changing) -> None:
    for wrong in ({"tags": [{"name": "?!"}]}, {"resources": ["x"]}, {"resources": [{"id": ["a"]}]}, {"tags": 5}):
        status, errors = _arrives(changing.portal, changing.live, title="X", **wrong)
        assert status == 409, errors
    assert _open_of(changing.portal, changing.live["id"]) is None


@pytest.mark.thorough
def test_everything_else_of_such_an_account_is_refused(changing: Changing) -> None:
    portal, live = changing.portal, changing.live
    before, file = changing.seen(), live["resources"][0]["id"]
    for action, data in (
        ("resource_create", {"package_id": live["id"], "url": "http://sumber.example/x.csv"}),
        ("resource_patch", {"id": file, "name": "Lain"}),
        ("resource_delete", {"id": file}),
        ("package_revise", {"match": {"id": live["id"]}, "update": {"title": "Lain"}}),
        ("package_delete", {"id": live["id"]}),
        ("datastore_create", {"resource_id": file, "force": True, "records": [{"a": 1}]}),
    ):
        status, errors = portal.call(SOURCE, action, **data)
        assert status == 409, (action, errors)
    assert changing.seen() == before
    assert _open_of(portal, live["id"]) is None


@pytest.mark.thorough
def test_a_draft_keeps_what_people_added(portal: Portal, draft: dict[str, Any]) -> None:
    assert portal.call("editor", "package_patch", id=draft["id"], url="http://opd.example/")[0] == 200
    said = {key: draft[key] for key in ("id", "name", "notes")}
    status, answer = portal.call(SOURCE, "package_update", **said, title="Dari sumber", private=False)
    assert status == 200, answer
    shown = portal.show(draft["id"])
    assert (shown["title"], shown["url"], shown["private"]) == ("Dari sumber", "http://opd.example/", True)
    assert len(shown["resources"]) == 1
