"""An organization with an editor and a member, a stranger, a reviewer; files as people upload them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from rq import Queue, Worker
from werkzeug.datastructures import FileStorage

from ckanext.satudata.qa import jobs
from ckanext.satudata.qa import model as tables
from tests.slices import remembered

GOOD = "kecamatan,tahun,jumlah\nSukamaju,2024,12\nMekarsari,2024,30\nCibiru,2024,9\n"
# a doubled line and a figure that is none
BAD = "kecamatan,tahun,jumlah\nSukamaju,2024,12\nMekarsari,2024,banyak\nCibiru,2024,9\nCibiru,2024,9\n"
PASSWORD = "padi-sungai-kopi-427"
DICTIONARY: list[dict[str, Any]] = [
    {"kolom": "kecamatan", "label": "Kecamatan", "tipe": "text", "wajib": True, "kunci": True},
    {"kolom": "tahun", "label": "Tahun", "tipe": "year", "wajib": True, "kunci": True},
    {"kolom": "jumlah", "label": "Jumlah", "tipe": "integer", "satuan": "Unit", "wajib": True},
]


class Office:
    """What a test needs to say in one line."""

    def __init__(self, client: CKANTestApp) -> None:
        self.client = client
        self.organization = factories.Organization(name="dinas-kesehatan", title="Dinas Kesehatan")
        self.tokens: dict[str, str] = {}
        for who in ("editor", "member", "stranger", "reviewer"):
            self._person(who)
        self._person("sysadmin", sysadmin=True)
        for who in ("editor", "member"):
            call_action("organization_member_create", id=self.organization["id"], username=f"orang-{who}", role=who)
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        tk.get_action("satudata_grant_create")({"user": site}, {"user": "orang-reviewer", "role": "walidata"})

    def _person(self, who: str, **values: Any) -> None:
        user = factories.User(name=f"orang-{who}", password=PASSWORD, **values)
        self.tokens[who] = factories.APIToken(user=user["id"])["token"]

    def call(self, who: str | None, action: str, **data: Any) -> Any:
        """Call an action as somebody, with all refusals; ``None`` is a visitor."""
        return tk.get_action(action)({"user": f"orang-{who}" if who else ""}, data)

    def dataset(self, content: str | bytes | None = GOOD, name: str = "tabel.csv", **resource: Any) -> dict[str, Any]:
        """A draft of the editor with one uploaded file."""
        made = self.call("editor", "package_create", title="Jumlah Puskesmas", owner_org=self.organization["id"])
        if content is not None:
            self.upload(made["id"], content, name, **resource)
        return self.call("sysadmin", "package_show", id=made["id"])

    def upload(self, dataset_id: str, content: str | bytes, name: str = "tabel.csv", **values: Any) -> dict[str, Any]:
        given = {
            "package_id": dataset_id,
            "name": name,
            "kamus_data": DICTIONARY,
            "upload": file(content, name),
            **values,
        }
        return self.call("editor", "resource_create", **given)

    def hand_in(self, dataset_id: str) -> None:
        """As a submission does: from now on its reviewers read it."""
        model.Session.execute(
            sa.text("update satudata_case set state = 'in_review', round = 1 where subject_id = :id"),
            {"id": dataset_id},
        )
        model.Session.commit()

    def replace(self, resource_id: str, content: str | bytes, name: str = "tabel.csv") -> dict[str, Any]:
        return self.call("editor", "resource_patch", id=resource_id, upload=file(content, name))

    def judged(self, content: str | bytes = GOOD, name: str = "tabel.csv", **values: Any) -> tuple[str, str]:
        """Ids of a dataset and its resource, after the check."""
        return remembered.once(self._judged, content, name, **values)

    def _judged(self, content: str | bytes, name: str, **values: Any) -> tuple[str, str]:
        made = self.dataset(content, name, **values)
        resource_id = made["resources"][0]["id"]
        check_all()
        return made["id"], resource_id

    def show(self, resource_id: str, who: str = "editor") -> dict[str, Any]:
        return self.call(who, "satudata_qa_show", resource_id=resource_id)

    def get(self, who: str | None, url: str, **options: Any) -> Any:
        headers = {"Authorization": self.tokens[who]} if who else {}
        answer = self.client.get(url, headers=headers, **options)
        model.Session.rollback()
        return answer

    def page(self, who: str | None, dataset_id: str, resource_id: str, ending: str = "", **options: Any) -> Any:
        return self.get(who, f"/dataset/{dataset_id}/resource/{resource_id}/qa{ending}", **options)


@pytest.fixture
def office(app: CKANTestApp, beginning: None) -> Office:  # noqa: ARG001
    return remembered.begin(Office, client=app)


def file(content: str | bytes, name: str) -> FileStorage:
    data = content.encode() if isinstance(content, str) else content
    return FileStorage(io.BytesIO(data), filename=name)


def runs(resource_id: str) -> list[dict[str, Any]]:
    """All runs of a resource, the oldest first."""
    import sqlalchemy as sa

    table = tables.run_table
    model.Session.rollback()
    return list(tables.rows(sa.select(table).where(table.c.resource_id == resource_id).order_by(table.c.queued)))


def check_all() -> None:
    """Do every waiting check in this process, as the job worker would."""
    import sqlalchemy as sa

    table = tables.run_table
    model.Session.rollback()
    for run in tables.rows(sa.select(table).where(table.c.state == "queued").order_by(table.c.queued)):
        jobs.check(run["id"])


def queued_jobs() -> list[Any]:
    """What waits in Redis."""
    from ckan.lib.jobs import get_queue

    return get_queue().jobs


def work_off() -> None:
    """Let a real RQ worker empty the queue in this process' children."""
    from ckan.lib.jobs import get_queue
    from ckan.lib.redis import connect_to_redis

    queue: Queue = get_queue()
    Worker([queue], connection=connect_to_redis()).work(burst=True, logging_level="WARNING")


def path_of(resource_id: str) -> Path:
    from ckanext.satudata.qa import content

    found = content.present(content.of_model(model.Resource.get(resource_id)))
    assert found is not None
    return found.path


def body(answer: Any) -> Any:
    return json.loads(answer.body)
