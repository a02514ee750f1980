"""Whose turn a case is, asked of the database: the roles, positions and offices of a person against where cases stand.

The engine judges one case for one person; here one person is judged for all cases at once. The rules are the same:
a grant reaches the stage (:meth:`Definition.steps_for`), nobody else holds the case, the person neither wrote the round
nor took another level of it, the batch is complete, and there is no release date that does the step by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from flask import g, has_request_context
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.core.workflow.states import RULES
from ckanext.satudata.workflow import definitions
from ckanext.satudata.workflow.batches import BEGUN, BEHIND
from ckanext.satudata.workflow.model import BatchRow, CaseRow, EventRow, author
from ckanext.satudata.workflow.tally import BARRED, OF_CASES, OF_TALLY, OVERDUE, STEP, TALLY, Columns, number

ON_DESK = ("in_review", "verified", "revision")
LEVELS = tuple(name for name, rule in RULES.items() if rule.level)


@dataclass(frozen=True, slots=True)
class Place:
    """Cases at one step (``in_review:periksa``, ``verified:``) of some versions of procedures.

    ``offices`` ``None``: of all organizations. ``every``: all versions that have cases at this step are meant.
    """

    step: str
    definitions: frozenset[str]
    offices: frozenset[str] | None
    every: bool = False

    def holds(self, definition_id: str, step: str, office: str | None) -> bool:
        """Whether a case is meant."""
        if step != self.step or definition_id not in self.definitions:
            return False
        return self.offices is None or office in self.offices

    def condition(self, columns: Columns) -> Any:
        """The same for the database."""
        parts = [columns.step == self.step]
        if not self.every:
            parts.append(columns.definition.in_(sorted(self.definitions)))
        if self.offices is not None:
            parts.append(columns.office.in_(sorted(self.offices)))
        return sa.and_(*parts)


@dataclass(frozen=True, slots=True)
class Left:
    """A case at a step of mine that I leave alone."""

    id: str
    definition: str
    step: str
    office: str | None
    holder: str | None
    due: datetime | None
    overdue: bool


@dataclass(frozen=True)
class Turns:
    """What one person sees of the desk, and what of it is their turn.

    ``scope``: organizations, ``None`` for all. ``standing``: how many cases of the scope stand at each step of each
    version. ``absent``: holders of claims who may not act any more. ``left``: see :class:`Left`.
    """

    user_id: str
    scope: frozenset[str] | None
    standing: Mapping[tuple[str, str], int]
    procedures: Mapping[str, Definition]
    absent: frozenset[str]
    mine: tuple[Place, ...]
    left: tuple[Left, ...] = field(default=())

    def free(self, columns: Columns) -> Any:
        """Nobody else holds it."""
        return columns.holder.in_(["", self.user_id, *sorted(self.absent)])

    def is_free(self, holder_id: str | None) -> bool:
        return holder_id is None or holder_id == self.user_id or holder_id in self.absent

    def is_mine(self, row: CaseRow) -> bool:
        """Whether it is this person's turn."""
        where = (row.definition_id or "", step_of(row), row.organization_id)
        return (
            self.is_free(row.holder_id)
            and any(place.holds(*where) for place in self.mine)
            and all(row.id != one.id for one in self.left)
        )

    def count(self) -> int:
        """How many cases are this person's turn."""
        if not self.mine:
            return 0
        query = sa.select(number(any_of(self.mine, OF_TALLY), self.free(OF_TALLY))).select_from(TALLY)
        return int(model.Session.execute(query).scalar_one()) - len(self.left)


def of(user_id: str) -> Turns:
    """The turns of a person; found once for each request."""
    if not has_request_context():
        return _find(user_id)
    if not hasattr(g, "satudata_turns"):
        g.satudata_turns = {}
    if user_id not in g.satudata_turns:
        g.satudata_turns[user_id] = _find(user_id)
    return g.satudata_turns[user_id]


def step_of(row: CaseRow) -> str:
    """State and stage in one word, as the database writes them."""
    return f"{row.state}:{row.stage or ''}"


def any_of(places: Iterable[Place], columns: Columns) -> Any:
    """One of these places."""
    return sa.or_(sa.false(), *(place.condition(columns) for place in places))


def within(scope: Collection[str] | None, columns: Columns) -> Any:
    """In these organizations; ``None`` for all."""
    return sa.true() if scope is None else columns.office.in_(sorted(scope))


def _find(user_id: str) -> Turns:
    grants = roles.roles_of(user_id)
    scope = _scope(user_id, grants)
    standing, holders = _standing(scope)
    procedures = {key: _procedure(key) for key, _ in standing}
    mine = _places(grants, standing, procedures)
    absent = frozenset(holder for holder in holders - {user_id} if not _may_act(holder))
    found = Turns(user_id, scope, standing, procedures, absent, mine)
    if not mine:
        return found
    left = {one.id: one for one in (*_own(found), *_incomplete(found), *_scheduled(found))}
    return Turns(user_id, scope, standing, procedures, absent, mine, tuple(left.values()))


def _procedure(definition_id: str) -> Definition:
    try:
        return definitions.stored(definition_id) if definition_id else definitions.current()
    except LookupError:  # one broken case does not close the desk
        return definitions.NONE


def _scope(user_id: str, grants: Sequence[roles.Grant]) -> frozenset[str] | None:
    if roles.is_sysadmin(user_id) or any(grant.organization_id is None for grant in grants):
        return None
    return frozenset(office for grant in grants for office in roles.seen_by(grant))


def _standing(scope: frozenset[str] | None) -> tuple[dict[tuple[str, str], int], set[str]]:
    """Where cases of the desk stand, and who holds some."""
    state = sa.func.split_part(TALLY.c.step, ":", 1)
    query = (
        sa.select(TALLY.c.definition_id, TALLY.c.step, TALLY.c.holder_id, number())
        .where(state.in_(ON_DESK), within(scope, OF_TALLY))
        .group_by(TALLY.c.definition_id, TALLY.c.step, TALLY.c.holder_id)
    )
    standing: dict[tuple[str, str], int] = defaultdict(int)
    holders: set[str] = set()
    for definition_id, step, holder, count in model.Session.execute(query):
        if count:
            standing[definition_id, step] += int(count)
            holders.add(holder)
    return dict(standing), holders - {""}


def _may_act(user_id: str) -> bool:
    """Whether a holder still has an account and a role; what exactly the role allows is judged when they decide."""
    return roles.user_id_of(user_id) is not None and (roles.is_sysadmin(user_id) or bool(roles.roles_of(user_id)))


def _places(
    grants: Sequence[roles.Grant], standing: Collection[tuple[str, str]], procedures: Mapping[str, Definition]
) -> tuple[Place, ...]:
    # step → offices (None: all) → versions
    found: dict[str, dict[frozenset[str] | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    for definition_id, step in sorted(standing):
        offices = _offices(grants, procedures[definition_id], step)
        if offices is None or offices:
            found[step][offices].add(definition_id)
    return tuple(
        Place(step, frozenset(versions), offices, every=versions == {key for key, at in standing if at == step})
        for step, groups in found.items()
        for offices, versions in groups.items()
    )


def _offices(grants: Sequence[roles.Grant], definition: Definition, step: str) -> frozenset[str] | None:
    """For which organizations the grants make this step the person's turn; ``None`` for all."""
    state, _, stage = step.partition(":")
    wanted = (state, stage if state == "in_review" else None)
    found: set[str] = set()
    for grant in grants:
        everywhere = grant.organization_id is None
        if wanted in definition.steps_for(grant.role, grant.position, everywhere=everywhere):
            if grant.organization_id is None:
                return None
            found.add(grant.organization_id)
        if grant.organization_id is not None and wanted in definition.steps_for(grant.role, grant.position, tree=True):
            found.update(roles.descendants_of(grant.organization_id))
    return frozenset(found)


# ------------------------------------------------------- what of it I leave alone


def _left(turns: Turns, places: Iterable[Place], *conditions: Any) -> list[Left]:
    columns = (CaseRow.id, OF_CASES.definition, STEP, CaseRow.organization_id, CaseRow.holder_id, CaseRow.due, OVERDUE)
    query = sa.select(*columns).where(
        CaseRow.present.is_(True), any_of(places, OF_CASES), turns.free(OF_CASES), *conditions
    )
    return [Left(*row) for row in model.Session.execute(query)]


def _own(turns: Turns) -> list[Left]:
    """What I wrote, and where I took another level."""
    separated = [place for place in turns.mine if _separated(turns, place)]
    if not separated:
        return []
    marks = sa.cast([f"{place.step}|{turns.user_id}" for place in separated], ARRAY(sa.Text))
    found = _left(turns, separated, BARRED.op("&&")(marks))
    return [one for one in found if one.id in _truly(turns, found)] if _has_unjudging(turns, found) else found


def _separated(turns: Turns, place: Place) -> bool:
    state, _, key = place.step.partition(":")
    stages = [turns.procedures[one].stage(key) for one in place.definitions] if state == "in_review" else []
    return state == "verified" or any(stage is not None and stage.separated for stage in stages)


def _has_unjudging(turns: Turns, found: Iterable[Left]) -> bool:
    return any(not stage.judges for one in found for stage in turns.procedures[one.definition].stages)


def _truly(turns: Turns, found: Sequence[Left]) -> set[str]:
    """Those without the cases where I only handed on a note or read a report."""
    ids = [one.id for one in found]
    here = (CaseRow.id.in_(ids), CaseRow.present.is_(True))
    wrote = sa.select(author.c.case_id).join(
        CaseRow, sa.and_(CaseRow.id == author.c.case_id, CaseRow.round == author.c.round)
    )
    certain = set(model.Session.execute(wrote.where(author.c.user_id == turns.user_id, *here)).scalars())
    took = sa.select(EventRow.case_id, EventRow.from_stage).join(
        CaseRow, sa.and_(CaseRow.id == EventRow.case_id, CaseRow.round == EventRow.round)
    )
    decided = took.where(EventRow.actor_id == turns.user_id, EventRow.transition.in_(LEVELS), *here)
    by_id = {one.id: one for one in found}
    for case_id, stage_key in model.Session.execute(decided):
        one = by_id[case_id]
        stage = turns.procedures[one.definition].stage(stage_key)
        if one.step != f"in_review:{stage_key or ''}" and (stage is None or stage.judges):
            certain.add(case_id)
    return certain


def _incomplete(turns: Turns) -> list[Left]:
    """Cases of a batch that waits for others; as :func:`batches.is_waiting`, for all of them at once."""
    found: list[Left] = []
    for place in turns.mine:
        state, _, key = place.step.partition(":")
        stages = [turns.procedures[one].stage(key) for one in place.definitions] if state == "in_review" else []
        if not any(_awaits(stage) for stage in stages):
            continue
        awaited = frozenset(
            one
            for one in place.definitions
            if (stage := turns.procedures[one].stage(key)) and stage.start_when != "item_submitted"
        )
        at = Place(place.step, awaited, place.offices)
        found += _left(turns, [at], _open_batch(), ~_begun(CaseRow, key), _somebody_behind(turns, key))
    return found


def _awaits(stage: Stage | None) -> bool:
    return stage is not None and stage.start_when == "all_submitted"


def _open_batch() -> Any:
    return sa.exists().where(BatchRow.id == CaseRow.batch_id, BatchRow.closed.is_(None))


def _begun(case: Any, stage: str) -> Any:
    return sa.exists().where(
        EventRow.case_id == case.id,
        EventRow.transition == BEGUN,
        EventRow.details["batch"].astext == case.batch_id,
        EventRow.details["stage"].astext == stage,
    )


def _somebody_behind(turns: Turns, stage: str) -> Any:
    other: Any = aliased(CaseRow)
    behind = [other.state.in_(BEHIND)]
    for definition_id, definition in turns.procedures.items():
        place = definition.order(stage)
        earlier = [one.key for number_, one in enumerate(definition.stages) if number_ < place]
        if earlier:
            at = sa.and_(other.state == "in_review", other.definition_id == definition_id, other.stage.in_(earlier))
            behind.append(at)
    return sa.exists().where(
        other.batch_id == CaseRow.batch_id, other.present.is_(True), sa.or_(*behind), ~_begun(other, stage)
    )


def _scheduled(turns: Turns) -> list[Left]:
    """Approved cases with a release date: nobody has to do anything."""
    ready = [place for place in turns.mine if place.step.startswith("verified:")]
    return _left(turns, ready, CaseRow.release_at.isnot(None)) if ready else []
