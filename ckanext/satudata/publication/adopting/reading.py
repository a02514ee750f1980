"""The rows of a catalogue, office by office and in batches; nothing is read through ``package_show``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication import guard
from ckanext.satudata.publication.adopting.left import Left, left_in

BATCH = 1000
# CKAN 2.11 keeps extras as rows, 2.12 as a JSON column.
EXTRAS = (
    "(select json_object_agg(e.key, e.value) from package_extra e where e.package_id = p.id and e.state = 'active')"
    if hasattr(model, "PackageExtra")
    else "p.extras"
)
# Columns of `package` that the form asks for; the other fields are extras.
COLUMNS = ("name", "title", "notes", "url", "version", "author", "author_email", "maintainer", "maintainer_email")
ROWS = f"""
select p.id, {", ".join(f"p.{column}" for column in COLUMNS)}, p.license_id, p.owner_org,
       coalesce(p.type, 'dataset') as type, p.private is not true and p.state = 'active' as public,
       {EXTRAS} as extras,
       (select json_agg(t.name) from package_tag l join tag t on t.id = l.tag_id
         where l.package_id = p.id and l.state = 'active') as tags,
       (select json_agg(json_build_object('id', r.id, 'name', r.name, 'url', r.url, 'url_type', r.url_type,
               'extras', r.extras) order by r.position, r.id)
          from resource r where r.package_id = p.id and r.state = 'active') as resources,
       c.state as case_state, c.basis, coalesce(e.mode, 'enforce') as mode,
       exists (select 1 from satudata_publication o where o.dataset_id = p.id) as published_here
  from package p
  left join satudata_case c on c.subject_type = 'dataset' and c.subject_id = p.id
  left join satudata_enforcement e on e.organization_id = p.owner_org
 where p.state <> 'deleted' and coalesce(p.type, 'dataset') <> all(:exempt)
   and not exists (select 1 from satudata_copy k where k.copy_id = p.id)
   and coalesce(p.owner_org, '') = :office and p.id > :after
 order by p.id limit :size
"""
OFFICES = """
select '' as id, '' as name, '' as title
 where exists (select 1 from package where coalesce(owner_org, '') = '' and state <> 'deleted')
union all
select id, name, coalesce(nullif(title, ''), name) from "group" where is_organization order by 3, 2
"""


@dataclass(frozen=True, slots=True)
class Office:
    """An organization; ``id`` and ``name`` are empty for datasets that have none."""

    id: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A dataset as it is stored. ``values``: fields as the form knows them; ``case_state``: ``None`` without a case.

    ``published_here``: our workflow has published it at least once, so what another extension left counts no more.
    """

    id: str
    name: str
    title: str
    type: str
    public: bool
    values: Mapping[str, Any]
    resources: tuple[Mapping[str, Any], ...]
    left: tuple[Left, ...]
    case_state: str | None
    basis: str | None
    mode: str
    published_here: bool


def offices(only: str | None) -> list[Office]:
    """Every organization by title, those without datasets too; or only the one of this id or name."""
    found = [Office(*row) for row in model.Session.execute(sa.text(OFFICES))]
    return [office for office in found if only is None or only in (office.id, office.name)]


def batches(office: Office, size: int = BATCH) -> Iterator[list[Row]]:
    """The datasets of an office in the order of their ids; whoever writes may commit between two batches."""
    after = ""
    while True:
        wanted = {"office": office.id, "after": after, "size": size, "exempt": list(guard.exempt_types())}
        rows = [_row(found) for found in model.Session.execute(sa.text(ROWS), wanted).mappings()]
        if not rows:
            return
        after = rows[-1].id
        yield rows


def _row(found: Any) -> Row:
    extras = _json(found["extras"]) or {}
    values = {**extras, **{column: found[column] for column in (*COLUMNS, "license_id", "owner_org", "type")}}
    values["tags"] = [{"name": name} for name in _json(found["tags"]) or ()]
    return Row(
        id=found["id"],
        name=found["name"],
        title=found["title"] or found["name"],
        type=found["type"],
        public=found["public"],
        values=values,
        resources=tuple(_resource(one) for one in _json(found["resources"]) or ()),
        left=left_in(extras),
        case_state=found["case_state"],
        basis=found["basis"],
        mode=found["mode"],
        published_here=found["published_here"],
    )


def _resource(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**(_json(found["extras"]) or {}), **{key: found[key] for key in ("id", "name", "url", "url_type")}}


def _json(value: Any) -> Any:
    # Whether the driver reads JSON by itself differs between the versions of SQLAlchemy, and 2.11 stores text.
    return json.loads(value) if isinstance(value, str) and value else value
