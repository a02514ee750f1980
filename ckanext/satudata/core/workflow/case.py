"""What the engine is asked about: a case, the person, what that person saw and wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.core.text import Reason
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.core.workflow.states import Rule


@dataclass(frozen=True, slots=True)
class Decided:
    """A level somebody took in the present round."""

    actor_id: str
    stage: str | None
    transition: str


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case stands. ``round`` counts submissions; ``authors`` changed or submitted the content of this round."""

    state: str
    stage: str | None = None
    round: int = 0
    authors: frozenset[str] = frozenset()
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that covers the case's organization; ``everywhere``: it was given for all organizations."""

    role: str
    position: str | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who wants to act."""

    id: str
    roles: tuple[RoleHeld, ...] = ()
    sysadmin: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on the screen when the button was pressed."""

    state: str
    stage: str | None
    round: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Request:
    """A button pressed. ``content_hash`` is that of the content as it is now."""

    transition: str
    seen: Seen
    content_hash: str
    note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a step leads."""

    state: str
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person trying one step: all a guard may look at. ``request`` is ``None`` when somebody only asks."""

    definition: Definition
    case: Case
    actor: Actor
    facts: Mapping[str, Any]
    rule: Rule
    stage: Stage | None
    target: Target | None
    roles: tuple[str, ...]
    positions: tuple[str, ...]
    held: RoleHeld | None
    gate_reasons: Sequence[Reason] = ()
    request: Request | None = None
