"""What the engine is asked about: a case, the person, what that person saw and wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from ckanext.satudata.core.text import Reason, Text
from ckanext.satudata.core.workflow.definition import Definition, Holder, Stage
from ckanext.satudata.core.workflow.states import Rule

Level = Literal["own", "tree", "all"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A level somebody took in the present round."""

    actor_id: str
    stage: str | None
    transition: str


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note of an earlier round that this one has to settle.

    ``state``: ``open`` (nobody judged it), ``explained`` (the producer says why not), ``not_mended``, or settled:
    ``mended``, ``accepted``, ``removed``. ``label``: what it stands at, such as the name of the field.
    """

    id: str
    label: Text
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case stands.

    ``round`` counts submissions; ``authors`` changed or submitted the content of this round; ``decided`` are the levels
    taken in it. ``stage``: in review, where it is; in revision, the stage that returned it. ``returned_from``: the
    stage that sent it to where it is now. ``carried``: stages passed in earlier rounds that need not be passed again
    (see :mod:`history`). ``unstaffed``: stages nobody can act in. ``waiting_for_batch``: not all of its batch is here.
    ``open_notes``: notes of earlier rounds. ``holder``: who claimed it. ``scheduled``: it has a release date.
    """

    state: str
    stage: str | None = None
    round: int = 0
    authors: frozenset[str] = frozenset()
    decided: tuple[Decided, ...] = ()
    returned_from: str | None = None
    carried: frozenset[str] = frozenset()
    unstaffed: frozenset[str] = frozenset()
    waiting_for_batch: bool = False
    open_notes: tuple[OpenNote, ...] = ()
    holder: str | None = None
    scheduled: bool = False

    @property
    def passed(self) -> frozenset[str]:
        """The stages that need not be passed again: passed in this round, or carried over from an earlier one."""
        return self.carried | {past.stage for past in self.decided if past.transition == "pass" and past.stage}


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that covers the case's organization.

    ``level``: the grant is for that organization (``own``), for one above it (``tree``) or for all (also said by
    ``everywhere``). ``deputy_of``: id of the person it is held for (Plt/Plh).
    """

    role: str
    position: str | None = None
    everywhere: bool = False
    deputy_of: str | None = None
    level: Level = "own"

    @property
    def for_all(self) -> bool:
        """Whether the grant is for all organizations."""
        return self.everywhere or self.level == "all"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to act. ``clock``: nobody does, a term of the definition or a release date has come."""

    id: str
    roles: tuple[RoleHeld, ...] = ()
    sysadmin: bool = False
    clock: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on the screen when the button was pressed."""

    state: str
    stage: str | None
    round: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Request:
    """A button pressed.

    ``content_hash`` is that of the content as it is now. ``reason`` is why an administrator overrides, ``reason_code``
    why it is returned (:mod:`reasons`). ``evidence``: kinds of the files attached. ``form``: answers by question.
    ``at``: when to publish. ``happened``: the day of a decision made on paper. ``now`` and ``today`` (of the region)
    are what both are compared with; without them they are not.
    """

    transition: str
    seen: Seen
    content_hash: str
    note: str = ""
    reason: str = ""
    reason_code: str = ""
    evidence: frozenset[str] = frozenset()
    form: Mapping[str, Any] = field(default_factory=dict[str, Any])
    happened: date | None = None
    at: datetime | None = None
    now: datetime | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a step leads: in review the stage, in revision the stage that returned it."""

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
    holders: tuple[Holder, ...]
    held: RoleHeld | None
    gate_reasons: Sequence[Reason] = ()
    request: Request | None = None

    @property
    def relay(self) -> bool:
        """Whether it happens in a stage that only hands returns on."""
        return self.stage is not None and self.stage.relay
