"""What people call an organization."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model


def titles(ids: set[str]) -> dict[str, str]:
    """Titles of organizations by id."""
    if not ids:
        return {}
    table = model.group_table
    query = sa.select(table.c["id"], table.c["title"], table.c["name"]).where(table.c["id"].in_(ids))
    return {found: title or name for found, title, name in model.Session.execute(query)}
