"""A person's notices in the portal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.notices import words
from ckanext.satudata.notices.model import NoticeRow


def notices(user_id: str, limit: int, offset: int, *, unread_only: bool) -> dict[str, Any]:
    """See :func:`satudata_notice_list`."""
    mine = NoticeRow.user_id == user_id
    wanted = sa.and_(mine, NoticeRow.read.is_(None)) if unread_only else mine
    query = sa.select(NoticeRow).where(wanted).order_by(NoticeRow.created.desc(), NoticeRow.id)
    rows = model.Session.execute(query.limit(limit).offset(offset)).scalars()
    results = [dictize(row) for row in rows]
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


def dictize(row: NoticeRow) -> dict[str, Any]:
    """A notice in the reader's language."""
    return {
        "id": row.id,
        "key": row.key,
        "text": words.sentence(row.key, row.parameters, language()),
        "detail": words.detail(row.parameters, language()),
        "link": row.link,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "created": row.created.isoformat(),
        "read": row.read is not None,
    }


def _count(condition: Any) -> int:
    return int(model.Session.execute(sa.select(sa.func.count()).select_from(NoticeRow).where(condition)).scalar_one())
