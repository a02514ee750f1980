"""Whose turn a case is, asked of the database: the roles, positions and offices of a person against where cases stand.

The engine judges one case for one person; here one person is judged for all cases at once. The rules are the same:
a grant reaches the stage (:meth:`Definition.steps_for`), nobody else holds the case, the person neither wrote the round
nor took another level of it, the batch is complete, and there is no release date that does the step by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from flask import g, has_request_context

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.workflow.procedures import definitions
from ckanext.satudata.workflow.sharing.batches import BEGUN, BEHIND
from ckanext.satudata.workflow.standing import reading
from ckanext.satudata.workflow.worklists.question import Question, both, either, one_of

ON_DESK = ("in_review", "verified", "revision")


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

    def condition(self, ask: Question) -> str:
        """The same for the database: for a case, or for a sum over cases."""
        return both(
            f"step = {ask.value(self.step)}",
            "" if self.every else one_of("definition_id", self.definitions, ask),
            "" if self.offices is None else f"organization_id = any({ask.value(sorted(self.offices))})",
        )


class Standing(NamedTuple):
    """So many cases stand there; ``office`` is told where the person's grants differ by office."""

    definition: str
    step: str
    holder: str
    office: str
    overdue: bool
    cases: int


class Left(NamedTuple):
    """A case at a step of mine that I leave alone."""

    id: str
    definition: str
    step: str
    holder: str
    office: str
    overdue: bool


@dataclass(frozen=True)
class Turns:
    """What one person sees of the desk, and what of it is their turn.

    ``scope``: organizations, ``None`` for all. ``standing``: what stands where in the scope. ``absent``: holders of
    claims who may not act any more. ``seen``: where they may read, ``mine`` where it is their turn. ``left``: see
    :class:`Left`.
    """

    user_id: str
    roles: frozenset[str]
    scope: frozenset[str] | None
    standing: tuple[Standing, ...]
    procedures: Mapping[str, Definition]
    absent: frozenset[str] = frozenset()
    mine: tuple[Place, ...] = ()
    seen: tuple[Place, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def free(self) -> tuple[str, ...]:
        """Holders that leave a case to this person: nobody, this person, who may not act any more."""
        return ("", self.user_id, *sorted(self.absent))

    def steps(self) -> dict[str, frozenset[str]]:
        """The versions of procedures that have cases at each step."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.standing:
            found[one.step].add(one.definition)
        return {step: frozenset(versions) for step, versions in found.items()}

    def sees(self, one: Standing) -> bool:
        """Whether this person may read what stands there."""
        return any(place.holds(one.definition, one.step, one.office) for place in self.seen)

    def is_mine(self, case: Any) -> bool:
        """Whether a case is this person's turn."""
        step = f"{case.state}:{case.stage or ''}"
        return (
            (case.holder_id or "") in self.free
            and any(place.holds(case.definition_id or "", step, case.organization_id) for place in self.mine)
            and all(case.id != one.id for one in self.left)
        )

    def count(self) -> int:
        """How many cases are this person's turn."""
        mine = (one for one in self.standing if one.holder in self.free and one.step in {p.step for p in self.mine})
        at = [one for one in mine if any(p.holds(one.definition, one.step, one.office) for p in self.mine)]
        return sum(one.cases for one in at) - len(self.left)


def of(user_id: str) -> Turns:
    """The turns of a person; found once for each request."""
    if not has_request_context():
        return _find(user_id)
    if not hasattr(g, "satudata_turns"):
        g.satudata_turns = {}
    if user_id not in g.satudata_turns:
        g.satudata_turns[user_id] = _find(user_id)
    return g.satudata_turns[user_id]


def _find(user_id: str) -> Turns:
    grants = roles.roles_of(user_id)
    everywhere = any(grant.organization_id is None for grant in grants) or roles.is_sysadmin(user_id)
    offices = frozenset(office for grant in grants for office in roles.seen_by(grant))
    standing = _standing(offices, everywhere=everywhere)
    procedures = {key: _procedure(key) for key in {one.definition for one in standing}}
    held = frozenset(grant.role for grant in grants)
    found = Turns(user_id, held, None if everywhere else offices, standing, procedures)
    holders = {one.holder for one in standing} - {"", user_id}
    absent = frozenset(holder for holder in holders if not _may_act(holder))
    seen = _all(found) if roles.is_sysadmin(user_id) else _places(found, partial(_readable, grants))
    found = replace(found, absent=absent, mine=_places(found, partial(_offices, grants)), seen=seen)
    return replace(found, left=tuple(_left(found))) if found.mine else found


def _procedure(definition_id: str) -> Definition:
    try:
        return definitions.stored(definition_id) if definition_id else definitions.current()
    except LookupError:  # one broken case does not close the desk
        return definitions.NONE


def _standing(offices: frozenset[str], *, everywhere: bool) -> tuple[Standing, ...]:
    ask = Question()
    own = f"organization_id = any({ask.value(sorted(offices))})"
    office = (
        (f"case when {own} then organization_id else '' end" if offices else "''") if everywhere else "organization_id"
    )
    found = ask.rows(
        f"select definition_id, step, holder_id, {office}, overdue, sum(n)::bigint from satudata_desk_count"
        f" where split_part(step, ':', 1) = any({ask.value(list(ON_DESK))}) and {'true' if everywhere else own}"
        " group by 1, 2, 3, 4, 5 having sum(n) <> 0"
    )
    return tuple(Standing(*row) for row in found)


def _may_act(user_id: str) -> bool:
    """Whether a holder still has an account and a role; what exactly the role allows is judged when they decide."""
    return roles.user_id_of(user_id) is not None and (bool(roles.roles_of(user_id)) or roles.is_sysadmin(user_id))


def _all(turns: Turns) -> tuple[Place, ...]:
    return tuple(Place(step, versions, None, every=True) for step, versions in turns.steps().items())


def _places(turns: Turns, offices_at: Callable[[Definition, str], frozenset[str] | None]) -> tuple[Place, ...]:
    # step → offices (None: all) → versions
    found: dict[str, dict[frozenset[str] | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    steps = turns.steps()
    for step, versions in sorted(steps.items()):
        for definition_id in versions:
            offices = offices_at(turns.procedures[definition_id], step)
            if offices is None or offices:
                found[step][offices].add(definition_id)
    return tuple(
        Place(step, frozenset(versions), offices, every=versions == steps[step])
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


def _readable(grants: Sequence[roles.Grant], definition: Definition, step: str) -> frozenset[str] | None:
    """For which organizations the grants let the person read what stands there; ``None`` for all."""
    state, _, stage = step.partition(":")
    return reading.offices(grants, definition, state, stage or None, 1)  # nothing on the desk was never handed in


# ------------------------------------------------------- what of it I leave alone


def _left(turns: Turns) -> list[Left]:
    """What I wrote or took another level of, what waits for its batch, what is published by itself."""
    ask = Question()
    parts = [*_own(turns, ask), *_scheduled(turns, ask), *_incomplete(turns, ask)]
    if not parts:
        return []
    free = one_of("holder_id", turns.free, ask)
    selects = [
        "select id, coalesce(definition_id, ''), step, coalesce(holder_id, ''), coalesce(organization_id, ''),"
        f" overdue, {own} from satudata_case where present and {free} and {condition}"
        for own, condition in parts
    ]
    found = ask.rows(" union all ".join(selects))
    own = [Left(*row[:6]) for row in found if row[6]]
    others = [Left(*row[:6]) for row in found if not row[6]]
    return list({one.id: one for one in [*_truly(turns, own), *others]}.values())


def _own(turns: Turns, ask: Question) -> list[tuple[str, str]]:
    places = [place for place in turns.mine if _separated(turns, place)]
    if not places:
        return []
    marks = ask.value([f"{place.step}|{turns.user_id}" for place in places])
    return [("true", both(f"barred && {marks}", either(*(place.condition(ask) for place in places))))]


def _separated(turns: Turns, place: Place) -> bool:
    state, _, key = place.step.partition(":")
    return state == "verified" or any(stage is not None and stage.separated for stage in _stages(turns, place, key))


def _stages(turns: Turns, place: Place, key: str) -> list[Stage | None]:
    return (
        [turns.procedures[one].stage(key) for one in place.definitions] if place.step.startswith("in_review:") else []
    )


def _truly(turns: Turns, found: Sequence[Left]) -> list[Left]:
    """Those without the cases where I only handed on a note or read a report: that is no level."""
    if all(stage.judges for one in found for stage in turns.procedures[one.definition].stages):
        return list(found)
    ask = Question()
    ids, me = ask.value([one.id for one in found]), ask.value(turns.user_id)
    rows = ask.rows(
        f"select a.case_id, null from satudata_author a join satudata_case c on c.id = a.case_id and c.round = a.round"
        f" where a.user_id = {me} and c.id = any({ids}) union all"
        f" select e.case_id, e.from_stage from satudata_event e join satudata_case c on c.id = e.case_id"
        f" and c.round = e.round where e.actor_id = {me} and c.id = any({ids}) and e.transition in"
        f" ('pass', 'return', 'reject') and e.from_stage is distinct from c.stage"
    )
    by_id = {one.id: turns.procedures[one.definition] for one in found}
    certain = {case for case, key in rows if key is None or (stage := by_id[case].stage(key)) is None or stage.judges}
    return [one for one in found if one.id in certain]


def _scheduled(turns: Turns, ask: Question) -> list[tuple[str, str]]:
    places = [place for place in turns.mine if place.step.startswith("verified:")]
    if not places:
        return []
    return [("false", both("release_at is not null", either(*(place.condition(ask) for place in places))))]


def _incomplete(turns: Turns, ask: Question) -> list[tuple[str, str]]:
    """Cases of a batch that waits for others; as :func:`batches.is_waiting`, for all of them at once."""
    found: list[tuple[str, str]] = []
    for place in turns.mine:
        key = place.step.partition(":")[2]
        awaited = [one for one in place.definitions if _awaits(turns, place, one, key)]
        if not awaited:
            continue
        behind = f"o.state = any({ask.value(list(BEHIND))}) or {_earlier(turns, key, ask)}"
        stage, event = ask.value(key), ask.value(BEGUN)
        begun = (
            "exists (select 1 from satudata_event e where e.case_id = {0}.id and e.transition = {1}"
            " and e.details ->> 'batch' = {0}.batch_id and e.details ->> 'stage' = {2})"
        )
        found.append(
            (
                "false",
                both(
                    replace(place, definitions=frozenset(awaited), every=False).condition(ask),
                    "exists (select 1 from satudata_batch b where b.id = batch_id and b.closed is null)",
                    f"not {begun.format('satudata_case', event, stage)}",
                    f"exists (select 1 from satudata_case o where o.batch_id = satudata_case.batch_id and o.present"
                    f" and ({behind}) and not {begun.format('o', event, stage)})",
                ),
            )
        )
    return found


def _awaits(turns: Turns, place: Place, definition_id: str, key: str) -> bool:
    stage = turns.procedures[definition_id].stage(key) if place.step.startswith("in_review:") else None
    return stage is not None and stage.start_when == "all_submitted"


def _earlier(turns: Turns, key: str, ask: Question) -> str:
    """In review at a stage before ``key``, by the case's own procedure."""
    parts: list[str] = []
    for definition_id, definition in turns.procedures.items():
        stages = [one.key for one in definition.stages[: max(0, definition.order(key))]]
        if stages:
            parts.append(f"o.definition_id = {ask.value(definition_id)} and o.stage = any({ask.value(stages)})")
    return both("o.state = 'in_review'", either(*parts))
