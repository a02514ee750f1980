"""Who outside of the organization may read a case that is not public, by the definition.

A role reads where it has a turn (``stage``, when nothing is said), from the first submission on (``submitted``), or at
all times (``office``). Members of the organization read without it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.definition import Definition, Reads, Scope
from ckanext.satudata.core.workflow.states import EDITABLE

# What a role reads of what is not public, in words.
WORDS: dict[Reads, Text] = {
    "stage": Text("selama datanya ada di tahapnya", "while the data are at their stage"),
    "submitted": Text("semua yang sudah diajukan", "all that was handed in"),
    "office": Text("semua milik organisasinya, juga draf", "everything of the office, drafts too"),
}
# The widest first.
SCOPES: tuple[Scope, ...] = ("tree", "organization", "all")


@dataclass(frozen=True, slots=True, order=True)
class Reader:
    """Holders of a role, in one position or in any, whose grant reaches the organization by this scope."""

    role: str
    position: str | None
    scope: Scope


def readers(definition: Definition, state: str, stage: str | None, round_: int) -> frozenset[Reader]:
    """Who may read a case that stands there; ``round_`` counts its submissions.

    A turn has whoever may take a step from there. In review that is the whole role: who is told when a colleague is
    late reads it too. While the producer writes, only who may submit it.
    """
    found = set(_by_role(definition, submitted=state != "draft" or round_ > 0))
    here = definition.stage(stage) if state == "in_review" else None
    for rule in engine.steps(definition, state, stage):
        holders, scope = engine.who(definition, rule, here)
        for one in holders:
            found.add(Reader(one.role, one.position if state in EDITABLE else None, scope))
    return frozenset(one for one in found if one.role != engine.PRODUCER)


def _by_role(definition: Definition, *, submitted: bool) -> frozenset[Reader]:
    named = {role for role, reads in definition.reads.items() if reads == "office" or (submitted and reads != "stage")}
    return frozenset(Reader(role, None, _widest(definition, role)) for role in named)


def _widest(definition: Definition, role: str) -> Scope:
    """How far a grant of the role reaches at the step where it reaches farthest."""
    reached = {stage.scope for stage in definition.stages if stage.role == role}
    reached |= {rule.scope for rule in definition.transitions.values() if any(one.role == role for one in rule.who())}
    for scope in SCOPES:
        if scope in reached:
            return scope
    return "organization"
