"""A portal in which every situation stands at once, made by real decisions; afterwards it is only read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.publication import datastore, guard, rows

from .canaries import Known, word
from .rules import ANONYMOUS, HIDDEN, ROLES, SITUATIONS

RULEBOOK = Path(__file__).parent / "rulebook"
CHECKED = ("first", "published", "copied", "limited")  # a check takes a process of its own: some situations will do
OPEN = "update package set private = false where id = :id"
CASE = "update satudata_case set state = :state, approved = :approved, basis = 'adopted' where subject_id = :id"
ORIGIN = """update resource set extras = (extras::jsonb || jsonb_build_object('tautan_asal', cast(:url as text)))::text
 where package_id = :id"""
LATER = "update package set metadata_modified = metadata_modified + interval '1 second' where id = :id"
PDF = "%PDF-1.4\n% {}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ACCESS: dict[str, dict[str, Any]] = {
    "limited": {"klasifikasi_akses": "terbatas", "dibagikan_kepada": ["Dinas Pendidikan"]},
    "closed": {"klasifikasi_akses": "tertutup"},
}
TIED = ("second", "verified", "takendown")  # not all: CKAN cannot index what has relations and a schema of its own
SETTINGS = {
    "ckanext.satudata.rulebook": str(RULEBOOK),
    "ckanext.satudata.workflow": "bocor",
    "ckan.auth.allow_dataset_collaborators": True,
}


@dataclass
class Answer:
    """What somebody was told: ``asked`` holds all that the question said."""

    status: int
    text: str
    headers: dict[str, str]
    asked: str


@dataclass
class Office:
    """The portal of the matrix; ``places``: what recipes fill in, for each situation."""

    client: CKANTestApp
    known: Known = field(default_factory=Known)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    organizations: dict[str, dict[str, Any]] = field(default_factory=dict)

    # -- asking --------------------------------------------------------------------------------------------------------

    def _headers(self, role: str) -> dict[str, str]:
        return {} if role == ANONYMOUS else {"Authorization": self.tokens[role]}

    def call(self, role: str, action: str, given: dict[str, Any]) -> Answer:
        """An action over HTTP."""
        files = {key: value for key, value in given.items() if isinstance(value, FileStorage)}
        if files:
            body: dict[str, Any] = {"data": given, "content_type": "multipart/form-data"}
        else:
            body = {"data": json.dumps(given), "content_type": "application/json"}
        asked = json.dumps({key: value for key, value in given.items() if key not in files})
        found = self.client.post(f"/api/3/action/{action}", headers=self._headers(role), **body)
        return _answer(found, asked)

    def ask(self, role: str, method: str, url: str, form: dict[str, Any] | None = None) -> Answer:
        """A page; redirects are not followed, a redirect is an answer."""
        headers = self._headers(role)
        if method == "GET":
            found = self.client.get(url, headers=headers, follow_redirects=False)
        else:
            found = self.client.post(url, headers=headers, data=form or {}, follow_redirects=False)
        return _answer(found, url + json.dumps(form or {}))

    def do(self, role: str, action: str, **given: Any) -> Any:
        """An action that must succeed."""
        answer = self.call(role, action, given)
        assert answer.status == 200, (role, action, answer.text[:500])
        return json.loads(answer.text)["result"]

    # -- building ------------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """People, offices, and a dataset in each situation."""
        for role in ROLES:
            if role != ANONYMOUS:
                self._person(role)
        own = [{"name": word("login", role), "capacity": role} for role in ("member", "editor", "admin")]
        others = [{"name": word("login", f"other{one}"), "capacity": one} for one in ("member", "editor", "admin")]
        for name, title, users in (
            ("dinas-kesehatan", "Dinas Kesehatan", own),
            ("dinas-lama", "Dinas Lama", own),
            ("dinas-pendidikan", "Dinas Pendidikan", others),
        ):
            made = factories.Organization(name=name, title=title, users=users, user={"name": word("login", "sysadmin")})
            self.organizations[name] = made
        editor = [{"name": word("login", "editor"), "capacity": "editor"}]
        factories.Group(name="tema", title="Tema", users=editor, user={"name": word("login", "sysadmin")})
        self._grant("walidata", "walidata")
        self._grant("pembina", "pembina_data")
        self._grant("elsewhere", "walidata", organization="dinas-pendidikan")
        self._observe("dinas-lama")
        for situation in SITUATIONS:
            if situation != "copy":
                self._situation(situation)
        model.Session.remove()
        rows.load_due()
        self._rows_of_old()
        self._left_from_before()
        model.Session.remove()
        search.commit()

    def _person(self, role: str) -> None:
        user = model.User(
            name=word("login", role),
            fullname=word("person", role),
            email=f"{word('mail', role)}@contoh.go.id",
            sysadmin=role == "sysadmin",
        )
        model.Session.add(user)
        model.Session.commit()
        self.ids[role] = user.id
        made = call_action("api_token_create", {"user": user.name}, user=user.name, name="uji")
        self.tokens[role] = made["token"]

    def _grant(self, role: str, kind: str, **more: Any) -> None:
        context = {"user": word("login", "sysadmin"), "ignore_auth": False}
        call_action("satudata_grant_create", context, user=word("login", role), role=kind, **more)

    def _observe(self, name: str) -> None:
        statement = "insert into satudata_enforcement (organization_id, mode, since) values (:id, 'observe', now())"
        model.Session.execute(sa.text(statement), {"id": self.organizations[name]["id"]})
        model.Session.commit()

    def _situation(self, situation: str) -> None:
        office = "dinas-lama" if situation in ("observed", "adopted") else "dinas-kesehatan"
        dataset = self._dataset(situation, office, **ACCESS.get(situation, {}))
        getattr(self, f"_to_{situation}", self._nothing)(dataset)
        self._place(situation, dataset)

    def _nothing(self, dataset: str) -> None:
        """A draft stays as it is."""

    def _dataset(self, situation: str, office: str, **more: Any) -> str:
        made = self.do(
            "editor",
            "package_create",
            owner_org=self.organizations[office]["id"],
            name=word("name", situation),
            title=word("title", situation),
            notes=word("notes", situation),
            sds_definisi=word("field", situation),
            tags=[{"name": word("tag", situation)}],
            groups=[{"name": "tema"}],
            private=True,
            **more,
        )
        self.known.learn("id", situation, made["id"])
        self._file(situation, made["id"])
        if situation in HIDDEN:
            self._share(made["id"])
        return made["id"]

    def _share(self, dataset: str) -> None:
        """A collaborator from before: the action refuses to add one to what is not approved."""
        row = model.PackageMember(package_id=dataset, user_id=self.ids["collaborator"], capacity="member")
        with guard.passing(dataset):
            model.Session.add(row)
        model.Session.commit()
        search.rebuild(dataset)

    def _file(self, situation: str, dataset: str) -> str:
        cells = f"Kecamatan;Jumlah\n{word('byte', situation)};1474\nMekarsari;686\n"
        file = FileStorage(io.BytesIO(cells.encode()), f"{word('filename', situation)}.csv", content_type="text/csv")
        dictionary = [
            {"kolom": "Kecamatan", "label": word("label", situation), "tipe": "text"},
            {"kolom": "Jumlah", "label": "Jumlah rumah", "tipe": "integer", "satuan": "Unit"},
        ]
        given = {"package_id": dataset, "name": word("file", situation), "format": "CSV", "upload": file}
        made = self.do("editor", "resource_create", **given, kamus_data=json.dumps(dictionary))
        self.known.learn("fileid", situation, made["id"])
        for kind in ("text_view", "datatables_view"):
            view = {"resource_id": made["id"], "view_type": kind, "title": word("view", situation)}
            self.do("editor", "resource_view_create", **view)
        if situation in CHECKED:
            context = {"user": word("login", "sysadmin")}
            assert call_action("satudata_qa_run", context, resource_id=made["id"], wait=True)["state"] == "done"
        return made["id"]

    def _place(self, situation: str, dataset: str) -> None:
        """Ids and addresses a recipe may ask for; of a thing that is not there, nothing."""
        parts = """
            select r.id as resource, v.id as view, o.id as organization, o.name as office
              from package p join resource r on r.package_id = p.id
              left join resource_view v on v.resource_id = r.id
              join "group" o on o.id = p.owner_org
             where p.id = :id order by r.state, v.view_type = 'text_view' desc, v.title like 'kenari%' desc limit 1"""
        queries = {
            "note": "select n.id from satudata_note n join satudata_case c on c.id = n.case_id"
            " where c.subject_id = :id",
            "evidence": "select e.id from satudata_evidence e join satudata_case c on c.id = e.case_id"
            " where c.subject_id = :id",
            "event": "select e.id from satudata_event e join satudata_case c on c.id = e.case_id"
            " where c.subject_id = :id",
            "activity": "select id from activity where object_id = :id and activity_type = 'changed package'",
            "datatable": "select v.id from resource_view v join resource r on r.id = v.resource_id"
            " where r.package_id = :id and r.state = 'active' and v.view_type = 'datatables_view'",
            "owner": "select dataset_id from satudata_copy where copy_id = :id",
        }
        model.Session.remove()
        row = model.Session.execute(sa.text(parts), {"id": dataset}).mappings().first()
        place = {key: value for key, value in dict(row or {}).items() if value}
        for key, query in queries.items():
            found = model.Session.execute(sa.text(query + " limit 1"), {"id": dataset}).scalar()
            if found:
                place[key] = found
        package = model.Package.get(dataset)
        assert package is not None
        place |= {"id": dataset, "name": package.name, "situation": situation}
        place |= {kind: word(kind, situation) for kind in ("title", "tag", "filename")}
        # what a decision took away keeps its old address
        self.places[situation] = {**self.places.get(situation, {}), **place}

    # -- to each situation ---------------------------------------------------------------------------------------------

    def decide(self, role: str, dataset: str, transition: str, **more: Any) -> None:
        """A decision on what is there now."""
        case = self.do("sysadmin", "satudata_case_show", id=dataset)
        seen = {"expected": case["expected"], "content_hash": case["content_hash"]}
        self.do(role, "satudata_transition", id=dataset, transition=transition, **{**seen, **more})

    def _evidence(self, role: str, dataset: str, name: str, content: str) -> None:
        upload = FileStorage(io.BytesIO(PDF.format(content).encode()), f"{name}.pdf", content_type="application/pdf")
        self.do(role, "satudata_evidence_create", id=dataset, kind="lainnya", upload=upload)

    def _reviewed(self, dataset: str, situation: str, transition: str = "pass", **more: Any) -> None:
        """Handed in; the walidata decides with words and a file."""
        self.decide("editor", dataset, "submit")
        self._evidence("walidata", dataset, word("proof", situation), word("proofbyte", situation))
        if transition != "pass":
            self.do("walidata", "satudata_note_create", id=dataset, text=word("note", situation))
            more["reason_code"] = "isi_data"
        self.decide("walidata", dataset, transition, note=word("reason", situation), **more)

    def _verified(self, dataset: str, situation: str) -> None:
        self._reviewed(dataset, situation)
        self.decide("pembina", dataset, "pass")

    def _published(self, dataset: str, situation: str) -> None:
        self._verified(dataset, situation)
        self.decide("walidata", dataset, "publish")

    def _to_first(self, dataset: str, situation: str = "first") -> None:
        self.decide("editor", dataset, "submit")
        self.do("walidata", "satudata_note_create", id=dataset, text=word("pending", situation))
        self._evidence("walidata", dataset, word("waiting", situation), word("waitingbyte", situation))

    def _to_second(self, dataset: str) -> None:
        self._reviewed(dataset, "second")

    def _to_revision(self, dataset: str) -> None:
        self._reviewed(dataset, "revision", "return")

    def _to_rejected(self, dataset: str) -> None:
        self._reviewed(dataset, "rejected", "reject")

    def _to_verified(self, dataset: str) -> None:
        self._verified(dataset, "verified")

    def _to_scheduled(self, dataset: str) -> None:
        self._verified(dataset, "scheduled")
        self.decide("walidata", dataset, "schedule", at=(now() + timedelta(days=2)).isoformat())

    def _to_published(self, dataset: str) -> None:
        self._published(dataset, "published")

    def _to_limited(self, dataset: str) -> None:
        self._published(dataset, "limited")
        # as a file that was fetched from another website keeps where it came from
        with guard.passing(dataset):
            origin = {"id": dataset, "url": f"https://situs.example/{word('origin', 'limited')}.csv"}
            model.Session.execute(sa.text(ORIGIN), origin)
            model.Session.execute(sa.text(LATER), origin)
        model.Session.commit()
        search.rebuild(dataset)

    def _to_closed(self, dataset: str) -> None:
        self._published(dataset, "closed")

    def _to_observed(self, dataset: str) -> None:
        self.do("editor", "package_patch", id=dataset, url="https://contoh.go.id")

    def _to_archived(self, dataset: str) -> None:
        self._published(dataset, "archived")
        why = {"reason_code": "data_keliru", "note": word("publicreason", "archived")}
        self.decide("walidata", dataset, "unpublish", **why)

    def _to_takendown(self, dataset: str) -> None:
        self._published(dataset, "takendown")
        self._place("takendown", dataset)  # the file's id, while it has one
        why = {"reason_code": "data_pribadi", "note": word("reason", "takendown")}
        self.decide("walidata", dataset, "takedown", **why)

    def _to_deleted(self, dataset: str) -> None:
        self._place("deleted", dataset)
        self.do("editor", "package_delete", id=dataset)

    def _to_adopted(self, dataset: str) -> None:
        self.do("editor", "package_patch", id=dataset, url="https://contoh.go.id")
        with guard.passing(dataset):
            model.Session.execute(sa.text(OPEN), {"id": dataset})
            model.Session.execute(sa.text(CASE), {"id": dataset, "state": "published", "approved": True})
        model.Session.commit()
        search.rebuild(dataset)
        self.do("editor", "package_patch", id=dataset, version="2")

    def _to_copied(self, dataset: str) -> None:
        self._published(dataset, "copied")
        rows.load_due()
        model.Session.remove()
        copy = self.do("editor", "satudata_copy_create", id=dataset)["id"]
        shown = self.do("editor", "package_show", id=copy)
        for resource in shown["resources"]:
            self.do("editor", "resource_delete", id=resource["id"])
        changed = {"title": word("title", "copy"), "notes": word("notes", "copy")}
        tags = [{"name": word("tag", "copy")}]
        self.do("editor", "package_patch", id=copy, **changed, sds_definisi=word("field", "copy"), tags=tags)
        self.known.learn("id", "copy", copy)
        self.known.learn("name", "copy", shown["name"])
        self._file("copy", copy)
        self._to_first(copy, "copy")
        self._place("copy", copy)

    def _left_from_before(self) -> None:
        """Everybody follows every dataset, and some are tied to the published one: from when they were public, say."""
        published = self.places["published"]["id"]
        for place in self.places.values():
            with guard.passing(place["id"]):
                for user in self.ids.values():
                    model.Session.add(model.UserFollowingDataset(user, place["id"]))
                if place["situation"] in TIED:
                    tie = model.PackageRelationship(type="depends_on")
                    tie.subject_package_id, tie.object_package_id = published, place["id"]
                    model.Session.add(tie)
        model.Session.commit()

    def _rows_of_old(self) -> None:
        """Rows in the DataStore as they may be left from the time before the plugin: other cells than the file's."""
        for situation, place in self.places.items():
            if situation in ("published", "copied", "takendown", "limited", "closed") or "resource" not in place:
                continue
            with TemporaryDirectory() as folder:
                source = Path(folder) / "rows.csv"
                source.write_text(f"Kecamatan,Jumlah\n{word('cell', situation)},1474\n")
                columns = [{"id": name, "kolom": name, "type": "text"} for name in ("Kecamatan", "Jumlah")]
                datastore.load(place["resource"], columns, source)


def _answer(found: Any, asked: str) -> Answer:
    model.Session.rollback()
    headers = {key: value for key, value in found.headers.items() if key.lower() != "set-cookie"}
    return Answer(found.status_code, _read(found.get_data()), headers, asked)


def _read(body: bytes) -> str:
    """What the body says; of a workbook, which is packed, what its sheets say."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with ZipFile(io.BytesIO(body)) as inside:
        return "\n".join(inside.read(name).decode("utf-8", "replace") for name in inside.namelist())


@contextmanager
def settings() -> Iterator[None]:
    """The rulebook of the matrix, and collaborators."""
    with pytest.MonkeyPatch.context() as patch:
        for key, value in SETTINGS.items():
            patch.setitem(tk.config, key, value)
        yield
