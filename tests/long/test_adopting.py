"""A catalogue of a hundred thousand datasets is taken over in minutes, and again in less."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.satudata.publication.adopting import taking
from tests.descriptions import COMPLETE

DATASETS = 100_000
OFFICES = 20
HELD_BACK = 50
MINUTES = 10
FIELDS = """
select column_name from information_schema.columns
 where table_name = :table and table_schema = 'public' and is_generated = 'NEVER' and column_name <> all(:own)
"""
PACKAGES = """
insert into package (id, name, title, owner_org, private, state, {rest})
select 'd' || lpad(n::text, 10, '0'), 'data-' || n, 'Jumlah Puskesmas ' || n, o.id, n % 10 = 0, 'active', {rest_of_t}
  from generate_series(1, :datasets) n
  join (select id, row_number() over (order by name) - 1 as place from "group" where is_organization) o
    on o.place = n % :offices
 cross join package t where t.id = :template
"""
EXTRAS = """
insert into package_extra (id, package_id, key, value, state)
select md5('d' || lpad(n::text, 10, '0') || t.key), 'd' || lpad(n::text, 10, '0'), t.key, t.value, t.state
  from generate_series(1, :datasets) n cross join package_extra t where t.package_id = :template
"""
RESOURCES = """
insert into resource (id, package_id, {rest})
select 'r' || lpad(n::text, 10, '0'), 'd' || lpad(n::text, 10, '0'), {rest_of_t}
  from generate_series(1, :datasets) n cross join resource t where t.package_id = :template
"""
CASES = """
insert into satudata_case (subject_type, subject_id, state, approved, basis, organization_id, title)
select 'dataset', id, case when private then 'draft' else 'published' end, not private,
       case when private then 'workflow' else 'adopted' end, owner_org, title from package
on conflict (subject_type, subject_id) do nothing
"""
LEFT = (
    "insert into package_extra (id, package_id, key, value, state)"
    " select md5(id), id, 'publishing_status', 'in_review', 'active' from package"
    " where not private and name like 'data-%' order by id limit :held_back"
    if hasattr(model, "PackageExtra")
    else "update package set extras = coalesce(extras, '{}') || '{\"publishing_status\": \"in_review\"}'"
    " where id in (select id from package where not private and name like 'data-%' order by id limit :held_back)"
)


def _fill() -> None:
    """The rows of a portal that had its datasets before the plugin."""
    offices = [factories.Organization(name=f"opd-{number:03}") for number in range(OFFICES)]
    template = factories.Dataset(**{**COMPLETE, "name": "templat", "owner_org": offices[0]["id"]})["id"]
    factories.Resource(package_id=template, url="https://contoh.go.id/tabel.csv", format="CSV")
    model.Session.remove()
    known = {"datasets": DATASETS, "offices": OFFICES, "template": template}
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("select set_config('satudata.pass', '*', true)"))
        for statement, table, own in (
            (PACKAGES, "package", ["id", "name", "title", "owner_org", "private", "state"]),
            (RESOURCES, "resource", ["id", "package_id"]),
        ):
            fields = list(connection.execute(sa.text(FIELDS), {"table": table, "own": own}).scalars())
            rest, of_template = ", ".join(fields), ", ".join(f"t.{name}" for name in fields)
            connection.execute(sa.text(statement.format(rest=rest, rest_of_t=of_template)), known)
        if hasattr(model, "PackageExtra"):
            connection.execute(sa.text(EXTRAS), known)
        connection.execute(sa.text(LEFT), {"held_back": HELD_BACK})
        connection.execute(sa.text(CASES))
    with model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("vacuum analyze"))


def _adopt(folder: Path) -> tuple[float, dict[str, int]]:
    begin = time.monotonic()
    accounts = list(taking.adopt(None, apply=True, folder=folder, language="id", told=lambda _text: None))
    counts = {key: sum(one.outcomes[key] for one in accounts) for key in taking.OUTCOMES}
    return time.monotonic() - begin, counts


def test_a_hundred_thousand_datasets_in_minutes(clean_portal: None, tmp_path: Path, capsys: Any) -> None:  # noqa: ARG001
    _fill()
    seconds, counts = _adopt(tmp_path)
    again, after = _adopt(tmp_path)
    with capsys.disabled():
        print(f"\nadopted {sum(counts.values())} datasets in {seconds:.0f} s, again in {again:.0f} s: {counts}")
    assert counts["held_back"] == HELD_BACK
    assert sum(counts.values()) == DATASETS + 1
    assert after == {**counts, "held_back": 0, "hidden": counts["hidden"] + HELD_BACK}
    assert len(list(tmp_path.glob("*.csv"))) == OFFICES
    assert seconds < MINUTES * 60
