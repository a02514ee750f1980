"""A table that is sent in pages is all of one version, also when the next one is published between two pages."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from ckan import model

from .copying import NEW, Changing, changing

__all__ = ["changing"]


@pytest.mark.parametrize("form", ["csv", pytest.param("json", marks=pytest.mark.thorough)])
def test_a_dump_of_several_pages_is_of_one_version(
    changing: Changing, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    from ckanext.datastore import blueprint

    copy = changing.open()
    changing.replace(copy["resources"][0], NEW)
    changing.review(copy["id"])
    asked: list[str] = []
    really = blueprint.get_action

    def publish() -> None:
        changing.done("reviewer", copy["id"], "publish")
        model.Session.remove()

    def meanwhile(name: str) -> Any:
        asked.append(name)
        if len(asked) == (3 if blueprint_asks_first() else 2):  # the first page is sent
            other = threading.Thread(target=publish)
            other.start()
            other.join()
        return really(name)

    monkeypatch.setattr(blueprint, "PAGINATE_BY", 1)
    monkeypatch.setattr(blueprint, "get_action", meanwhile)
    resource = changing.live["resources"][0]["id"]
    answer = changing.portal.get(None, f"/datastore/dump/{resource}?format={form}")
    assert answer.status_code == 200
    body = answer.get_data(as_text=True)
    assert [number for number in ("1474", "686", "1500", "700", "12") if number in body] == ["1500", "700", "12"]
    assert len(asked) > 4


def blueprint_asks_first() -> bool:
    """CKAN 2.11 asks for the table once before the first page."""
    import ckan.plugins.toolkit as tk

    return not tk.check_ckan_version(min_version="2.12.0a0")


@pytest.mark.thorough
def test_the_list_of_all_tables_is_not_there(changing: Changing) -> None:
    for who in (None, "sysadmin"):
        assert changing.portal.get(who, "/datastore/dump/_table_metadata").status_code == 404
        assert changing.portal.call(who, "datastore_search", resource_id="_table_metadata")[0] == 404
