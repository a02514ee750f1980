"""Lines that are no data: column numbers, headers again, blank lines, totals, titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.mending.offered import Mended
from ckanext.satudata.core.qa.personal import mask_numbers, masked
from ckanext.satudata.core.qa.table.model import ROW, Outside

# A table lists so many ranges of blank lines; of one that has more nobody knows them all.
_LISTED = 1_000
_SHOWN = 300
# The checks that read titles: period, unit, region.
_READ_TITLES = ("PR-01", "SU-01", "KR-05")

# kind, physical row, its text
Line = tuple[str, int, str]


def lines(mended: Mended) -> Iterator[Line]:
    """The lines that can go, each once for a kind."""
    if "BT-05" in mended.items:
        yield from _outside(mended, "numbering", "column_numbers")
        yield from _outside(mended, "totals", "total")
        yield from _titles(mended)
        yield from _blank(mended)
    yield from _found(mended, "BT-13", ("again",), "repeated")
    yield from _found(mended, "BT-07", ("label", "sum"), "totals")


def _outside(mended: Mended, kind: str, what: str) -> Iterator[Line]:
    for line in mended.table.lines_left_out(what):
        yield from _rows(kind, line)


def _rows(kind: str, line: Outside) -> Iterator[Line]:
    for row in range(line.first, line.last + 1):
        yield kind, row, mask_numbers(line.text)[:_SHOWN]


def _titles(mended: Mended) -> Iterator[Line]:
    table = mended.table
    titles = [line for line in table.lines_left_out("title") if not line.text.lower().startswith("sep=")]
    header = table.header_rows[0] if table.header_rows is not None else table.first_row
    if not titles or _say_something(mended):
        return
    above = [line for line in table.lines_left_out("blank") if line.last < header]
    for line in sorted([*titles, *above], key=lambda line: line.first):
        yield from _rows("titles", line)


def _say_something(mended: Mended) -> bool:
    """Whether the titles say what nothing else does, such as the year: without them a check would ask for it."""
    bare = replace(mended.table, outside=tuple(line for line in mended.table.outside if line.kind != "title"))
    bound = replace(mended.bound, table=bare)
    without = Mended(bound, mended.lists, mended.rules, mended.kind)
    return any(_told(without, check) - _told(mended, check) for check in _READ_TITLES)


def _told(mended: Mended, check: str) -> set[tuple[str, str | None]]:
    item = mended.items.get(check)
    answer = item.check.run(mended.asked(item)) if item is not None else ()
    return set() if isinstance(answer, NotApplicable) else {(found.variant, found.column) for found in answer}


def _blank(mended: Mended) -> Iterator[Line]:
    table = mended.table
    blank = table.lines_left_out("blank")
    if len(blank) >= _LISTED:
        return
    for line in blank:
        if table.first_row < line.first < table.last_row:
            yield from _rows("blank_rows", line)


def _found(mended: Mended, check: str, variants: tuple[str, ...], kind: str) -> Iterator[Line]:
    """The rows a check names, with their cells as text (of persons only the first letters)."""
    item = mended.items.get(check)
    answer = item.check.run(mended.asked(item)) if item is not None else ()
    if isinstance(answer, NotApplicable):
        return
    rows: set[int] = set()
    for found in answer:
        rows |= _numbers(found) if found.variant in variants else set()
    frame = mended.table.rows.filter(pl.col(ROW).is_in(pl.Series(sorted(rows), dtype=pl.Int64).implode()))
    personal = mended.bound.shape.personal
    texts = frame.select(ROW, *[cells.plain(there.id) for there in mended.table.columns])
    for row in texts.rows(named=True):
        shown = [
            masked(row[there.id]) if there.id in personal else row[there.id]
            for there in mended.table.columns
            if row[there.id]
        ]
        yield kind, int(row[ROW]), mask_numbers(" | ".join(shown))[:_SHOWN]
    known = set(frame[ROW].to_list())
    yield from ((kind, row, "") for row in sorted(rows - known))


def _numbers(found: Found) -> set[int]:
    return set(found.rows if isinstance(found.rows, tuple) else found.rows.to_list())
