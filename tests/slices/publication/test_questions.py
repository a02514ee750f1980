"""What a visitor reads costs no more questions to the database than in plain CKAN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ckan import model
from sqlalchemy import event

from .conftest import Portal


@pytest.fixture
def asked(portal: Portal) -> Iterator[list[str]]:  # noqa: ARG001
    """The questions to CKAN's own database, in their order."""
    found: list[str] = []
    engine = model.ensure_engine()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(" ".join(statement.split()).lower())

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def _about(asked: list[str], table: str) -> int:
    return sum(f"from {table} where" in one for one in asked)


@pytest.mark.parametrize("reference", ["id", "name"])
def test_a_dataset_is_looked_up_once(
    portal: Portal, published: dict[str, Any], asked: list[str], reference: str
) -> None:
    assert portal.get(None, f"/api/action/package_show?id={published[reference]}").status_code == 200
    assert sum("satudata" in one for one in asked) == 1
    # by its name: not an id, then the name
    assert _about(asked, "package") == (1 if reference == "id" else 2)


def test_a_file_is_looked_up_once(portal: Portal, published: dict[str, Any], asked: list[str]) -> None:
    resource = published["resources"][0]
    address = f"/dataset/{published['id']}/resource/{resource['id']}/download/tabel.csv"
    assert portal.get(None, address).status_code == 200
    assert sum("satudata" in one for one in asked) == 1
    assert (_about(asked, "package"), _about(asked, "resource")) == (1, 1)
