"""From a file, the list of changes and the kinds that were accepted to the mended file. Nothing is judged here: what is
done is what the list says.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from ckanext.satudata.core.qa.dictionary import position_name
from ckanext.satudata.core.qa.mending.changes import Change, chosen, digest_of, read_changes, write_changes
from ckanext.satudata.core.qa.mending.kinds import FILE, LINES
from ckanext.satudata.core.qa.mending.refusing import RefusedError
from ckanext.satudata.core.qa.mending.textfile import mend_text
from ckanext.satudata.core.qa.mending.workbook import mend_workbook
from ckanext.satudata.core.qa.table import Limits, read
from ckanext.satudata.core.qa.table.model import ROW, Source, Table


@dataclass(frozen=True)
class Order:
    """What was accepted. ``sha256`` of the judged file, ``digest`` of the list; ``table``: the judged one;
    ``as_csv``: of a workbook only that table, as CSV.
    """

    path: Path
    name: str
    sha256: str
    digest: str
    kinds: tuple[str, ...]
    table: str
    as_csv: bool = False


def mend(order: Order, changes: Path, out: Path, done: Path, limits: Limits | None = None) -> dict[str, Any]:
    """Write the mended file to ``out`` and the list of what was done to ``done``; returns ``{"name", "made", "kinds":
    {kind: changes}, "as_csv"}``.

    Raises :class:`RefusedError` (nothing is left behind then) and :class:`Unreadable`.
    """
    if digest_of(changes) != order.digest:
        raise RefusedError("stale")
    source = read(order.path, name=order.name, limits=limits, hold=True)
    if source.sha256 != order.sha256:
        raise RefusedError("stale")
    in_place = source.kind == "csv" or (source.kind == "xlsx" and not order.as_csv)
    wanted = list(_of_table(chosen(read_changes(changes), order.kinds), None if in_place else order.table))
    if not wanted and in_place:
        raise RefusedError("nothing")
    try:
        if source.kind == "csv":
            made = mend_text(source, wanted, out)
        elif in_place:
            made = mend_workbook(source.path, wanted, out)
        else:
            made = _as_csv(source, order.table, wanted, out)
    except RefusedError:
        out.unlink(missing_ok=True)
        raise
    counts: dict[str, int] = {}
    for change in wanted:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    write_changes(done, wanted)
    return {"name": _name(order.name, in_place), "made": made, "kinds": counts, "as_csv": not in_place}


def _of_table(changes: Iterable[Change], table: str | None) -> Iterable[Change]:
    return (change for change in changes if table is None or (change.table == table and change.what != FILE))


def _name(name: str, in_place: bool) -> str:
    return name if in_place else f"{PurePath(name).stem}.csv"


def _as_csv(source: Source, name: str, changes: Collection[Change], out: Path) -> int:
    """The judged table alone, its header in one line, as UTF-8 with commas."""
    table = next((there for there in source.tables if there.name == name), None)
    if table is None:
        raise RefusedError("stale")
    by_row: dict[int, list[Change]] = {}
    for change in changes:
        by_row.setdefault(change.row, []).append(change)
    with out.open("w", encoding="utf-8", newline="") as file:
        # Both marks end a record for the writer, so that either is quoted inside a cell.
        writer = csv.writer(_OneEnd(file), lineterminator="\r\n")
        writer.writerow([position_name(there) for there in table.columns])
        for row in table.rows.iter_rows():
            kept = _changed(table, row, by_row.pop(int(row[0]), []))
            if kept is not None:
                writer.writerow(kept)
    # What is left are lines the table never held.
    if any(change.what != LINES for group in by_row.values() for change in group):
        raise RefusedError("stale")
    return len(changes)


class _OneEnd:
    """A target that gets one line feed for the writer's two marks."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, text: str) -> None:
        self._file.write(text[:-2] + "\n")


def _changed(table: Table, row: tuple[Any, ...], changes: list[Change]) -> list[str] | None:
    if any(change.what == LINES for change in changes):
        return None
    cells = dict(zip(table.rows.columns, row, strict=True))
    places = {there.position: there.id for there in table.columns}
    for change in changes:
        cells[places[change.position]] = change.after
    return [cells[there.id] for there in table.columns if there.id != ROW]
