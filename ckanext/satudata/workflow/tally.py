"""How many cases stand where: sums over a small table instead of a look at every case.

Triggers (migration 0007) add a row for each change; :func:`tidy` adds the rows up now and then. The sum is exact at any
moment, also inside a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.workflow.model import CaseRow

TALLY = sa.table(
    "satudata_desk_count",
    *(sa.column(name) for name in ("definition_id", "step", "organization_id", "holder_id", "overdue")),
    sa.column("n", sa.BigInteger),
)
ROWS = 500  # of the table, more than that are added up

# Columns of `satudata_case` that the database fills itself.
STEP: Any = sa.literal_column("satudata_case.step", sa.Text)
OVERDUE: Any = sa.literal_column("satudata_case.overdue", sa.Boolean)
BARRED: Any = sa.literal_column("satudata_case.barred")
WORDS: Any = sa.literal_column("satudata_case.words")


class Columns(NamedTuple):
    """The same questions are put to the cases and to the sums over them; an empty text stands for nothing."""

    definition: Any
    step: Any
    office: Any
    holder: Any


OF_CASES = Columns(
    sa.func.coalesce(CaseRow.definition_id, ""),
    STEP,
    CaseRow.organization_id,
    sa.func.coalesce(CaseRow.holder_id, ""),
)
OF_TALLY = Columns(TALLY.c.definition_id, TALLY.c.step, TALLY.c.organization_id, TALLY.c.holder_id)


def number(*conditions: Any) -> Any:
    """A column: how many cases these conditions (on :data:`OF_TALLY`) hold for."""
    return sa.cast(sa.func.coalesce(sa.func.sum(TALLY.c.n).filter(sa.and_(sa.true(), *conditions)), 0), sa.BigInteger)


def by_state(organizations: Iterable[str]) -> dict[str, int]:
    """How many datasets of these organizations are in each state."""
    state = sa.func.split_part(TALLY.c.step, ":", 1)
    query = sa.select(state, number()).where(TALLY.c.organization_id.in_(list(organizations))).group_by(state)
    return {str(row[0]): int(row[1]) for row in model.Session.execute(query)}


def tidy() -> None:
    """Mark the cases whose term has passed, and add the sums up. Commits; called by the clock."""
    session = model.Session
    passed = sa.text(
        "update satudata_case set overdue = true where id in (select id from satudata_case"
        " where present and not overdue and due < :now for update skip locked)"
    )
    session.execute(passed, {"now": now()})
    session.commit()
    if session.execute(sa.select(sa.func.count()).select_from(TALLY)).scalar_one() > ROWS:
        columns = "definition_id, step, organization_id, holder_id, overdue"
        session.execute(
            sa.text(
                f"with gone as (delete from satudata_desk_count returning *) insert into satudata_desk_count"
                f" select {columns}, sum(n) from gone group by {columns} having sum(n) <> 0"
            )
        )
    session.commit()
