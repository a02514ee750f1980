"""A hundred thousand datasets with their cases, made by SQL and by bulk indexing from one real dataset.

Everything else of a dataset (description, file, search document) is that of the template, with its own id, name, title
and organization, so CKAN's own pages have as much to do as in a real catalogue.
"""

from __future__ import annotations

import hashlib
import json
import random
import runpy
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.lib import search
from ckan.lib.search import common
from ckan.lib.search import index as indexing

from dev.kit.paths import ROOT

# One complete description, the tests' own (their package is no part of any path here).
COMPLETE: dict[str, Any] = runpy.run_path(str(ROOT / "tests" / "descriptions.py"))["COMPLETE"]
OFFICES = 50
PEOPLE = ("operator", "reviewer", "officer")
SEED = 7_062_026
TEMPLATE = {"name": "templat-0000000000", "title": "Templat Judul Dataset"}
SUBJECTS = ("Rumah", "Puskesmas", "Sekolah", "Jalan", "Penduduk", "Balita", "Luas Panen", "Pasar", "Perpustakaan")
MEASURES = ("Jumlah", "Persentase", "Panjang", "Luas", "Realisasi", "Produksi", "Indeks", "Banyaknya")
PLACES = ("Kecamatan", "Desa", "Kelurahan", "Jenis Kelamin", "Kelompok Umur", "Tahun", "Kondisi", "Pekerjaan")

# (state, is at the second stage, share of the catalogue)
USUAL = (
    ("published", False, 0.55),
    ("draft", False, 0.10),
    ("in_review", False, 0.20),
    ("in_review", True, 0.05),
    ("revision", False, 0.05),
    ("verified", False, 0.05),
)
ALL_WAITING = (
    ("in_review", False, 0.60),
    ("in_review", True, 0.20),
    ("revision", False, 0.10),
    ("verified", False, 0.10),
)


@dataclass(frozen=True)
class Office:
    """An organization."""

    id: str
    name: str
    title: str


Shares = tuple[tuple[str, bool, float], ...]


def is_filled(wanted: int) -> bool:
    """Whether the rows are there already."""
    query = sa.text("select count(*) from satudata_case")
    return int(model.Session.execute(query).scalar_one()) >= wanted


def is_indexed(wanted: int) -> bool:
    """Whether the search documents are there already."""
    solr: Any = common.make_connection()
    return int(solr.search("*:*", rows=0).hits) >= wanted


def fill(wanted: int, shares: Shares) -> None:
    """Make people, offices, the template, and the rows of ``wanted`` copies of it."""
    admin = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    people = {name: _person(name) for name in PEOPLE}
    for number in range(OFFICES):
        _office(number, admin)
    offices = _offices()
    for who, office in (("reviewer", None), ("officer", offices[0].name)):
        told: dict[str, Any] = {"user": who, "role": "walidata", **({"organization": office} if office else {})}
        tk.get_action("satudata_grant_create")({"user": admin}, told)
    context: Any = {"user": admin}
    template = tk.get_action("package_create")(context, {**COMPLETE, **TEMPLATE, "owner_org": offices[0].id})["id"]
    resource = {"package_id": template, "name": "Tabel", "url": "https://contoh.go.id/tabel.csv", "format": "CSV"}
    tk.get_action("resource_create")({"user": admin}, resource)
    definition = tk.get_action("satudata_case_show")({"user": admin}, {"id": template})["definition"]["id"]
    _keep_definition(definition)
    _write(template, definition, list(_copies(wanted, shares, offices)), people)


def index(wanted: int, shares: Shares) -> None:
    """Put the search documents in, made from the template's own."""
    template = model.Package.get(TEMPLATE["name"])
    assert template is not None
    offices = _offices()
    text = json.dumps(_document(template.id), default=str)
    rows = model.Session.execute(sa.text("select id, metadata_modified from package"))
    moments: dict[str, datetime] = {row.id: row.metadata_modified for row in rows}
    address = f"{config['solr_url'].rstrip('/')}/update?commitWithin=60000"
    batch: list[str] = []
    for number, copy in enumerate(_copies(wanted, shares, offices), 1):
        batch.append(json.dumps(_copied(text, template.id, offices[0], copy, moments[copy.id])))
        if len(batch) == 500 or number == wanted:
            _send(address, f"[{','.join(batch)}]")
            batch.clear()
    _send(f"{config['solr_url'].rstrip('/')}/update?commit=true", "[]")


def _send(address: str, body: str) -> None:
    request = urllib.request.Request(address, body.encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=600).close()


def tokens() -> dict[str, str]:
    """New API tokens of the people, and of the portal's own user."""
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    action: Any = tk.get_action("api_token_create")
    found = {name: action({"ignore_auth": True, "user": site}, {"user": name, "name": "bench"}) for name in PEOPLE}
    found["site"] = action({"ignore_auth": True, "user": site}, {"user": site, "name": "bench"})
    return {name: answer["token"] for name, answer in found.items()}


def _person(name: str) -> str:
    user = model.User(name=name, fullname=name.title(), email=f"{name}@contoh.go.id")
    model.Session.add(user)
    model.Session.commit()
    return str(user.id)


def _office(number: int, admin: str) -> None:
    told = {"name": f"opd-{number:04}", "title": f"Dinas Urusan {number:04}"}
    users = [{"name": "operator", "capacity": "editor"}]
    tk.get_action("organization_create")({"user": admin}, {**told, "users": users})


def _offices() -> list[Office]:
    query = sa.text('select id, name, title from "group" where is_organization order by name')
    return [Office(*row) for row in model.Session.execute(query)]


def _keep_definition(definition_id: str) -> None:
    from ckanext.satudata.workflow.procedures import definitions

    known = {definitions.version_of(text): text for text in map(definitions.source_of, definitions.known())}
    definitions.store(known[definition_id])
    model.Session.commit()


@dataclass(frozen=True)
class Copy:
    """One dataset of the catalogue."""

    id: str
    name: str
    title: str
    office: Office
    state: str
    stage: str | None
    since: datetime
    due: datetime | None
    qa: str
    priority: bool


def _copies(wanted: int, shares: Shares, offices: list[Office]) -> Iterator[Copy]:
    chance = random.Random(SEED)
    now = datetime.now(UTC)
    first, second = "pemeriksaan", "pembina"
    stages = _stages()
    first, second = stages[0], stages[1] if len(stages) > 1 else stages[0]
    for number in range(wanted):
        state, later, _ = chance.choices(shares, [share for *_, share in shares])[0]
        since = now - timedelta(minutes=chance.randrange(60 * 24 * 40))
        waiting = state in ("in_review", "verified", "revision")
        yield Copy(
            id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            name=f"dataset-{number:010}",
            title=f"{chance.choice(MEASURES)} {chance.choice(SUBJECTS)} Menurut {chance.choice(PLACES)} {number}",
            office=chance.choice(offices),
            state=state,
            stage=(second if later else first) if state in ("in_review", "revision") else None,
            since=since,
            due=since + timedelta(days=chance.choice((7, 14, 30))) if waiting else None,
            qa=chance.choices(("passed", "warnings", "errors", "none"), (70, 15, 5, 10))[0],
            priority=chance.random() < 0.1,
        )


def _stages() -> list[str]:
    from ckanext.satudata.workflow.procedures import definitions

    return [stage.key for stage in definitions.current().stages if not stage.relay]


def _write(template: str, definition: str, copies: list[Copy], people: dict[str, str]) -> None:
    """Rows of CKAN and of the workflow; the triggers run as always, the write guard is given its pass."""
    session = model.Session
    session.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    session.execute(
        sa.text(
            "create temp table copies (id text, name text, title text, office text, state text, stage text,"
            " since timestamptz, due timestamptz, qa text, priority boolean, number bigint) on commit drop"
        )
    )
    rows = [
        {
            **{name: getattr(copy, name) for name in ("id", "name", "title", "state", "stage", "since", "due", "qa")},
            "office": copy.office.id,
            "priority": copy.priority,
            "number": number,
        }
        for number, copy in enumerate(copies)
    ]
    names = ("id", "name", "title", "office", "state", "stage", "since", "due", "qa", "priority", "number")
    insert = sa.text(f"insert into copies values ({', '.join(f':{name}' for name in names)})")
    for begin in range(0, len(rows), 5000):
        session.execute(insert, rows[begin : begin + 5000])
    known = {"template": template, "definition": definition, **people}
    changed = {
        "package": ("id", "name", "title", "owner_org", "private", "metadata_created", "metadata_modified"),
        "resource": ("id", "package_id"),
    }
    values = {
        "package": "c.id, c.name, c.title, c.office, c.state <> 'published',"
        " c.since at time zone 'utc', c.since at time zone 'utc'",
        "resource": "md5(c.id)::uuid::text, c.id",
    }
    where = {"package": "t.id = :template", "resource": "t.package_id = :template"}
    for table, own in changed.items():
        rest = [name for name in _columns(table) if name not in own]
        session.execute(
            sa.text(
                f"insert into {table} ({', '.join([*own, *rest])})"
                f" select {values[table]}, {', '.join(f't.{name}' for name in rest)}"
                f" from copies c cross join {table} t where {where[table]}"
            ),
            known,
        )
    if "package_extra" in sa.inspect(session.connection()).get_table_names():
        session.execute(
            sa.text(
                "insert into package_extra (id, package_id, key, value, state) select md5(c.id || t.key)::uuid::text,"
                " c.id, t.key, t.value, t.state from copies c join package_extra t on t.package_id = :template"
            ),
            known,
        )
    session.execute(sa.text(CASES), known)
    session.execute(sa.text(AUTHORS), known)
    session.execute(sa.text(EVENTS), known)
    session.commit()
    with model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("vacuum analyze"))


def _columns(table: str) -> list[str]:
    query = "select column_name from information_schema.columns where table_name = :name and table_schema = 'public'"
    return list(model.Session.execute(sa.text(f"{query} and is_generated = 'NEVER'"), {"name": table}).scalars())


CASES = """
insert into satudata_case (subject_type, subject_id, state, stage, round, definition_id, organization_id, title,
  present, facts, approved, basis, content_hash, since, due, created, qa_result, qa)
select 'dataset', c.id, c.state, c.stage, case c.state when 'draft' then 0 else 1 end,
  case c.state when 'draft' then null else :definition end, c.office, c.title, true,
  jsonb_build_object('data_prioritas', c.priority), c.state = 'published', 'workflow', md5(c.id), c.since, c.due,
  c.since, c.qa, jsonb_build_object('state', case c.qa when 'none' then 'none' else 'done' end,
    'errors', case c.qa when 'errors' then 3 else 0 end, 'warnings', case c.qa when 'warnings' then 2 else 0 end,
    'questions', 0, 'score', case c.qa when 'none' then null else 94 end)
from copies c
on conflict (subject_type, subject_id) do nothing
"""
AUTHORS = """
insert into satudata_author (case_id, round, user_id, since)
select s.id, 1, :operator, c.since from copies c join satudata_case s on s.subject_id = c.id
"""
EVENTS = """
insert into satudata_event (id, case_id, subject_type, subject_id, transition, from_state, to_state, to_stage,
  round, actor_id, actor_role, channel, definition_id, content_hash, created)
select md5(s.id)::uuid::text, s.id, 'dataset', c.id, 'submit', 'draft', 'in_review', coalesce(c.stage, ''), 1,
  :operator, 'produsen_data', 'page', :definition, md5(c.id), c.since
from copies c join satudata_case s on s.subject_id = c.id where c.state <> 'draft'
"""


def _document(template: str) -> dict[str, Any]:
    """What CKAN would send to the index for the template."""
    sent: list[dict[str, Any]] = []

    class Listening:
        def add(self, docs: list[dict[str, Any]], commit: bool = False) -> None:  # noqa: ARG002
            sent.extend(docs)

    original = indexing.make_connection
    indexing.make_connection = Listening  # pyright: ignore[reportAttributeAccessIssue]
    try:
        search.rebuild(template)
    finally:
        indexing.make_connection = original
    return sent[0]


def _copied(text: str, template: str, home: Office, copy: Copy, modified: datetime) -> dict[str, Any]:
    for old, new in (
        (template, copy.id),
        (TEMPLATE["name"], copy.name),
        (TEMPLATE["title"], copy.title),
        (home.id, copy.office.id),
        (home.name, copy.office.name),
        (home.title, copy.office.title),
    ):
        text = text.replace(old, new)
    document: dict[str, Any] = json.loads(text)
    document["index_id"] = f"{copy.id}-{config['ckan.site_id']}"
    # CKAN answers package_show from the index only where it knows the row's own moment.
    moment = f"{modified:%Y-%m-%dT%H:%M:%S.%f}"
    document["metadata_modified"] = document["metadata_created"] = f"{moment}Z"
    own = {"metadata_created": moment, "metadata_modified": moment, "private": copy.state != "published"}
    for name in ("data_dict", "validated_data_dict"):
        dataset = {**json.loads(document[name]), **own}
        for resource in dataset["resources"]:
            resource["id"] = _resource_of(copy)
        document[name] = json.dumps(dataset)
    if copy.state == "published":
        document["capacity"], document["permission_labels"] = "public", ["public"]
        document["private"] = False
    else:
        document["permission_labels"] = [f"member-{copy.office.id}", *_reviewers(copy)]
    return document


def _resource_of(copy: Copy) -> str:
    """The id that :func:`_write` gave to its file."""
    return str(uuid.UUID(hashlib.md5(copy.id.encode()).hexdigest()))


def _reviewers(copy: Copy) -> list[str]:
    """The labels of those who review it where it stands."""
    from ckanext.satudata.bridge import reviewing
    from ckanext.satudata.core.workflow.reading import readers
    from ckanext.satudata.workflow.procedures import definitions

    round_ = 0 if copy.state == "draft" else 1
    found = readers(definitions.current(), copy.state, copy.stage, round_)
    return reviewing.labels_of(sorted(found), copy.office.id)
