"""What a role may not read it never receives, by no action and no page."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from ckan import model

from . import matrix
from .building import Office
from .canaries import ACCOUNT
from .rules import SITUATIONS

# What outsiders' attempts must leave as it was.
TABLES = """
package package_extra package_tag package_relationship package_member resource resource_view member
satudata_case satudata_event satudata_note satudata_evidence satudata_blob satudata_copy satudata_version
satudata_withdrawal satudata_grant satudata_enforcement satudata_batch satudata_priority satudata_rows
"""
LIKELY = ("first", "copied", "copy", "revision", "adopted", "observed", "published", "archived", "draft", "deleted")


def fingerprint() -> dict[str, str]:
    """What is written in the tables that hold content and decisions."""
    model.Session.remove()
    found: dict[str, str] = {}
    for table in TABLES.split():
        if model.Session.execute(sa.text("select to_regclass(:name)"), {"name": table}).scalar() is None:
            continue  # CKAN 2.12 keeps extras in the row of the dataset
        query = f"select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {table} t"
        found[table] = str(model.Session.execute(sa.text(query)).scalar())
    model.Session.remove()
    return found


def tell(record: Callable[[str, object], None], tried: matrix.Tried, began: float) -> None:
    """How many combinations were asked: in the report, and on the terminal with ``-s``."""
    record("combinations", tried.count)
    print(f"leak matrix: {tried.count} combinations in {time.monotonic() - began:.0f} s, {len(tried.leaks)} leaks")


def test_nobody_is_told_what_they_may_not_read(office: Office, record_property: Callable[[str, object], None]) -> None:
    began = time.monotonic()
    tried = matrix.run(office, matrix.daily(matrix.recipes(writes=False)))
    tell(record_property, tried, began)
    assert not tried.leaks, tried.told()


def test_who_is_refused_changes_nothing_and_is_told_nothing(
    office: Office, record_property: Callable[[str, object], None]
) -> None:
    before = fingerprint()
    began = time.monotonic()
    tried = matrix.run(office, matrix.daily_writes(matrix.recipes(writes=True)))
    tell(record_property, tried, began)
    assert not tried.leaks, tried.told()
    assert fingerprint() == before


@pytest.mark.thorough
def test_every_recipe_reaches_what_it_is_there_for(office: Office) -> None:
    """Somebody who may read it gets a canary by each recipe: one that tells nobody anything proves nothing."""
    idle: list[str] = []
    for asked in matrix.recipes(writes=False):
        recipe = asked.recipe
        order = [*LIKELY, *(one for one in SITUATIONS if one not in LIKELY)]
        for situation in order if matrix.of_dataset(asked) else (matrix.PORTAL,):
            answer = matrix.ask(office, matrix.Cell(asked, recipe.by, situation))
            heard = matrix.told(office, answer) if answer is not None else set()
            if any(one.kind not in ACCOUNT or one.situation != recipe.by for one in heard):
                break
        else:
            if not recipe.reaches:
                idle.append(f"{asked.label} as {recipe.by}")
    assert not idle, str(idle)
