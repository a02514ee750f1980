"""Free tags of hidden datasets stay hidden; CKAN gives every tag away that any dataset carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from ckan import model


def public_names(names: Iterable[str]) -> set[str]:
    """Those of the given free tags that a public, active dataset carries."""
    wanted = list(names)
    if not wanted:
        return set()
    tag, link, package = model.tag_table, model.package_tag_table, model.package_table
    query = (
        sa.select(tag.c["name"])
        .join(link, link.c["tag_id"] == tag.c["id"])
        .join(package, package.c["id"] == link.c["package_id"])
        .where(tag.c["vocabulary_id"].is_(None), tag.c["name"].in_(wanted))
        .where(link.c["state"] == "active", package.c["state"] == "active", package.c["private"].is_(False))
        .distinct()
    )
    return {name for (name,) in model.Session.execute(query)}


def only_public(found: list[Any]) -> list[Any]:
    """The same list of tag names or tag dicts, without those that only hidden datasets carry."""
    kept = public_names(_name(tag) for tag in found)
    return [tag for tag in found if _name(tag) in kept]


def window(offset: Any, limit: Any, length: int) -> tuple[int, int]:
    """Start and size of the wanted part of a list; what is no number counts as not given."""
    return _number(offset, 0), _number(limit, length)


def _name(tag: Any) -> str:
    return tag["name"] if isinstance(tag, dict) else tag


def _number(value: Any, default: int) -> int:
    try:
        return max(0, int(value))
    except (TypeError, ValueError):
        return default
