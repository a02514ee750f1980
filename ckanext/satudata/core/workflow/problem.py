"""A mistake in a definition: where it is, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.core.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a definition: line (1 is the first), place, and what to do.

    ``origin`` is the key of the definition the line is in, when the place was inherited.
    """

    line: int
    path: str
    text: Text
    origin: str | None = None

    def render(self, language: str = "id") -> str:
        """``baris 12: stages[0].role: …``; without a place only the sentence."""
        sentence = self.text.render(language)
        if not self.path:
            return sentence
        word = "line" if language == "en" else "baris"
        file = f"{self.origin}, " if self.origin is not None else ""
        return f"{file}{word} {self.line}: {self.path}: {sentence}"


class DefinitionError(ValueError):
    """A file that is no definition; ``problems`` holds every mistake found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.render("en") for problem in problems))


def sentence(indonesian: str, english: str) -> Text:
    """A sentence without parameters: braces in it are shown as they are."""
    return Text(*(words.replace("{", "{{").replace("}", "}}") for words in (indonesian, english)))
