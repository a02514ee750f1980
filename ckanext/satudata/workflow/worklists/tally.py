"""How many cases stand where: sums over a small table instead of a look at every case.

Triggers (migration 0007) add a row for each change; :func:`tidy` adds the rows up now and then. The sum is exact at any
moment, also inside a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge.columns import now

ROWS = 500  # of the table; more than that are added up

BY_STATE = sa.text(
    "select split_part(step, ':', 1), sum(n) from satudata_desk_count where organization_id = any(:ids) group by 1"
)
PASSED = sa.text(
    "update satudata_case set overdue = true where id in (select id from satudata_case"
    " where present and not overdue and due < :now for update skip locked)"
)
ADDED_UP = sa.text(
    "with gone as (delete from satudata_desk_count returning *)"
    " insert into satudata_desk_count select definition_id, step, organization_id, holder_id, overdue, sum(n)"
    " from gone group by 1, 2, 3, 4, 5 having sum(n) <> 0"
)


def by_state(organizations: Iterable[str]) -> dict[str, int]:
    """How many datasets of these organizations are in each state."""
    found = model.Session.execute(BY_STATE, {"ids": list(organizations)})
    return {str(state): int(count) for state, count in found}


def tidy() -> None:
    """Mark the cases whose term has passed, and add the sums up. Commits; called by the clock."""
    session = model.Session
    session.execute(PASSED, {"now": now()})
    session.commit()
    if session.execute(sa.text("select count(*) from satudata_desk_count")).scalar_one() > ROWS:
        session.execute(ADDED_UP)
    session.commit()
