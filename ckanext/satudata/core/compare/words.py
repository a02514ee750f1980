"""Two texts word by word, as runs that stay, go or come."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["kept", "removed", "added"]

# A number keeps its points and commas; blanks and marks are words of their own, so nothing is lost between words.
_WORD = re.compile(r"\s+|\d+(?:[.,]\d+)+(?!\w)|\w+|[^\w\s]")
# What is left of two texts after their common beginning and end; beyond it they are told as a whole, not word by word.
MOST_WORDS = 3_000


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text: ``kept`` stands in both versions, ``removed`` in the old one only, ``added`` in the new one."""

    kind: Kind
    text: str

    def to_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "text": self.text}


def runs(old: str, new: str) -> tuple[Run, ...]:
    """``old`` and ``new`` as runs: without the added ones they read as ``old``, without the removed ones as ``new``.

    Between two kept runs the removed one comes first.
    """
    if new < old:  # one direction is worked out and mirrored, so that swapping the versions tells the same story
        return _ordered(Run(_MIRROR[run.kind], run.text) for run in _runs(new, old))
    return _ordered(_runs(old, new))


_MIRROR: dict[Kind, Kind] = {"kept": "kept", "removed": "added", "added": "removed"}


def _runs(old: str, new: str) -> list[Run]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    middle = _middle(before[start : len(before) - end], after[start : len(after) - end])
    kept = [Run("kept", "".join(before[:start]))], [Run("kept", "".join(before[len(before) - end :]))]
    return [*kept[0], *middle, *kept[1]]


def _common(one: list[str], other: list[str]) -> int:
    both = zip(one, other, strict=False)
    return next((place for place, (mine, theirs) in enumerate(both) if mine != theirs), min(len(one), len(other)))


def _middle(before: list[str], after: list[str]) -> list[Run]:
    if len(before) > MOST_WORDS or len(after) > MOST_WORDS:
        return [Run("removed", "".join(before)), Run("added", "".join(after))]
    found: list[Run] = []
    # Blanks alone never make two texts alike: they only lengthen what is alike without them.
    for what, a, b, c, d in SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Run("kept", "".join(before[a:b])))
        else:
            found += [Run("removed", "".join(before[a:b])), Run("added", "".join(after[c:d]))]
    return found


def _ordered(found: Iterable[Run]) -> tuple[Run, ...]:
    """Join what belongs together: a blank between two changes is part of the change."""
    ready: list[Run] = []
    gone, come, gap = "", "", ""
    for run in found:
        if run.kind == "removed" and run.text:
            gone, come, gap = gone + gap + run.text, come + gap, ""
        elif run.kind == "added" and run.text:
            gone, come, gap = gone + gap, come + gap + run.text, ""
        elif run.text.isspace() and (gone or come) and not gap:
            gap = run.text
        elif run.text:
            ready += [Run("removed", gone), Run("added", come), Run("kept", gap + run.text)]
            gone, come, gap = "", "", ""
    ready += [Run("removed", gone), Run("added", come), Run("kept", gap)]
    return tuple(_joined(run for run in ready if run.text))


def _joined(found: Iterable[Run]) -> list[Run]:
    ready: list[Run] = []
    for run in found:
        if ready and ready[-1].kind == run.kind:
            ready[-1] = Run(run.kind, ready[-1].text + run.text)
        else:
            ready.append(run)
    return ready
