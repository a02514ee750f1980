"""SQL that is put together from parts, with its values beside it.

The desk asks six questions for each page; what it costs to build them counts as much as the questions themselves, so
they are text. Values never are: each goes in as a parameter.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from ckan import model


class Question:
    """Values by name, and a way to ask."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def value(self, value: Any) -> str:
        """The place of a value in the text: ``:v3``. A list is for ``any`` and ``all``."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def rows(self, text: str) -> list[Any]:
        """What the database answers."""
        return list(model.Session.execute(sa.text(text), self.values))


def both(*conditions: str) -> str:
    """All of these conditions; none are always true."""
    return " and ".join(found for found in conditions if found) or "true"


def either(*conditions: str) -> str:
    """One of these conditions; none are never true."""
    return f"({' or '.join(f'({found})' for found in conditions)})" if conditions else "false"


def one_of(column: str, values: Collection[str], ask: Question) -> str:
    """The column has one of these values; an empty text among them also means that it has none."""
    listed = f"{column} = any({ask.value(sorted(values))})"
    return f"({column} is null or {listed})" if "" in values else listed
