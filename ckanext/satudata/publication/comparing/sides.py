"""The two versions that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication import guard
from ckanext.satudata.publication.copies.model import copy, pair, version
from ckanext.satudata.publication.model import publication
from ckanext.satudata.publication.subject import DatasetSubject

PUBLIC = "public"


@dataclass(frozen=True)
class Sides:
    """``old`` and ``new`` are snapshots as :meth:`DatasetSubject.snapshot` gives them; ``pairs``: file of the new one →
    file of the old one, where their ids differ. ``number``: version of the old one, ``None`` when it was not counted;
    ``newer``: that of the new one, when it is an earlier version too.
    """

    dataset_id: str
    copy_id: str | None
    against: str | int
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    pairs: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None
    published: datetime | None = None
    opened: datetime | None = None
    newer: int | None = None


def find(context: Any, reference: str, against: str | int, newer: int | None = None) -> Sides:
    """The sides for a reader; see :func:`satudata_compare` for what is refused."""
    standing = guard.standing(reference)
    if standing is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    opened = _open_copy(standing.id, public_too=against == PUBLIC)
    dataset_id = opened["dataset_id"] if opened is not None else standing.id
    if newer is not None:
        return _two_versions(context, dataset_id, against, newer)
    if opened is None and against == PUBLIC:
        raise tk.ValidationError({"id": [tk._("There is no open working copy of this dataset.")]})
    copy_id = opened["copy_id"] if opened is not None else None
    for side in (dataset_id, copy_id):
        if side is not None:
            tk.check_access("package_show", guard.without_transaction(context), {"id": side})
    pairs = _pairs(copy_id) if copy_id is not None else {}
    new = DatasetSubject().snapshot(copy_id or dataset_id)
    shown = opened["opened"] if opened is not None else None
    if isinstance(against, int):
        number, published, old = _version(dataset_id, against)
    else:
        number, published = _latest(dataset_id)
        old = DatasetSubject().snapshot(dataset_id)
    return Sides(dataset_id, copy_id, against, old, new, pairs, number, published, shown)


def _two_versions(context: Any, dataset_id: str, against: str | int, newer: int) -> Sides:
    """Two versions of one dataset; the files have the same ids in both."""
    tk.check_access("package_show", guard.without_transaction(context), {"id": dataset_id})
    if not isinstance(against, int):
        raise tk.ValidationError({"against": [tk._("Give the number of an earlier version.")]})
    number, published, old = _version(dataset_id, against)
    _number, then, new = _version(dataset_id, newer)
    return Sides(dataset_id, None, against, old, new, {}, number, published, then, newer)


def _open_copy(dataset_id: str, *, public_too: bool) -> dict[str, Any] | None:
    """The open copy that has this id; with ``public_too`` also the one of the published dataset that has it."""
    columns = (copy.c.copy_id, copy.c.dataset_id, copy.c.opened)
    meant = [copy.c.copy_id == dataset_id, *([copy.c.dataset_id == dataset_id] if public_too else [])]
    query = sa.select(*columns).where(copy.c.state == "open", sa.or_(*meant))
    row = model.Session.execute(query).mappings().first()
    return {**row} if row is not None else None


def _pairs(copy_id: str) -> dict[str, str]:
    query = sa.select(pair.c.copy_resource_id, pair.c.public_resource_id).where(pair.c.copy_id == copy_id)
    return {row.copy_resource_id: row.public_resource_id for row in model.Session.execute(query)}


def _version(dataset_id: str, number: int) -> tuple[int, datetime | None, dict[str, Any]]:
    query = sa.select(version.c.snapshot, version.c.published)
    row = model.Session.execute(query.where(version.c.dataset_id == dataset_id, version.c.number == number)).first()
    if row is None:
        raise tk.ValidationError({"against": [tk._("This dataset has no version {n}.").format(n=number)]})
    if row.snapshot is None:
        raise tk.ValidationError({"against": [tk._("The content of version {n} was taken down.").format(n=number)]})
    return number, row.published, row.snapshot


def _latest(dataset_id: str) -> tuple[int | None, datetime | None]:
    """Number and moment of what is public; a dataset that was published before versions were counted has no number."""
    query = sa.select(version.c.number, version.c.published).where(version.c.dataset_id == dataset_id)
    row = model.Session.execute(query.order_by(version.c.number.desc()).limit(1)).first()
    if row is not None:
        return row.number, row.published
    query = sa.select(publication.c.published).where(publication.c.dataset_id == dataset_id)
    return None, model.Session.execute(query).scalar()
