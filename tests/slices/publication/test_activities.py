"""CKAN's stream of activities names officials to their colleagues and reviewers only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan import model
from ckanext.activity.model import Activity

from .conftest import Portal


@pytest.fixture
def changed(portal: Portal) -> dict[str, Any]:
    """A published dataset of which CKAN keeps an activity of its editor."""
    dataset = portal.published()
    data = {"package": {"title": dataset["title"]}, "actor": "orang-editor"}
    made = Activity(portal.ids["editor"], dataset["id"], "changed package", data, ["public"])
    model.Session.add(made)
    model.Session.commit()
    return dataset


def test_outsiders_read_the_office_in_place_of_the_account(portal: Portal, changed: dict[str, Any]) -> None:
    lists = {
        "package_activity_list": {"id": changed["id"]},
        "organization_activity_list": {"id": changed["owner_org"]},
        "recently_changed_packages_activity_list": {},
    }
    for action, given in lists.items():
        for who in (None, "stranger", "other"):
            _, told = portal.call(who, action, **given)
            assert {one["user_id"] for one in told} == {"Dinas Kesehatan"}, (action, who)
            assert "orang-" not in json.dumps(told), (action, who)
        for who in ("editor", "member", "reviewer", "sysadmin"):
            _, told = portal.call(who, action, **given)
            assert portal.ids["editor"] in {one["user_id"] for one in told}, (action, who)


def test_the_page_of_the_stream_names_the_office(portal: Portal, changed: dict[str, Any]) -> None:
    pages = {who: portal.get(who, f"/dataset/activity/{changed['id']}").body for who in (None, "member")}
    assert "orang-editor" not in pages[None]
    assert "Dinas Kesehatan" in pages[None].split('<ul class="activity')[1]
    assert "/user/orang-editor" in pages["member"]


def test_what_somebody_did_is_told_where_one_may_know_who(portal: Portal, changed: dict[str, Any]) -> None:
    told = {who: portal.call(who, "user_activity_list", id="orang-editor")[1] for who in ("other", "member", "editor")}
    assert [one["object_id"] for one in told["other"]] == []
    assert changed["id"] in [one["object_id"] for one in told["member"]]
    assert changed["id"] in [one["object_id"] for one in told["editor"]]
