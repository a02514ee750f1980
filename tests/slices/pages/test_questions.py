"""Pages do not ask the database again and again who reads them."""

from __future__ import annotations

from typing import Any

from ckan import model
from sqlalchemy import event

from tests.slices.pages.conftest import Story

from .reviewing import review


def test_a_page_asks_once_who_reads_it(story: Story, submitted: dict[str, Any]) -> None:
    story.open("walidata", review(submitted))  # what is made at the first page
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(model.ensure_engine(), "before_cursor_execute", listen)
    try:
        story.open("walidata", review(submitted))
    finally:
        event.remove(model.ensure_engine(), "before_cursor_execute", listen)
    assert sum("select id, state, sysadmin" in one for one in asked) <= 2  # by name, by id
    # both with the case, in one question; what was asked a second ago is asked again
    assert sum("satudata_glance" in one for one in asked) in (1, 2)
    assert sum("select m.group_id, m.capacity" in one for one in asked) == 0
    assert sum("satudata_grant" in one for one in asked) == 0
