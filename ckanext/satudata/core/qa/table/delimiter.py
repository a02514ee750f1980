"""Which character parts the cells: the one that gives the most even table."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

CANDIDATES = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r"sep=(.)", re.IGNORECASE | re.DOTALL)


def sep_line(first_line: str) -> str | None:
    """The separator that a first line ``sep=;`` (written by Excel) names."""
    found = _SEP_LINE.fullmatch(first_line.strip("\r\n").strip('"'))
    return found.group(1) if found else None


def delimiter_of(lines: Sequence[str]) -> str:
    """The best of :data:`CANDIDATES` for these lines (with their line ends); a comma if the text has one column only.

    Evenness decides: the share of records that have the usual number of cells. A decimal comma can be as even as the
    semicolon beside it, so cells that still hold another candidate count against the one tried.
    """
    scored = [(_score(lines, candidate), -rank, candidate) for rank, candidate in enumerate(CANDIDATES)]
    best = max(scored)
    return best[2] if best[0] > 0 else ","


def _score(lines: Sequence[str], delimiter: str) -> float:
    others = [other for other in CANDIDATES if other != delimiter]
    widths: Counter[int] = Counter()
    cells = foreign = 0
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if not any(cell.strip() for cell in record):
                continue
            widths[len(record)] += 1
            cells += len(record)
            # Blank after a comma is prose (", "), not a separator.
            foreign += sum(any(other in cell.replace(", ", "") for other in others) for cell in record)
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        # Title lines may outnumber a short table; a table of one column has no rival.
        wider = {size: number for size, number in widths.items() if size > 1}
        if not wider or sum(wider.values()) < 0.5 * widths[1]:
            return 0.0
        width, count = max(wider.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total() * (1 - 0.5 * foreign / cells) + min(width, 50) * 1e-4
