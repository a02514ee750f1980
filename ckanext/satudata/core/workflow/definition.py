"""What a definition says: one region's SOP as data.

Made by :mod:`loader`, judged by :mod:`lint`, walked by :mod:`engine`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import Condition, holds

ReturnKind = Literal["produsen", "previous", "stage", "via"]
Scope = Literal["organization", "all"]


@dataclass(frozen=True, slots=True)
class Sla:
    """How long something may take: ``5 hari_kerja``. Units: menit, jam, hari, hari_kerja, minggu."""

    value: int
    unit: str

    def text(self) -> Text:
        """The term in words."""
        english = {"menit": "minutes", "jam": "hours", "hari": "days", "hari_kerja": "working days", "minggu": "weeks"}
        return Text(f"{self.value} {self.unit.replace('_', ' ')}", f"{self.value} {english[self.unit]}")


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """Where a return goes: ``produsen``, ``previous``, ``stage:<key>`` or ``via:<role>`` (the note takes that way)."""

    kind: ReturnKind = "produsen"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One level of the review.

    ``positions`` empty: any position. ``scope`` ``organization``: a grant for the dataset's organization or for all;
    ``all``: only a grant for all. ``separation``: the author may not decide here.
    """

    key: str
    label: Text
    role: str
    positions: tuple[str, ...] = ()
    kind: str = "review"
    scope: Scope = "organization"
    when: Condition | None = None
    sla: Sla | None = None
    return_to: ReturnTo = ReturnTo()
    separation: bool = True


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """Who may take a step that belongs to no stage, behind which gates, and how long it may wait."""

    name: str
    by: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    sla: Sla | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A workflow. ``lines`` leads from a path such as ``stages[1].role`` to its line in the file."""

    key: str
    title: Text
    roles: Mapping[str, Text]
    stages: tuple[Stage, ...]
    transitions: Mapping[str, TransitionRule]
    about: Text | None = None
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)

    def stage(self, key: str | None) -> Stage | None:
        """The stage with ``key``; ``None`` when there is none."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def applicable(self, facts: Mapping[str, Any]) -> tuple[Stage, ...]:
        """The stages a subject with these facts goes through, in order."""
        return tuple(stage for stage in self.stages if holds(stage.when, facts))

    def next_stage(self, after: str | None, facts: Mapping[str, Any]) -> Stage | None:
        """The first applicable stage behind ``after`` (``None``: from the beginning); ``None`` behind the last."""
        begin = 0
        if after is not None:
            begin = next((number + 1 for number, stage in enumerate(self.stages) if stage.key == after), 0)
        return next((stage for stage in self.stages[begin:] if holds(stage.when, facts)), None)

    def earlier(self, before: str, facts: Mapping[str, Any]) -> tuple[Stage, ...]:
        """The applicable stages in front of ``before``, the nearest first."""
        found: list[Stage] = []
        for stage in self.stages:
            if stage.key == before:
                break
            if holds(stage.when, facts):
                found.insert(0, stage)
        return tuple(found)

    def role_label(self, role: str | None) -> Text:
        """The region's word for a role; the key itself when it names none."""
        return self.roles.get(role or "", Text(role or "", role or ""))
