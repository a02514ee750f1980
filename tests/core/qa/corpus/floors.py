"""How good the checks were when this was last written down: fewer found, or more false alarms, fail the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.core.qa.corpus.accuracy import Accuracy

FLOORS = Path(__file__).parent / "floors.yaml"
_HEAD = """# Written by `./dev/run python -m tests.core.qa.corpus`; what got better is raised, what got worse refused.
# found: defects of each kind that are found at least. false: false alarms of each check at most.
"""


@dataclass(frozen=True)
class Floors:
    """``found`` by kind, at least; ``false`` by check, at most."""

    found: Mapping[str, int] = field(default_factory=dict[str, int])
    false: Mapping[str, int] = field(default_factory=dict[str, int])

    def losses(self, counted: Accuracy) -> Iterator[str]:
        """What is worse than it was, in words."""
        for kind, least in self.found.items():
            share = counted.found.get(kind)
            part = share.part if share is not None else 0
            if part < least:
                yield f"{kind}: {part} found, {least} were"
        for check, count in counted.false.items():
            most = self.false.get(check, 0)
            if count > most:
                yield f"{check}: {count} false alarms, {most} were"

    def raised(self, counted: Accuracy) -> Floors:
        """These floors where nothing got better, the new figures where something did."""
        found = {kind: max(share.part, self.found.get(kind, 0)) for kind, share in sorted(counted.found.items())}
        return Floors(found, {check: count for check, count in sorted(counted.false.items()) if count})


def load() -> Floors:
    """The floors as they were written down."""
    if not FLOORS.exists():
        return Floors()
    told: dict[str, Any] = yaml.safe_load(FLOORS.read_text("utf-8"))
    return Floors(told["found"] or {}, told["false"] or {})


def save(floors: Floors) -> None:
    """Write them down."""
    text = yaml.safe_dump({"found": dict(floors.found), "false": dict(floors.false)}, sort_keys=False)
    FLOORS.write_text(_HEAD + text, "utf-8")
