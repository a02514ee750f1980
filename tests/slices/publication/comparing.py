"""A published dataset with a judged table, and its working copy, to be compared."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy.dialects.postgresql import insert
from werkzeug.datastructures import FileStorage

from tests.slices import remembered

from .conftest import Portal

COLUMNS = [
    {"kolom": "Kecamatan", "label": "Kecamatan", "tipe": "text", "kunci": True, "wajib": True},
    {"kolom": "Tahun", "label": "Tahun", "tipe": "year", "kunci": True, "wajib": True},
    {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit"},
]
ROWS = [("Margahayu", 2022, 17), ("Cimaung", 2022, 438), ("Margahayu", 2023, 20), ("Rancabali", 2023, 86)]


def csv(rows: list[tuple[str, int, int]]) -> str:
    return "Kecamatan,Tahun,Jumlah\n" + "".join(f"{name},{year},{count}\n" for name, year, count in rows)


class Work:
    """A published dataset with a judged table, and its working copy."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        made = portal.dataset(title="Rumah tidak layak huni", notes="Hasil pendataan desa dan kelurahan.")
        self.dataset_id = made["id"]
        assert portal.call("editor", "resource_delete", id=made["resources"][0]["id"])[0] == 200
        self.resource_id = self.upload(self.dataset_id, ROWS)
        portal.set_state(self.dataset_id, "published")
        status, copy = portal.call("editor", "satudata_copy_create", id=self.dataset_id)
        assert status == 200, copy
        self.copy_id, self.copy_name = copy["id"], copy["name"]

    @property
    def file(self) -> str:
        """The id of the table in the copy."""
        return self.portal.show(self.copy_id)["resources"][0]["id"]

    def upload(self, dataset_id: str, rows: list[tuple[str, int, int]]) -> str:
        made = self.portal.upload(dataset_id, csv(rows), name="Rumah per kecamatan")
        self.describe(made["id"], COLUMNS)
        return made["id"]

    def describe(self, resource_id: str, columns: list[dict[str, Any]]) -> None:
        status, answer = self.portal.call("editor", "resource_patch", id=resource_id, kamus_data=json.dumps(columns))
        assert status == 200, answer
        self.judge(resource_id)

    def judge(self, resource_id: str) -> None:
        found = call_action("satudata_qa_run", {"user": "orang-sysadmin"}, resource_id=resource_id, wait=True)
        assert found["state"] == "done", found

    def replace(self, rows: list[tuple[str, int, int]]) -> None:
        """Another file in the copy."""
        file = FileStorage(io.BytesIO(csv(rows).encode()), "rumah.csv", content_type="text/csv")
        status, answer = self.portal.call("editor", "resource_patch", id=self.file, upload=file)
        assert status == 200, answer
        self.judge(self.file)

    def ask(self, who: str | None = "editor", **asked: Any) -> Any:
        status, answer = self.portal.call(who, "satudata_compare", **{"id": self.copy_id, **asked})
        assert status == 200, answer
        return answer

    def refused(self, who: str | None, **asked: Any) -> tuple[int, Any]:
        status, answer = self.portal.call(who, "satudata_compare", **{"id": self.copy_id, **asked})
        assert status != 200, answer
        return status, answer


@pytest.fixture
def work(portal: Portal) -> Work:
    return remembered.begin(Work, portal=portal)


def snapshot(dataset_id: str) -> dict[str, Any]:
    from ckanext.satudata.publication.subject import DatasetSubject

    return DatasetSubject().snapshot(dataset_id)


def write_down(dataset_id: str, number: int, snapshot: dict[str, Any]) -> None:
    from ckanext.satudata.publication.copies.model import version
    from ckanext.satudata.publication.subject import content_hash

    values = {"content_hash": content_hash(snapshot), "snapshot": snapshot, "blobs": {}, "kind": "awal"}
    statement = insert(version).values(dataset_id=dataset_id, number=number, **values)
    changed = {"content_hash": values["content_hash"], "snapshot": snapshot}
    index = ["dataset_id", "number"]
    model.Session.execute(statement.on_conflict_do_update(index_elements=index, set_=changed))
    model.Session.commit()


def remember(work: Work, number: int, **changed: Any) -> None:
    """The public version as it is now, written down under a number, with other words."""
    told = snapshot(work.dataset_id)
    told["fields"].update(changed)
    write_down(work.dataset_id, number, told)
