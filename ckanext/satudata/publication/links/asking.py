"""Which files are links, and which of them are to be fetched: written down in the transaction that made them links.

A hook of CKAN only remembers the dataset; the look at its files happens right before the commit, in the same
transaction, as that of the checks does (CKAN 2.11 tells of a change sometimes before the file is written).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import nudge
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.publication import files, guard, indexing
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.copies.periods import PERIOD
from ckanext.satudata.publication.links import jobs
from ckanext.satudata.publication.links.model import link

WATCHED = "satudata_links_watched"
OPEN = ("waiting", "fetching")
# Beyond so many at once (a harvest) the clock sends the work, a few each minute: people at work go first.
MANY = 50

ORIGIN = "tautan_asal"  # where a file was fetched from
MARK = "tautan_luar"  # a link that stays one
UNGUARANTEED = "tidak_dijamin"


def watch(dataset_id: str, user_id: str | None) -> None:
    """Look at the files of this dataset when the current transaction commits; ``user_id``: who changed it."""
    model.Session().info.setdefault(WATCHED, {})[dataset_id] = user_id


def is_link(resource: Mapping[str, Any]) -> bool:
    """Whether the file of a resource lies elsewhere (``url_type`` empty; ``datastore`` and the like do not)."""
    return not resource["url_type"] and bool(resource["url"])


def row_of(resource_id: str) -> Any:
    """What is known of a link; ``None`` for a file that never was one."""
    return model.Session.execute(sa.select(link).where(link.c.resource_id == resource_id)).first()


def ask(resource_id: str, dataset_id: str, url: str, user_id: str | None, *, urgent: bool = False) -> None:
    """Let a job fetch what lies at ``url``. The caller commits."""
    many = sa.select(sa.func.count()).select_from(link).where(link.c.state.in_(OPEN))
    at_once = urgent or (model.Session.execute(many).scalar() or 0) < MANY
    values: dict[str, Any] = {
        "dataset_id": dataset_id,
        "url": url,
        "state": "waiting",
        "code": None,
        "detail": None,
        "asked_by": user_id,
        "asked": now(),
        "nudged": now() if at_once else None,
        "attempts": 0,
        "started": None,
        "finished": None,
    }
    statement = insert(link).values(resource_id=resource_id, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=values))
    if at_once:
        nudge.after_commit(jobs.fetch, resource_id, timeout=jobs.timeout(), urgent=urgent)


def resources_of(dataset_id: str) -> list[dict[str, Any]]:
    """The files and links of a dataset as rows; ``extras`` is a dict."""
    table = model.resource_table
    query = sa.select(table).where(table.c["package_id"] == dataset_id, table.c["state"] == "active")
    rows = [{**row} for row in model.Session.execute(query).mappings()]
    return [{**row, "extras": {**(row["extras"] or {})}} for row in rows]


def earlier_links(dataset_id: str) -> frozenset[str]:
    """Files of a working copy that only adds a period and that stand for a public one: those stay as they are."""
    copy = finding.open_copy(dataset_id)
    return frozenset(finding.pairs(dataset_id)) if copy is not None and copy.kind == PERIOD else frozenset()


def _look(session: Any) -> None:
    watched: dict[str, str | None] = session.info.get(WATCHED) or {}
    for dataset_id, user_id in sorted(watched.items()):
        session.flush()
        found = guard.standing(dataset_id)
        if found is not None and found.enforced and not found.frozen and found.state != "deleted":
            earlier = earlier_links(dataset_id)
            for resource in resources_of(dataset_id):
                if resource["id"] not in earlier:
                    _one(dataset_id, resource, user_id)


def _one(dataset_id: str, resource: dict[str, Any], user_id: str | None) -> None:
    known = row_of(resource["id"])
    if is_link(resource):
        # fetched, and yet a link again: somebody has put the address back in the place of the file
        is_new = known is None or known.url != resource["url"] or known.state == "fetched"
        if is_new:
            ask(resource["id"], dataset_id, resource["url"], user_id)
        _without(dataset_id, resource, ORIGIN, *([MARK] if known is not None and is_new else []))
    elif resource["url_type"] == "upload":
        _without(dataset_id, resource, MARK, *([] if _is_from(resource) else [ORIGIN]))


def _is_from(resource: dict[str, Any]) -> bool:
    """Whether these very bytes were fetched from where the file says it is from."""
    origin, stored = resource["extras"].get(ORIGIN), files.facts_of(resource["id"])
    if not origin or stored is None:
        return False
    query = sa.select(link.c.url).where(link.c.sha256 == stored.sha256)
    return origin in set(model.Session.execute(query).scalars())


def _without(dataset_id: str, resource: dict[str, Any], *keys: str) -> None:
    """Take away what is not true of a file any more."""
    kept = {key: value for key, value in resource["extras"].items() if key not in keys}
    if kept == resource["extras"]:
        return
    table = model.resource_table
    model.Session.execute(sa.update(table).where(table.c["id"] == resource["id"]).values(extras=kept))
    # CKAN has indexed the dataset a moment ago, and answers from there while both say the same moment
    package = model.package_table
    later = datetime.now(UTC).replace(tzinfo=None)
    model.Session.execute(sa.update(package).where(package.c["id"] == dataset_id).values(metadata_modified=later))
    indexing.remember(dataset_id)


def _forget(session: Any, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(WATCHED, None)


event.listen(model.Session, "before_commit", _look)
event.listen(model.Session, "after_transaction_end", _forget)
