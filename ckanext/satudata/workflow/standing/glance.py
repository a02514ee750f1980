"""Everything one looks at before saying what may be done now, asked in one question.

Who asks, what they hold, the case and what was decided on it are each asked for where they are needed, by rules that
know nothing of each other. Within :func:`taken` the answers are at hand. For what reads only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.workflow.model import CaseRow

QUESTION = sa.text("select cast(satudata_glance(:reference, :person, :moment) as text)")
MOMENTS = tuple(column.name for column in CaseRow.__table__.columns if isinstance(column.type, sa.DateTime))


@dataclass(frozen=True, slots=True)
class Glance:
    """``row``: the case of the dataset, in no session, ``None`` while nobody has made it; ``steps`` as
    ``[transition, from_stage, to_state, to_stage, round, actor_id, details of a migration]`` in their order;
    ``authors``: ids of users for each round.
    """

    dataset_id: str
    row: CaseRow | None
    steps: tuple[tuple[Any, ...], ...]
    authors: Mapping[int, frozenset[str]]


_taken: ContextVar[Glance | None] = ContextVar("satudata_glance", default=None)


@contextmanager
def taken(subject_type: str, reference: str, person: str | None) -> Iterator[None]:
    """Let everything be at hand while this lasts; within :func:`roles.remembering`. ``person``: id or name."""
    known = _ask(reference, person) if subject_type == "dataset" and person else None
    token = _taken.set(known)
    try:
        yield
    finally:
        _taken.reset(token)


def of_dataset(subject_type: str, subject_id: str) -> Glance | None:
    """What is at hand of this dataset."""
    known = _taken.get()
    return known if known is not None and subject_type == "dataset" and known.dataset_id == subject_id else None


def of_case(case_id: str) -> Glance | None:
    """What is at hand of this case."""
    known = _taken.get()
    return known if known is not None and known.row is not None and known.row.id == case_id else None


def _ask(reference: str, person: str) -> Glance | None:
    # What is about to be committed counts; CKAN's session has no autoflush.
    model.Session.flush()
    asked = {"reference": reference, "person": person, "moment": datetime.now(UTC)}
    found = json.loads(model.Session.execute(QUESTION, asked).scalar_one())
    roles.told(person, found["account"], found["memberships"], found["grants"])
    if found["dataset"] is None:
        return None
    authors: dict[int, set[str]] = {}
    for round_, user_id in found["authors"]:
        authors.setdefault(round_, set()).add(user_id)
    steps = tuple(tuple(step) for step in found["steps"])
    return Glance(found["dataset"], _row(found["case"]), steps, {key: frozenset(one) for key, one in authors.items()})


def _row(values: dict[str, Any] | None) -> CaseRow | None:
    if values is None:
        return None
    known = {name: value for name, value in values.items() if name in CaseRow.__table__.columns}
    known.update({name: datetime.fromisoformat(known[name]) for name in MOMENTS if known.get(name)})
    return CaseRow(**known)
