"""Earlier approved versions of a dataset, as far as they concern a takedown and the sweeping of files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

# By its raw name: the table belongs to the working copies.
OF_DATASET = sa.text("select number, snapshot, blobs from satudata_version where dataset_id = :id order by number")
WRITE = sa.text(
    "update satudata_version set snapshot = cast(:snapshot as jsonb), blobs = cast(:blobs as jsonb)"
    " where dataset_id = :id and number = :number"
)
FORGET = sa.text(
    "update satudata_version set snapshot = null, blobs = '{}', note = null where dataset_id = :id and number = :number"
)


def blobs_of_dataset(dataset_id: str) -> list[str]:
    """Ids of all blobs that some version of a dataset holds."""
    return sorted({blob_id for _, _, blobs in _of(dataset_id) for blob_id in blobs.values()})


def blobs_of_resource(dataset_id: str, resource_id: str) -> list[str]:
    """Ids of all blobs that some version holds for one file."""
    return sorted({blobs[resource_id] for _, _, blobs in _of(dataset_id) if resource_id in blobs})


def forget_all(dataset_id: str) -> None:
    """No version of a dataset says any more what it held. The caller commits."""
    for number, _, _ in _of(dataset_id):
        model.Session.execute(FORGET, {"id": dataset_id, "number": number})


def forget_resource(dataset_id: str, resource_id: str) -> None:
    """No version of a dataset holds this file any more. The caller commits."""
    for number, snapshot, blobs in _of(dataset_id):
        kept = {key: value for key, value in blobs.items() if key != resource_id}
        if snapshot is not None:
            resources = [one for one in snapshot.get("resources") or [] if one.get("id") != resource_id]
            snapshot = {**snapshot, "resources": resources}
        _write(dataset_id, number, snapshot, kept)


def take(dataset_id: str, number: int) -> list[str] | None:
    """Forget an earlier version and return the ids of its blobs; ``None`` when there is none of that number.

    The newest version is what is public: it is taken down with the dataset. What it shares with the earlier one stays.
    """
    found = _of(dataset_id)
    numbers = [one for one, _, _ in found]
    if number not in numbers or number == max(numbers):
        return None
    held = {one: set(blobs.values()) for one, _, blobs in found}
    gone = held[number] - held[max(numbers)]
    model.Session.execute(FORGET, {"id": dataset_id, "number": number})
    for other, snapshot, blobs in found:
        if other != number and gone & held[other]:
            _write(dataset_id, other, snapshot, {key: value for key, value in blobs.items() if value not in gone})
    return sorted(gone)


def numbers_of(dataset_id: str) -> list[int]:
    """Numbers of the earlier versions that still hold something, the newest first."""
    found = _of(dataset_id)
    return [number for number, snapshot, blobs in reversed(found[:-1]) if snapshot is not None or blobs]


def kept_blobs(ids: Sequence[str]) -> set[str]:
    """Of these blobs, those that some version of some dataset holds."""
    query = sa.text("select b.value from satudata_version v, jsonb_each_text(v.blobs) b where b.value = any(:ids)")
    return set(model.Session.execute(query, {"ids": list(ids)}).scalars())


def _of(dataset_id: str) -> list[tuple[int, dict[str, Any] | None, dict[str, str]]]:
    found: Iterable[Any] = model.Session.execute(OF_DATASET, {"id": dataset_id})
    return [(number, _read(snapshot), _read(blobs) or {}) for number, snapshot, blobs in found]


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _write(dataset_id: str, number: int, snapshot: Any, blobs: dict[str, str]) -> None:
    values = {"snapshot": json.dumps(snapshot) if snapshot is not None else None, "blobs": json.dumps(blobs)}
    model.Session.execute(WRITE, {"id": dataset_id, "number": number, **values})
