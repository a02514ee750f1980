"""The judged table of each published file, in the DataStore and as CSV.

Nothing but what was judged becomes public: the rows are those the check wrote (``satudata_qa_files``), typed by the
data dictionary, never a second reading of the file. They are loaded after the publication is committed, from a row in
``satudata_rows``: until then there is no table, and then there is the whole one, because table, columns, rows and
freeze are one transaction in the DataStore. A crash in between is mended by the tick, which loads again.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import psycopg2
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.publication import datastore, files, guard, indexing
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.model import rows

log = logging.getLogger(__name__)

RETRY_MINUTES = (1, 2, 5, 15, 60)
HAS_VIEW = sa.text("select 1 from resource_view where resource_id = :id limit 1")


def expect(dataset_id: str) -> None:
    """Queue every uploaded file of a dataset, in the transaction of its publication; what was in the DataStore goes.

    Rows that came there in another way (before the plugin, or while only observed) were never judged.
    """
    for resource in _resources(dataset_id):
        if p.plugin_loaded("datastore"):
            datastore.drop(resource["id"])
        _mark_active(resource, active=False)
        blob = files.facts_of(resource["id"]) if resource["url_type"] == "upload" else None
        if blob is not None:
            queue(resource["id"], dataset_id, blob.sha256)


def queue(resource_id: str, dataset_id: str, sha256: str) -> None:
    """Queue the judged table of one file, whatever was known of it before; the caller commits."""
    now = datetime.now(UTC)
    values = {
        "dataset_id": dataset_id,
        "sha256": sha256,
        "state": "pending",
        "attempts": 0,
        "next_try": now,
        "error": None,
        "count": None,
        "csv": None,
        "changed": now,
    }
    _write(resource_id, values)


def _write(resource_id: str, values: dict[str, Any]) -> None:
    statement = insert(rows).values(resource_id=resource_id, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=values))


def make_now(resource_id: str, dataset_id: str, sha256: str) -> bool:
    """Make the judged table of a file of a working copy, unless it is there; ``False`` when there is none to be made.

    In the caller's transaction, which is not committed; the table itself in one of the DataStore.
    """
    query = sa.select(rows.c.sha256, rows.c.state).where(rows.c.resource_id == resource_id)
    found = model.Session.execute(query).first()
    if found is not None and found.state == "loaded" and found.sha256 == sha256:
        return True
    table = tk.get_action("satudata_qa_files")({"ignore_auth": True}, {"resource_id": resource_id})
    if table.get("sha256") != sha256:
        return False
    count = _store(resource_id, table)
    queue(resource_id, dataset_id, sha256)
    _settle(resource_id, commit=False, state="loaded", count=count, csv=_keep(Path(table["csv"])))
    return True


def take_over(source_id: str, target_id: str, dataset_id: str, sha256: str | None, has_table: bool) -> None:
    """A public file gets the table of a working copy's; without one it is queued, so that it is tried again."""
    found = model.Session.execute(sa.select(rows).where(rows.c.resource_id == source_id)).mappings().first()
    model.Session.execute(sa.delete(rows).where(rows.c.resource_id == source_id))
    if sha256 is None:
        forget(target_id)
    elif found is not None and has_table:
        kept = {key: value for key, value in found.items() if key != "resource_id"}
        _write(target_id, {**kept, "dataset_id": dataset_id})
    else:
        queue(target_id, dataset_id, sha256)


def forget(resource_id: str) -> None:
    """A file has no table any more; the caller commits."""
    model.Session.execute(sa.delete(rows).where(rows.c.resource_id == resource_id))


def offer_views(dataset_id: str) -> None:
    """Give every file with a table the views CKAN would give it; those that are there stay. Commits."""
    for resource in _resources(dataset_id):
        if not model.Session.execute(HAS_VIEW, {"id": resource["id"]}).scalar():
            _views(dataset_id, resource["id"])


def load_due(dataset_id: str | None = None) -> int:
    """Load what is pending and due (of one dataset, or of all); return how many tables were loaded."""
    query = sa.select(rows.c.resource_id).where(rows.c.state == "pending", rows.c.next_try <= datetime.now(UTC))
    if dataset_id is not None:
        query = query.where(rows.c.dataset_id == dataset_id)
    due = list(model.Session.execute(query.order_by(rows.c.changed)).scalars())
    model.Session.rollback()  # no transaction stays open while rows are copied
    return sum(_load(resource_id) for resource_id in due)


def table_file(resource_id: str) -> Path | None:
    """The checked table of a resource as CSV, ``None`` while there is none."""
    query = sa.select(rows.c.csv).where(rows.c.resource_id == resource_id, rows.c.state == "loaded")
    name = model.Session.execute(query).scalar()
    path = _folder() / name if name else None
    return path if path is not None and path.is_file() else None


def _load(resource_id: str) -> bool:
    found = guard.standing_of_resource(resource_id)
    copy = finding.open_copy(found.id) if found is not None else None
    asked = _asked(resource_id)
    if found is None or not (found.approved or copy is not None):
        _settle(resource_id, state="none", error="the dataset is not published")
        return False
    try:
        table = tk.get_action("satudata_qa_files")({"ignore_auth": True}, {"resource_id": resource_id})
        if not _belongs(resource_id, table):
            # the file is no table, or its check has to be done again first
            _retry(resource_id, "there is no judged table yet")
            return False
        count = _store(resource_id, table, lambda: _asked(resource_id) == asked)
    except datastore.TableBusyError:
        return False
    except (SQLAlchemyError, psycopg2.Error, OSError, tk.ValidationError) as error:
        log.exception("the table of resource %s could not be loaded", resource_id)
        model.Session.rollback()
        _retry(resource_id, f"{type(error).__name__}: {error}"[:500])
        return False
    if not _finish(found, resource_id, Path(table["csv"]), count, asked):
        return False
    if copy is None:  # the views of a copy are judged with it
        _views(found.id, resource_id)
    return True


def _belongs(resource_id: str, table: dict[str, Any]) -> bool:
    """Whether this is the judged table of the very bytes that were approved."""
    expected = model.Session.execute(sa.select(rows.c.sha256).where(rows.c.resource_id == resource_id)).scalar()
    model.Session.rollback()
    return table.get("sha256") == expected


def _store(resource_id: str, table: dict[str, Any], still: Callable[[], bool] | None = None) -> int:
    if not p.plugin_loaded("datastore"):
        return int(table["count"])
    return datastore.load(resource_id, table["columns"], Path(table["rows"]), still)


def _asked(resource_id: str) -> datetime | None:
    """Which content is asked for, by the moment it was queued; as everybody else sees it."""
    with model.ensure_engine().connect() as connection:
        return connection.execute(sa.select(rows.c.changed).where(rows.c.resource_id == resource_id)).scalar()


def _finish(found: guard.Standing, resource_id: str, csv: Path, count: int, asked: datetime | None) -> bool:
    """Offer the table: the CSV beside the storage, the flag on the resource, the index.

    ``False`` when another content was queued meanwhile, or the file became public in another way: its turn comes.
    """
    name = _keep(csv)
    with guard.passing(found.id):
        same = sa.update(rows).where(rows.c.resource_id == resource_id, rows.c.changed == asked)
        values = {"state": "loaded", "error": None, "count": count, "csv": name, "changed": datetime.now(UTC)}
        if not model.Session.execute(same.values(**values)).rowcount:  # pyright: ignore[reportAttributeAccessIssue]
            model.Session.rollback()
            return False
        for resource in _resources(found.id):
            if resource["id"] == resource_id:
                _mark_active(resource, active=p.plugin_loaded("datastore"))
    model.Session.commit()
    indexing.replace_entry(found.id)
    return True


def _views(dataset_id: str, resource_id: str) -> None:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    fresh: Any = {"ignore_auth": True, "user": site, "use_cache": False}
    dataset = tk.get_action("package_show")(fresh, {"id": dataset_id})
    resource = next((item for item in dataset["resources"] if item["id"] == resource_id), None)
    if resource is None or not resource.get("datastore_active"):
        return
    with guard.passing(dataset_id):
        tk.get_action("resource_create_default_resource_views")(
            {"ignore_auth": True, "user": site},
            {"resource": resource, "package": dataset, "create_datastore_views": True},
        )
    model.Session.commit()


def _resources(dataset_id: str) -> list[Any]:
    table = model.resource_table
    query = sa.select(table).where(table.c["package_id"] == dataset_id, table.c["state"] == "active")
    return list(model.Session.execute(query).mappings())


def _mark_active(resource: Any, *, active: bool) -> None:
    extras = dict(resource["extras"] or {})
    if bool(extras.get("datastore_active")) == active:
        return
    extras["datastore_active"] = active
    table = model.resource_table
    model.Session.execute(sa.update(table).where(table.c["id"] == resource["id"]).values(extras=extras))


def _keep(csv: Path) -> str:
    """Copy the CSV to its place under a name of its own; whoever is downloading an earlier one keeps it."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{uuid4()}.csv"
    shutil.copyfile(csv, folder / f".{name}")
    (folder / f".{name}").replace(folder / name)
    return name


def _folder() -> Path:
    return Path(tk.config["ckan.storage_path"]) / "satudata" / "tables"


def _retry(resource_id: str, error: str) -> None:
    attempts = model.Session.execute(sa.select(rows.c.attempts).where(rows.c.resource_id == resource_id)).scalar() or 0
    wait = RETRY_MINUTES[min(attempts, len(RETRY_MINUTES) - 1)]
    state = "pending" if attempts < 2 * len(RETRY_MINUTES) else "failed"
    next_try = datetime.now(UTC) + timedelta(minutes=wait)
    _settle(resource_id, state=state, error=error, attempts=attempts + 1, next_try=next_try)


def _settle(resource_id: str, *, commit: bool = True, **values: Any) -> None:
    statement = sa.update(rows).where(rows.c.resource_id == resource_id)
    model.Session.execute(statement.values(changed=datetime.now(UTC), **values))
    if commit:
        model.Session.commit()
