"""What stands in the way of a step of the workflow: findings that must be mended, set aside or explained first.

In a checklist::

    gerbang:
      submit: {error: jelaskan}      # the producer mends it or says why it is right
      publish: {error: perbaiki}     # mended, or set aside by one of the roles below
      lain: {error: perbaiki}        # every step, and every stage, that is not named
    kesampingkan:
      oleh: [walidata/kasi]          # roles, with a position where only that one may
      tidak: [DP-01]                 # nobody sets these aside, nor does explaining help

A stage is named by its key (for ``pass`` there) before the step is looked for. Demands are made of a severity or of a
single check; of what is not named only the showing (``lihat``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ckanext.satudata.core.qa.findings import SEVERITIES
from ckanext.satudata.core.qa.replies import Answered
from ckanext.satudata.core.qa.report import Finding

Demand = Literal["perbaiki", "jelaskan", "lihat"]
DEMANDS: tuple[Demand, ...] = ("perbaiki", "jelaskan", "lihat")
OTHER = "lain"
# Where a checklist says nothing.
USUAL: Mapping[str, Mapping[str, Demand]] = {"submit": {"error": "jelaskan"}, OTHER: {"error": "perbaiki"}}


@dataclass(frozen=True)
class Gate:
    """``steps``: demands by step or stage, each by severity or check; ``waived_by``: roles (``role`` or
    ``role/position``); ``never``: checks whose findings are only mended."""

    steps: Mapping[str, Mapping[str, Demand]] = field(default_factory=lambda: dict(USUAL))
    waived_by: tuple[str, ...] = ("walidata",)
    never: frozenset[str] = frozenset()

    def demand(self, finding: Finding, step: str, stage: str | None = None) -> Demand:
        """What this step, in this stage, asks of a finding."""
        place = next((name for name in (stage or step, step, OTHER) if name in self.steps), None)
        asked = self.steps[place] if place is not None else dict[str, Demand]()
        return asked.get(finding.check) or asked.get(finding.severity) or "lihat"

    def stands(self, finding: Finding, answered: Answered, step: str, stage: str | None = None) -> bool:
        """Whether the finding is still in the way."""
        demand = self.demand(finding, step, stage)
        if demand == "lihat":
            return False
        if finding.check in self.never:
            return True
        return not (answered.waived or (demand == "jelaskan" and answered.explained))

    def ever_asks(self, finding: Finding) -> bool:
        """Whether some step does not let the finding pass without a word."""
        return any(self.demand(finding, step) != "lihat" for step in (*self.steps, OTHER))

    def may_waive(self, role: str, position: str | None) -> bool:
        """Whether that role in that position sets findings aside."""
        return role in self.waived_by or f"{role}/{position}" in self.waived_by

    @classmethod
    def from_dict(cls, steps: Any, waiving: Any, known: Collection[str]) -> Gate:
        """Read ``gerbang`` and ``kesampingkan``; ``known``: ids of all checks. ``ValueError`` names the mistake."""
        roles, never = _waiving(waiving, known)
        return cls(_steps(steps, known) if steps is not None else dict(USUAL), roles, never)


def _steps(data: Any, known: Collection[str]) -> dict[str, Mapping[str, Demand]]:
    found: dict[str, Mapping[str, Demand]] = {}
    for step, asked in _mapping(data, "gerbang").items():
        demands = _mapping(asked, f"gerbang, {step}")
        for about, demand in demands.items():
            if about not in known and about not in SEVERITIES:
                raise ValueError(f"gerbang, {step}: '{about}' is neither a check nor one of {', '.join(SEVERITIES)}")
            if demand not in DEMANDS:
                raise ValueError(f"gerbang, {step}, {about}: '{demand}' is none of {', '.join(DEMANDS)}")
        found[step] = demands
    return found


def _waiving(data: Any, known: Collection[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    given = _mapping({} if data is None else data, "kesampingkan")
    if not set(given) <= {"oleh", "tidak"}:
        raise ValueError("kesampingkan has the keys oleh, tidak")
    never = frozenset(_names(given.get("tidak", []), "tidak"))
    if unknown := never - set(known):
        raise ValueError(f"kesampingkan, tidak: unknown checks {sorted(unknown)}")
    return tuple(_names(given.get("oleh", ["walidata"]), "oleh")), never


def _mapping(data: Any, place: str) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise ValueError(f"{place}: names with values are expected")
    return {str(key): value for key, value in cast("Mapping[Any, Any]", data).items()}


def _names(data: Any, place: str) -> list[str]:
    if not isinstance(data, list) or not all(isinstance(one, str) for one in cast("list[Any]", data)):
        raise ValueError(f"kesampingkan, {place}: a list of names is expected")
    return cast("list[str]", data)
