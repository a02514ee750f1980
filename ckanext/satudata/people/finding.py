"""Find a person by what somebody types: user name, e-mail address, full name, or part of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

MOST = 10


def exactly(text: str) -> list[model.User]:
    """The active accounts this text names exactly: one for a user name or id, or several of one address or name."""
    wanted = text.strip()
    if not wanted:
        return []
    user = model.user_table
    columns = (user.c["name"], user.c["email"], user.c["fullname"])
    by_id = [user.c["id"] == wanted]
    for condition in [*by_id, *(sa.func.lower(column) == wanted.lower() for column in columns)]:
        found = _active(condition)
        if found:
            return found
    return []


def like(text: str) -> list[model.User]:
    """Active accounts whose name or full name holds every word, at most ten."""
    user = model.user_table
    words = text.split()
    if not words:
        return []
    conditions = []
    for word in words:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        conditions.append(sa.or_(user.c["name"].ilike(pattern), user.c["fullname"].ilike(pattern)))
    return _active(sa.and_(*conditions))


def words(user: Any) -> dict[str, str]:
    """``{"name", "display_name"}`` of an account; its address is not told."""
    return {"name": user.name, "display_name": user.display_name}


def _active(condition: Any) -> list[model.User]:
    table = model.user_table
    query = sa.select(model.User).where(condition, table.c["state"] == "active")
    ordered = query.order_by(sa.func.lower(table.c["fullname"]), table.c["name"]).limit(MOST)
    return list(model.Session.execute(ordered).scalars())
