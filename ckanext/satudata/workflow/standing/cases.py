"""Cases in the database, and what the engine wants to know of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import contributions, roles
from ckanext.satudata.bridge.columns import new_id, now
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.case import Actor, RoleHeld
from ckanext.satudata.core.workflow.conditions import facts_in
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.states import EDITABLE
from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.workflow.model import CaseRow, EventRow, author
from ckanext.satudata.workflow.procedures import definitions, selection
from ckanext.satudata.workflow.standing import clock, glance

EXEMPT_OPTION = "ckanext.satudata.exempt_types"
# As text: whoever asks what may be done now waits for it.
AUTHORS = sa.text("select user_id from satudata_author where case_id = :case and round = :round")
GATE_UNKNOWN = Text(
    "Syarat “{gate}” tidak dapat diperiksa karena bagian programnya tidak aktif. Hubungi administrator.",
    "The condition “{gate}” cannot be checked because that part of the program is off. Ask the administrator.",
)


@dataclass(frozen=True, eq=False)
class Loaded:
    """A case beside the thing it is about; ``row`` is not in the database while ``stored`` is false.

    ``source`` is the text of the procedure a draft would take now (empty: the case runs by a version of its own),
    ``why`` the reason when there is none for it.
    """

    row: CaseRow
    view: SubjectView
    definition: Definition
    facts: dict[str, Any]
    stored: bool = True
    source: str = ""
    why: Reason | None = None


def load(subject_type: str, reference: str) -> Loaded:
    """A case to look at; ``ObjectNotFound`` for a subject nobody knows, or one that has no workflow."""
    view = subject_view(subject_type, reference)
    row = find(subject_type, view.subject_id)
    if row is not None:
        return loaded(row, view)
    return loaded(_new_row(view), view, stored=False)


def loaded(row: CaseRow, view: SubjectView, *, stored: bool = True) -> Loaded:
    """Put row and view together with the definition and the facts it asks for."""
    if definitions.is_free(row) or row.definition_id is None:
        found = definitions.for_view(view)
        return Loaded(row, view, found.definition, _facts(found.definition, view), stored, found.source, found.why)
    definition = definitions.stored(row.definition_id)
    return Loaded(row, view, definition, _facts(definition, view), stored)


def subject_view(subject_type: str, reference: str) -> SubjectView:
    """The view of the subject's adapter; ``ObjectNotFound`` for an unknown or exempt one."""
    adapter = contributions.subjects().get(subject_type)
    if adapter is None:
        raise tk.ObjectNotFound(f"subject type {subject_type}")
    if subject_type == "dataset":
        package = model.Package.get(reference)
        if package is not None and is_exempt(package.type):
            raise tk.ObjectNotFound(f"datasets of type {package.type} have no workflow")
    return adapter.load(reference)


def is_exempt(dataset_type: str | None) -> bool:
    """Whether datasets of this type behave as in plain CKAN."""
    value = tk.config.get(EXEMPT_OPTION) or ()
    names = re.split(r"[\s,]+", value) if isinstance(value, str) else value
    return dataset_type in names


def find(subject_type: str, subject_id: str) -> CaseRow | None:
    """The case of a subject, as this session knows it."""
    known = glance.of_dataset(subject_type, subject_id)
    if known is not None:
        return known.row
    query = sa.select(CaseRow).where(CaseRow.subject_type == subject_type, CaseRow.subject_id == subject_id)
    return model.Session.execute(query).scalars().first()


def ensure(subject_type: str, subject_id: str, organization_id: str | None, title: str) -> None:
    """Make the case of a subject if it has none. The caller commits."""
    values = {"id": new_id(), "subject_type": subject_type, "subject_id": subject_id, "facts": {}}
    values.update(organization_id=organization_id or None, title=title)
    values.update(state="draft", round=0, present=True, approved=False, basis="workflow", since=now(), created=now())
    model.Session.execute(insert(CaseRow.__table__).values(**values).on_conflict_do_nothing())


def make_missing() -> int:
    """Make the cases of datasets no hook saw being written (raw SQL, another program). Commits; how many.

    Only private ones: what is public without a decision is the matter of the publication guard.
    """
    package, case = model.package_table, CaseRow.__table__
    unknown = ~sa.exists().where(case.c.subject_type == "dataset", case.c.subject_id == package.c["id"])
    query = sa.select(package.c["id"], package.c["owner_org"], package.c["title"], package.c["type"]).where(
        unknown, package.c["state"] != "deleted", package.c["private"].is_(True)
    )
    missing = [row for row in model.Session.execute(query) if not is_exempt(row.type)]
    for row in missing:
        ensure("dataset", row.id, row.owner_org, row.title or "")
    model.Session.commit()
    return len(missing)


def lock(subject_type: str, subject_id: str) -> CaseRow:
    """The case, held against everybody else until the transaction ends, as it is *now*.

    The dataset's own row comes first: whoever edits holds it and then touches the case through a trigger, so the same
    order everywhere keeps two transactions from waiting for each other. What this session read before is forgotten.
    """
    session = model.Session
    session.flush()
    if subject_type == "dataset":
        session.execute(sa.text("select 1 from package where id = :id for update"), {"id": subject_id})
    query = (
        sa.select(CaseRow)
        .where(CaseRow.subject_type == subject_type, CaseRow.subject_id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).scalars().first()
    if row is None:
        view = subject_view(subject_type, subject_id)
        ensure(subject_type, subject_id, view.organization_id, view.title)
        row = session.execute(query).scalars().one()
    session.expire_all()
    return row


def refresh(view: SubjectView) -> None:
    """Let the desk filter, and the rules choose, by the facts as they are now. The caller commits."""
    case = CaseRow.__table__
    statement = sa.update(case).where(case.c.subject_type == view.subject_type, case.c.subject_id == view.subject_id)
    model.Session.execute(statement.values(facts=row_facts(view)))


def follow(subject_type: str, subject_id: str) -> None:
    """Bring what a case keeps of its subject up to date after an edit: the facts, a draft's own deadline.

    The caller commits.
    """
    view = subject_view(subject_type, subject_id)
    refresh(view)
    row = find(subject_type, subject_id)
    if row is not None and row.state == "draft" and not row.round:
        wanted = clock.due(row, definitions.for_view(view).definition, view.facts, row.created)
        table = CaseRow.__table__
        model.Session.execute(sa.update(table).where(table.c.id == row.id).values(due=wanted))
        model.Session.expire(row)


def row_facts(view: SubjectView) -> dict[str, Any]:
    """What a row keeps of the facts: those of the view, and those the rules of the selection ask for."""
    return {**view.facts, **selection.asked_facts(view)}


def note_author(subject_type: str, subject_id: str, user_id: str) -> None:
    """Remember who changed the content that the next submission will hold. The caller commits."""
    case = CaseRow.__table__.c
    ahead = sa.case((case.state.in_(sorted(EDITABLE)), case.round + 1), else_=case.round)
    query = sa.select(case.id, ahead, sa.literal(user_id), sa.literal(now(), sa.DateTime(timezone=True))).where(
        case.subject_type == subject_type, case.subject_id == subject_id
    )
    model.Session.execute(
        insert(author).from_select(["case_id", "round", "user_id", "since"], query).on_conflict_do_nothing()
    )


def actor(user_id: str | None, case: CaseRow) -> Actor:
    """A person with the roles that cover the case's organization; a visitor has none."""
    if user_id is None:
        return Actor("")
    held = [_held(grant, case.organization_id) for grant in grants_for(user_id, case.organization_id)]
    if case.organization_id is not None and case.organization_id in roles.produces_for(user_id):
        held.append(RoleHeld(roles.PRODUCER))
    return Actor(user_id, tuple(held), roles.is_sysadmin(user_id))


def grants_for(user_id: str, organization_id: str | None) -> list[roles.Grant]:
    """The grants of a user that are for an organization, for one above it, or for all."""
    return [grant for grant in roles.roles_of(user_id) if grant.covers(organization_id, tree=True)]


def _held(grant: roles.Grant, organization_id: str | None) -> RoleHeld:
    everywhere = grant.organization_id is None
    level = "all" if everywhere else "own" if grant.organization_id == organization_id else "tree"
    return RoleHeld(grant.role, grant.position, everywhere, grant.deputy_of, level)


def gate_reasons(definition: Definition, transition: str, view: SubjectView) -> list[Reason]:
    """Why the gates of a step refuse now; a gate nobody contributes refuses too."""
    known = contributions.gates()
    found: list[Reason] = []
    for name in engine.gates_of(definition, transition):
        gate = known.get(name)
        found.extend(gate(transition, view) if gate is not None else [reason("gate_unknown", GATE_UNKNOWN, gate=name)])
    return found


def last_events(case_ids: Sequence[str], transitions: Sequence[str]) -> dict[str, EventRow]:
    """The latest event of these kinds, by case."""
    if not case_ids:
        return {}
    query = (
        sa.select(EventRow)
        .where(EventRow.case_id.in_(case_ids), EventRow.transition.in_(transitions))
        .distinct(EventRow.case_id)
        .order_by(EventRow.case_id, EventRow.seq.desc())
    )
    return {event.case_id: event for event in model.Session.execute(query).scalars()}


def _new_row(view: SubjectView) -> CaseRow:
    return CaseRow(
        subject_type=view.subject_type,
        subject_id=view.subject_id,
        state="draft",
        round=0,
        organization_id=view.organization_id,
        title=view.title,
        facts=row_facts(view),
        approved=False,
        basis="workflow",
        since=now(),
        created=now(),
    )


def _facts(definition: Definition, view: SubjectView) -> dict[str, Any]:
    facts = dict(view.facts)
    contributed = contributions.facts()
    for stage in definition.stages:
        for name in facts_in(stage.when):
            if name not in facts and name in contributed:
                facts[name] = contributed[name](view)
    return facts


def authors(row: CaseRow) -> frozenset[str]:
    """Who wrote the content that is judged now; of a draft, of the coming round."""
    if row.id is None:
        return frozenset()
    ahead = row.round + 1 if row.state in EDITABLE else row.round
    known = glance.of_case(row.id)
    if known is not None:
        return known.authors.get(ahead, frozenset())
    return frozenset(model.Session.execute(AUTHORS, {"case": row.id, "round": ahead}).scalars())
