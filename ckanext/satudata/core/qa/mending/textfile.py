"""The mended text file: record by record, every cell that was not accepted for change as it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import IO

from ckanext.satudata.core.qa.mending.changes import Change
from ckanext.satudata.core.qa.mending.kinds import FILE, LINES
from ckanext.satudata.core.qa.mending.refusing import RefusedError
from ckanext.satudata.core.qa.table.encoding import encoding_of
from ckanext.satudata.core.qa.table.model import Source

_LONGEST = 64 << 20


def mend_text(source: Source, changes: Iterable[Change], out: Path) -> int:
    """Write the mended file of a text ``source`` to ``out``; returns how many changes were made.

    Raises :class:`RefusedError` when a cell is not what the list says (``stale``), or a new text cannot be written in
    the file's own encoding (``encoding``).
    """
    listed = iter(changes)
    facts: set[str] = set()
    first: Change | None = next(listed, None)
    made = 0
    while first is not None and first.what == FILE:
        facts.add(first.column)
        first, made = next(listed, None), made + 1
    plain = bool(facts)
    by_row = _by_row(first, listed)
    if csv.field_size_limit() < _LONGEST:
        csv.field_size_limit(_LONGEST)
    encoding = encoding_of(source.path)
    delimiter = str(source.facts["delimiter"])
    with source.path.open("rb") as raw, out.open("wb") as binary:
        mark = raw.read(encoding.bom)
        binary.write(b"" if plain else mark)
        text = io.TextIOWrapper(raw, encoding=encoding.name, newline="")
        target = io.TextIOWrapper(binary, encoding="utf-8" if plain else encoding.name, newline="")
        writing = _Writing(target, "," if plain else delimiter, "\n" if "line_ends" in facts else None, plain)
        lines = _Lines(text)
        if source.facts["sep_line"]:
            line = next(iter(lines))
            if not plain:
                target.write(line)
        try:
            made += _rewrite(lines, delimiter, by_row, writing)
            target.flush()
        except UnicodeEncodeError as error:
            raise RefusedError("encoding") from error
    return made


def _by_row(first: Change | None, rest: Iterator[Change]) -> Iterator[tuple[int, list[Change]]]:
    if first is None:
        return
    whole = (change for some in ([first], rest) for change in some)
    for row, group in groupby(whole, key=lambda change: change.row):
        yield row, list(group)


class _Lines:
    """The lines of a text with their ends; counts them and remembers the last one's end."""

    def __init__(self, text: IO[str]) -> None:
        self._text = iter(text)
        self.count = 0
        self.end = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.count += 1
        self.end = line[len(line.rstrip("\r\n")) :]
        return line


class _Writing:
    """Writes records. The writer ends each with both marks, so that either is quoted inside a cell."""

    def __init__(self, target: IO[str], delimiter: str, end: str | None, plain: bool) -> None:
        self._target = target
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, delimiter=delimiter, lineterminator="\r\n")
        self._end = end
        self._plain = plain

    def record(self, cells: list[str], end: str) -> None:
        self._buffer.seek(0)
        self._buffer.truncate()
        self._writer.writerow(cells)
        self._target.write(self._buffer.getvalue()[:-2])
        # A file that is written anew ends with a line end.
        self._target.write((self._end or end or "\n") if self._plain else end)


def _rewrite(lines: _Lines, delimiter: str, changes: Iterator[tuple[int, list[Change]]], writing: _Writing) -> int:
    made = 0
    nothing: tuple[int, list[Change]] = (0, [])
    row, wanted = next(changes, nothing)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        start = lines.count + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        if start != row:
            writing.record(cells, lines.end)
            continue
        if not any(change.what == LINES for change in wanted):
            writing.record(_changed(cells, wanted), lines.end)
        made += len(wanted)
        row, wanted = next(changes, nothing)
    if wanted:
        raise RefusedError("stale")
    return made


def _changed(cells: list[str], changes: list[Change]) -> list[str]:
    new = list(cells)
    for change in changes:
        at = change.position - 1
        if at >= len(new) or new[at] != change.before:
            raise RefusedError("stale")
        new[at] = change.after
    return new
