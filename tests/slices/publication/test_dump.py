"""A table that is sent in pages is all of one version, also when the next one is published between two pages."""

from __future__ import annotations

import threading
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckanext.datastore import blueprint

from .conftest import Portal
from .copying import NEW, Changing, begin, changing, use_rulebook

__all__ = ["changing"]

ROWS = 40_000  # two pages of CKAN's


def _dumped(changing: Changing, monkeypatch: pytest.MonkeyPatch, resource_id: str, copy_id: str, form: str) -> str:
    """What a visitor gets while the copy is published after the first page; how often it was asked for is checked."""
    asked: list[str] = []
    really = blueprint.get_action
    # CKAN 2.11 asks for the table once before the first page
    second = 2 if tk.check_ckan_version(min_version="2.12.0a0") else 3

    def publish() -> None:
        changing.done("reviewer", copy_id, "publish")
        model.Session.remove()

    def meanwhile(name: str) -> Any:
        asked.append(name)
        if len(asked) == second:
            other = threading.Thread(target=publish)
            other.start()
            other.join()
        return really(name)

    monkeypatch.setattr(blueprint, "get_action", meanwhile)
    answer = changing.portal.get(None, f"/datastore/dump/{resource_id}?format={form}")
    assert answer.status_code == 200
    body = answer.get_data(as_text=True)
    assert len(asked) > second
    return body


@pytest.mark.parametrize("form", ["csv", pytest.param("json", marks=pytest.mark.thorough)])
def test_a_dump_of_several_pages_is_of_one_version(
    changing: Changing, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    copy = changing.open()
    changing.replace(copy["resources"][0], NEW)
    changing.review(copy["id"])
    monkeypatch.setattr(blueprint, "PAGINATE_BY", 1)
    body = _dumped(changing, monkeypatch, changing.live["resources"][0]["id"], copy["id"], form)
    assert [number for number in ("1474", "686", "1500", "700", "12") if number in body] == ["1500", "700", "12"]


@pytest.mark.thorough
def test_so_is_one_of_more_rows_than_a_page_holds(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    use_rulebook(monkeypatch)
    changing = begin(portal, _table(0))
    resource = changing.live["resources"][0]["id"]
    copy = changing.open()
    changing.replace(copy["resources"][0], _table(ROWS))
    changing.review(copy["id"])
    body = _dumped(changing, monkeypatch, resource, copy["id"], "csv")
    numbers = [int(line.rsplit(",", 1)[1]) for line in body.splitlines()[1:]]
    assert numbers == list(range(ROWS, 2 * ROWS))


def _table(first: int) -> str:
    lines = [f"Kecamatan {number:05d};{first + number}" for number in range(ROWS)]
    return "Kecamatan;Jumlah\n" + "\n".join(lines) + "\n"


@pytest.mark.thorough
def test_the_list_of_all_tables_is_not_there(changing: Changing) -> None:
    for who in (None, "sysadmin"):
        assert changing.portal.get(who, "/datastore/dump/_table_metadata").status_code == 404
        assert changing.portal.call(who, "datastore_search", resource_id="_table_metadata")[0] == 404
