"""A published dataset with a loaded table, and what changes it: real decisions through the API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import search
from ckan.tests.helpers import call_action

from ckanext.satudata.publication import rows
from tests.slices import remembered, workflow

from .conftest import Portal

OLD = "Kecamatan;Jumlah\nSukamaju;1474\nMekarsari;686\n"
NEW = "Kecamatan;Jumlah\nSukamaju;1500\nMekarsari;700\nCempaka;12\n"
COLUMNS = [
    {"kolom": "Kecamatan", "label": "Nama kecamatan", "tipe": "text"},
    {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit"},
]
RULEBOOK = Path(workflow.__file__).parent / "rulebook"


def use_rulebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """One stage, no gates: what is tested here is not the procedure."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(RULEBOOK))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "uji")


@dataclass
class Changing:
    """What a test of working copies says in one line."""

    portal: Portal
    live: dict[str, Any] = field(default_factory=dict)

    def decide(self, who: str, dataset_id: str, transition: str, **more: Any) -> tuple[int, Any]:
        status, case = self.portal.call("sysadmin", "satudata_case_show", id=dataset_id)
        assert status == 200, case
        seen = {"expected": case["expected"], "content_hash": case["content_hash"]}
        return self.portal.call(who, "satudata_transition", id=dataset_id, transition=transition, **{**seen, **more})

    def done(self, who: str, dataset_id: str, transition: str, **more: Any) -> dict[str, Any]:
        status, answer = self.decide(who, dataset_id, transition, **more)
        assert status == 200, answer
        return answer

    def table(self, dataset_id: str, content: str, name: str = "Tabel") -> dict[str, Any]:
        """Upload a file with its dictionary and wait for its check."""
        made = self.portal.upload(dataset_id, content, name=name, kamus_data=json.dumps(COLUMNS))
        self.check(made["id"])
        return made

    def check(self, resource_id: str) -> None:
        found = call_action("satudata_qa_run", {"user": "orang-sysadmin"}, resource_id=resource_id, wait=True)
        assert found["state"] == "done", found

    def publish(self, dataset_id: str) -> dict[str, Any]:
        self.review(dataset_id)
        return self.done("reviewer", dataset_id, "publish")

    def review(self, dataset_id: str) -> None:
        self.done("editor", dataset_id, "submit")
        self.done("reviewer", dataset_id, "pass")

    def open(self, **values: Any) -> dict[str, Any]:
        """A working copy, as a sysadmin sees it."""
        return remembered.once(self._open, **values)

    def _open(self, **values: Any) -> dict[str, Any]:
        status, made = self.portal.call("editor", "satudata_copy_create", id=self.live["id"], **values)
        assert status == 200, made
        return self.portal.show(made["id"])

    def replace(self, resource: dict[str, Any], content: str) -> None:
        """Give a file of the copy new bytes, and wait for the check."""
        remembered.once(self._replace, resource, content)

    def _replace(self, resource: dict[str, Any], content: str) -> None:
        import io

        from werkzeug.datastructures import FileStorage

        file = FileStorage(io.BytesIO(content.encode()), "baru.csv", content_type="text/csv")
        status, made = self.portal.call("editor", "resource_patch", id=resource["id"], upload=file)
        assert status == 200, made
        self.check(resource["id"])

    def seen(self, dataset_id: str | None = None) -> dict[str, Any]:
        """What a visitor reads of the public dataset, by every way."""
        dataset_id = dataset_id or self.live["id"]
        status, shown = self.portal.call(None, "package_show", id=dataset_id)
        assert status == 200, shown
        found = self.portal.call(None, "package_search", q=f'id:"{dataset_id}"')[1]["results"]
        page = self.portal.get(None, f"/dataset/{shown['name']}").get_data(as_text=True)
        files, tables = {}, {}
        for resource in shown["resources"]:
            url = f"/dataset/{dataset_id}/resource/{resource['id']}/download/x.csv"
            files[resource["id"]] = self.portal.get(None, url).get_data(as_text=True)
            status, answer = self.portal.call(None, "datastore_search", resource_id=resource["id"])
            tables[resource["id"]] = [row["Jumlah"] for row in answer["records"]] if status == 200 else None
        return {
            "title": shown["title"],
            "name": shown["name"],
            "tags": sorted(tag["name"] for tag in shown["tags"]),
            "searched": found[0]["title"] if found else None,
            "on_page": shown["title"] in page,
            "files": files,
            "tables": tables,
        }


def begin(portal: Portal, content: str = OLD) -> Changing:
    """A published dataset whose one table is loaded."""
    changing = Changing(portal)
    made = portal.dataset(title="Rumah tidak layak huni", notes="Versi pertama.", tags=[{"name": "rumah"}])
    portal.call("editor", "resource_delete", id=made["resources"][0]["id"])
    changing.table(made["id"], content)
    changing.publish(made["id"])
    assert rows.load_due() == 1
    model.Session.remove()
    search.commit()
    changing.live = portal.show(made["id"])
    return changing


@pytest.fixture
def changing(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Changing:
    use_rulebook(monkeypatch)
    return remembered.begin(begin, portal=portal)
