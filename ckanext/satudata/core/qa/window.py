"""Look at some rows of a judged table, by the file and index ``rows.write_cells`` made. Standard library only."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

# A physical row and its cells as they stand in the file.
Line = tuple[int, list[str]]
# First physical row of a block and where it starts in the file.
Places = list[tuple[int, int]]


def window(path: Path, index: Mapping[str, Any], offset: int = 0, limit: int = 100) -> list[Line]:
    """``limit`` rows from the row numbered ``offset`` of the table (counted from 0)."""
    offset, limit = max(offset, 0), max(limit, 0)
    places: Places = index["places"]
    step: int = index["step"]
    block = offset // step
    if block >= len(places) or not limit:
        return []
    skip = offset - block * step
    return list(islice(_lines(path, places[block][1]), skip, skip + limit))


def around(path: Path, index: Mapping[str, Any], rows: Iterable[int], margin: int = 2, limit: int = 500) -> list[Line]:
    """The rows with these physical numbers and ``margin`` rows of the table before and after each, at most
    ``limit``.
    """
    places: Places = index["places"]
    wanted = sorted(set(rows))
    found: dict[int, list[str]] = {}
    firsts = [place[0] for place in places]
    for row in wanted:
        if len(found) >= limit:
            break
        block = max(bisect_right(firsts, row) - 1, 0)
        # The rows before the first of a block are at the end of the one before.
        start = max(block - 1, 0) if firsts and row - firsts[block] < margin else block
        before: list[Line] = []
        after = -1
        for line in _lines(path, places[start][1]) if places else ():
            if after >= 0:
                if after >= margin:
                    break
                found[line[0]] = line[1]
                after += 1
            elif line[0] == row:
                found.update(before[-margin:] if margin else [])
                found[line[0]] = line[1]
                after = 0
            elif line[0] > row:
                break
            else:
                before.append(line)
                del before[: -margin or None]
    return sorted(found.items())[:limit]


# A cell may be as long as a line of a file that is read.
_LONGEST = 64 << 20


def _lines(path: Path, place: int) -> Iterable[Line]:
    if csv.field_size_limit() < _LONGEST:
        csv.field_size_limit(_LONGEST)
    with path.open("rb") as binary:
        binary.seek(place)
        text = io.TextIOWrapper(binary, encoding="utf-8", newline="")
        for record in csv.reader(text):
            yield int(record[0]), record[1:]
