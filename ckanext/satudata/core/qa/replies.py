"""What people say to a finding: the producer explains it, a role sets it aside; and when that still holds.

A reply holds for the same check, sentence and column as long as the cells are the same ones (:mod:`recognised`), in
this file or the next. Where a finding has no cells that could be known again, it holds for the very same bytes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.report import Finding

Kind = Literal["explanation", "waiver"]


@dataclass(frozen=True, slots=True)
class Reply:
    """``cells`` as in the finding it was given to; ``sha256`` of the file then. Ended replies are not given here."""

    id: str
    kind: Kind
    check: str
    variant: str
    table: str
    column: str | None
    cells: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Answered:
    """How far a finding is answered. ``replies`` hold for at least one of its cells; ``explained`` and ``waived``
    when they hold for all."""

    replies: tuple[str, ...] = ()
    explained: bool = False
    waived: bool = False

    @property
    def settled(self) -> bool:
        """Nobody is asked about it any more."""
        return self.explained or self.waived


OPEN = Answered()


def answered(finding: Finding, sha256: str | None, replies: Iterable[Reply]) -> Answered:
    """What was said to ``finding`` of the file with these bytes."""
    mine = [reply for reply in replies if _is_about(reply, finding)]
    holding = [reply for reply in mine if _covers(reply, finding, sha256)]
    if not holding:
        return OPEN
    return Answered(
        tuple(reply.id for reply in holding),
        explained=_whole(finding, sha256, [reply for reply in holding if reply.kind == "explanation"]),
        waived=_whole(finding, sha256, [reply for reply in holding if reply.kind == "waiver"]),
    )


def _is_about(reply: Reply, finding: Finding) -> bool:
    same = reply.check == finding.check and reply.variant == finding.variant
    return same and same_name(reply.column or "") == same_name(finding.column or "")


def _covers(reply: Reply, finding: Finding, sha256: str | None) -> bool:
    if _needs_same_bytes(reply, finding):
        return bool(sha256) and reply.sha256 == sha256 and reply.table == finding.table
    known = _known([reply])
    return any(_parts(cell) & known for cell in finding.cells)


def _needs_same_bytes(reply: Reply, finding: Finding) -> bool:
    # What a role sets aside of a table as a whole is judged by that table.
    return not finding.cells or not reply.cells or (reply.kind == "waiver" and not finding.rows)


def _whole(finding: Finding, sha256: str | None, replies: Sequence[Reply]) -> bool:
    if any(_needs_same_bytes(reply, finding) and _covers(reply, finding, sha256) for reply in replies):
        return True
    known = _known(replies)
    return bool(known) and bool(finding.cells) and all(_parts(cell) & known for cell in finding.cells)


def _known(replies: Iterable[Reply]) -> set[str]:
    return {part for reply in replies for cell in reply.cells for part in _parts(cell)}


def _parts(cell: str) -> set[str]:
    return set(cell.split("."))
