"""A person's notices in the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import reviewing, roles
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.notices import words
from ckanext.satudata.notices.model import NoticeRow

DESK = "/meja-kerja"
# What a notice about a dataset still says to whom it is closed now.
KEPT = ("organization", "due", "batch", "count")
NO_TITLE = Text("dataset yang tidak lagi dapat Anda baca", "a dataset that you can no longer read")


def notices(user_id: str, limit: int, offset: int, *, unread_only: bool) -> dict[str, Any]:
    """See :func:`satudata_notice_list`."""
    mine = NoticeRow.user_id == user_id
    wanted = sa.and_(mine, NoticeRow.read.is_(None)) if unread_only else mine
    query = sa.select(NoticeRow).where(wanted).order_by(NoticeRow.created.desc(), NoticeRow.id)
    rows = list(model.Session.execute(query.limit(limit).offset(offset)).scalars())
    closed = _closed_to(user_id, rows)
    results = [dictize(row, told=row.id not in closed) for row in rows]
    return {"unread": unread(user_id), "count": _count(wanted), "limit": limit, "offset": offset, "results": results}


def unread(user_id: str) -> int:
    """How many a person has not read."""
    return _count(sa.and_(NoticeRow.user_id == user_id, NoticeRow.read.is_(None)))


def mark_read(user_id: str, data: dict[str, Any]) -> None:
    """Mark one notice, those of one subject, or all; ``ObjectNotFound`` for somebody else's. The caller commits."""
    mine = NoticeRow.user_id == user_id
    if data.get("id"):
        found = model.Session.execute(sa.select(NoticeRow.id).where(mine, NoticeRow.id == data["id"])).first()
        if found is None:
            raise tk.ObjectNotFound(f"notice {data['id']}")
        mine = sa.and_(mine, NoticeRow.id == data["id"])
    elif data.get("subject_id"):
        mine = sa.and_(mine, NoticeRow.subject_id == data["subject_id"])
    elif not data.get("all"):
        raise tk.ValidationError({"id": [tk._("Say which notice was read, or all.")]})
    model.Session.execute(sa.update(NoticeRow.__table__).where(mine, NoticeRow.read.is_(None)).values(read=now()))


def dictize(row: NoticeRow, *, told: bool = True) -> dict[str, Any]:
    """A notice in the reader's language; unless ``told`` without saying what it is about."""
    parameters = row.parameters if told else _untold(row.parameters)
    return {
        "id": row.id,
        "key": row.key,
        "text": words.sentence(row.key, parameters, language()),
        "detail": words.detail(parameters, language()),
        "link": row.link if told else DESK,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id if told else None,
        "created": row.created.isoformat(),
        "read": row.read is not None,
    }


def _untold(parameters: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in parameters.items() if name in KEPT}
    return {**kept, "title": NO_TITLE.to_dict()}


def _closed_to(user_id: str, rows: Sequence[NoticeRow]) -> set[str]:
    """Notices about what the person may not read any more: the right of a reviewer ends with the stage."""
    about = {row.subject_id for row in rows if row.subject_type == "dataset" and row.subject_id}
    package = model.package_table
    query = sa.select(package.c["id"], package.c["owner_org"]).where(package.c["id"].in_(about))
    owners: dict[str, str | None] = {row.id: row.owner_org for row in model.Session.execute(query)} if about else {}
    with roles.remembering():
        closed = {one for one, owner in owners.items() if not _reads(user_id, one, owner)}
    # what is purged was a working copy: only whose data it was still reads its name
    purged = about - owners.keys()
    return {
        row.id
        for row in rows
        if row.subject_id in closed or (row.subject_id in purged and row.key not in words.PRODUCERS)
    }


def _reads(user_id: str, dataset_id: str, owner: str | None) -> bool:
    if reviewing.is_inside(user_id, dataset_id, owner):
        return True
    user = model.User.get(user_id)
    try:
        tk.check_access("package_show", {"user": user.name if user is not None else ""}, {"id": dataset_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _count(condition: Any) -> int:
    return int(model.Session.execute(sa.select(sa.func.count()).select_from(NoticeRow).where(condition)).scalar_one())
