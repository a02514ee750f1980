"""What a producer changed between two submissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.workflow.model import EventRow
from ckanext.satudata.workflow.standing.cases import Loaded

# Of a resource: told in words of their own, so not repeated among its fields.
FILE_KEYS = frozenset({"sha256", "size"})
DICTIONARY = "kamus_data"
NOT_FIELDS = frozenset({"id", *FILE_KEYS, DICTIONARY})


def between_rounds(loaded: Loaded) -> dict[str, Any]:
    """See :func:`satudata_changes`."""
    query = (
        sa.select(EventRow)
        .where(EventRow.case_id == loaded.row.id, EventRow.transition == "submit", EventRow.snapshot.isnot(None))
        .order_by(EventRow.seq.desc())
        .limit(2)
    )
    found = list(model.Session.execute(query).scalars()) if loaded.stored else []
    last = found[0] if found else None
    before = found[1] if len(found) > 1 else None
    old = before.snapshot if before is not None else None
    new = last.snapshot if last is not None else None
    answer = compare(old or {}, new or {}) if old is not None and new is not None else compare({}, {})
    return {
        "round": last.round if last is not None else None,
        "previous_round": before.round if before is not None else None,
        **answer,
    }


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The differences of two snapshots of a dataset, as ``satudata_changes`` tells them."""
    fields = _fields(old.get("fields", {}), new.get("fields", {}))
    tags = {
        "added": sorted(set(new.get("tags", ())) - set(old.get("tags", ()))),
        "removed": sorted(set(old.get("tags", ())) - set(new.get("tags", ()))),
    }
    before = {resource["id"]: resource for resource in old.get("resources", ())}
    after = {resource["id"]: resource for resource in new.get("resources", ())}
    resources = {
        "added": [_named(after[key]) for key in after if key not in before],
        "removed": [_named(before[key]) for key in before if key not in after],
        "changed": [_resource(before[key], after[key]) for key in after if key in before and before[key] != after[key]],
    }
    count = len(fields) + sum(len(part) for part in [*tags.values(), *resources.values()])
    return {"count": count, "fields": fields, "tags": tags, "resources": resources}


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = [*new, *(name for name in old if name not in new)]
    return [
        {"field": name, "before": old.get(name), "after": new.get(name)}
        for name in names
        if old.get(name) != new.get(name)
    ]


def _named(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": resource["id"], "name": resource.get("name") or resource.get("url") or resource["id"]}


def _resource(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_named(new),
        "file_changed": any(old.get(key) != new.get(key) for key in FILE_KEYS),
        "size_before": old.get("size"),
        "size_after": new.get("size"),
        "dictionary_changed": old.get(DICTIONARY) != new.get(DICTIONARY),
        "fields": [change for change in _fields(old, new) if change["field"] not in NOT_FIELDS],
    }
