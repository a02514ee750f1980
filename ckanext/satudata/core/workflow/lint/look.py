"""What a rule of the lint looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ckanext.satudata.core.workflow.definition import Definition, Holder, Stage
from ckanext.satudata.core.workflow.problem import Problem, sentence


@dataclass(frozen=True)
class Look:
    """A definition, and the names the portal knows (``None``: not judged)."""

    definition: Definition
    gates: Collection[str] | None = None
    facts: Collection[str] | None = None
    held: Collection[Holder] | None = None

    def problem(self, path: str, indonesian: str, english: str) -> Problem:
        """A mistake at ``path``, or at the nearest place around it that has a line."""
        place = path
        while place and place not in self.definition.lines:
            place = place.rpartition(".")[0]
        line = self.definition.lines.get(place, 1)
        return Problem(line, path, sentence(indonesian, english), self.definition.origins.get(place))

    def stages(self) -> Iterator[tuple[str, Stage]]:
        """The stages with their places."""
        for number, stage in enumerate(self.definition.stages):
            yield f"stages[{number}]", stage

    def wrote(self, path: str) -> bool:
        """Whether the file says something at this place."""
        return path in self.definition.lines
