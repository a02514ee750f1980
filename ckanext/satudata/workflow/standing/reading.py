"""Who outside of their organization may read cases, by the procedure each runs by. What an index and a page ask for."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.workflow import reading
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.workflow.model import CaseRow
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.standing import glance

log = logging.getLogger(__name__)
CASE = CaseRow.__table__
COLUMNS = ("definition_id", "state", "stage", "round", "subject_type", "subject_id", "organization_id", "facts")


class _Row(NamedTuple):
    definition_id: str | None
    state: str
    stage: str | None
    round: int
    subject_type: str
    subject_id: str
    organization_id: str | None
    facts: Mapping[str, Any]


def of_cases(subject_type: str, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """See :func:`satudata_case_readers`."""
    rows = {row.subject_id: row for row in _rows(subject_type, ids)}
    return {one: _readers(rows.get(one) or _unwritten(subject_type, one)) for one in ids}


def _rows(subject_type: str, ids: Sequence[str]) -> list[_Row]:
    known = glance.of_dataset(subject_type, ids[0]) if len(ids) == 1 else None
    if known is not None:
        return [_Row(*(getattr(known.row, name) for name in COLUMNS))] if known.row is not None else []
    query = sa.select(*(CASE.c[name] for name in COLUMNS)).where(
        CASE.c.subject_type == subject_type, CASE.c.subject_id.in_(list(ids))
    )
    return [_Row(*row) for row in model.Session.execute(query)]


def _unwritten(subject_type: str, subject_id: str) -> _Row:
    """A thing whose case nobody has made yet is a draft."""
    return _Row(None, "draft", None, 0, subject_type, subject_id, None, {})


def _readers(row: _Row) -> list[dict[str, Any]]:
    try:
        definition = definitions.of_case(row)
    except LookupError:  # deny: nobody knows what the procedure says
        log.warning("case of %s %s runs by a procedure that is not kept", row.subject_type, row.subject_id)
        return []
    found = reading.readers(definition, row.state, row.stage, row.round)
    return [
        {"role": one.role, "position": one.position, "scope": one.scope}
        for one in sorted(found, key=lambda one: (one.role, one.position or "", one.scope))
    ]


def offices(
    grants: Sequence[roles.Grant], definition: Definition, state: str, stage: str | None, round_: int
) -> frozenset[str] | None:
    """For which organizations the grants let somebody read what stands there; ``None`` for all."""
    found: set[str] = set()
    for one in reading.readers(definition, state, stage, round_):
        for grant in grants:
            if grant.role != one.role or one.position not in (None, grant.position):
                continue
            if grant.organization_id is None:
                return None
            found |= {grant.organization_id} if one.scope != "all" else set()
            found |= set(roles.descendants_of(grant.organization_id)) if one.scope == "tree" else set()
    return frozenset(found)


def readable(user_id: str) -> Any:
    """The condition on cases that somebody may read; ``None`` for all.

    A list cannot choose a procedure for each draft: there, whoever reads by every procedure of the portal reads it.
    """
    if roles.is_sysadmin(user_id):
        return None
    grants = roles.roles_of(user_id)
    members = sorted({place.organization_id for place in roles.memberships_of(user_id)})
    groups: dict[frozenset[str] | None, list[Any]] = defaultdict(list)
    for place, condition in _places() if grants else ():
        at = _offices(grants, *place)
        if at is None or at:
            groups[at].append(condition)
    by_grant = [
        sa.and_(sa.or_(*conditions), *([] if at is None else [CASE.c.organization_id.in_(sorted(at))]))
        for at, conditions in groups.items()
    ]
    return sa.or_(CASE.c.organization_id.in_(members), *by_grant)


def _places() -> Iterable[tuple[tuple[str | None, str, str | None, int], Any]]:
    """Where cases stand now, each with the condition for it."""
    free = sa.or_(CASE.c.definition_id.is_(None), CASE.c.state == "draft")
    columns = (CASE.c.definition_id, CASE.c.state, CASE.c.stage)
    for definition_id, state, stage in model.Session.execute(sa.select(*columns).where(sa.not_(free)).distinct()):
        here = CASE.c.stage == stage if stage is not None else CASE.c.stage.is_(None)
        yield (
            (definition_id, state, stage, 1),
            sa.and_(CASE.c.definition_id == definition_id, CASE.c.state == state, here),
        )
    for state in model.Session.execute(sa.select(CASE.c.state).where(free).distinct()).scalars():
        yield (None, state, None, 0), sa.and_(free, CASE.c.state == state, CASE.c.round == 0)
        yield (None, state, None, 1), sa.and_(free, CASE.c.state == state, CASE.c.round > 0)


def _offices(
    grants: Sequence[roles.Grant], definition_id: str | None, state: str, stage: str | None, round_: int
) -> frozenset[str] | None:
    try:
        kept = [definitions.stored(definition_id)] if definition_id is not None else None
    except LookupError:
        return frozenset()
    found: frozenset[str] | None = frozenset()
    for number, definition in enumerate(kept or definitions.known().values()):
        at = offices(grants, definition, state, stage, round_)
        found = at if number == 0 or found is None else found if at is None else found & at
    return found
