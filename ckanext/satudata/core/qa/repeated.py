"""Rows that repeat, found by hashes: 8 bytes a row while reading; the rows only where a hash stands twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.blocks import Span
from ckanext.satudata.core.qa.table.model import ROW, Table
from ckanext.satudata.core.qa.table.stream import Part, Stream

# Rows read again at a time.
PICKED = 200_000
# From so many rows on the hashes are sorted slice by slice: 8 bytes a row and one slice.
_SLICED = 2_000_000
_SLICES = 16


@dataclass
class _Piece:
    hashes: pl.Series
    first: int
    rows: pl.Series | None  # physical rows where they do not simply follow each other
    spans: tuple[Span, ...]

    def numbers(self, mask: pl.Series) -> pl.Series:
        if self.rows is not None:
            return self.rows.filter(mask).cast(pl.Int64)
        return mask.arg_true().cast(pl.Int64) + self.first


class Hashes:
    """The hashes of some columns of all rows, in file order."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self._pieces: list[_Piece] = []

    def add(self, part: Part, table: Table) -> None:
        """The next rows."""
        if not table.height:
            return
        together = cells.row_hashes(table, self.columns)
        rows = table.rows[ROW]
        first, last = int(rows[0]), int(rows[-1])
        kept = None if last - first + 1 == rows.len() else rows.cast(pl.UInt32)
        self._pieces.append(_Piece(together, first, kept, part.spans))

    def repeated(self, stream: Stream, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """The rows whose hash stands more than once, read again: ``_row`` and ``columns``. Rows of one hash come
        together; where they are very many, not all at once."""
        twice = self._twice()
        if not twice.len():
            return
        masks = [piece.hashes.is_in(twice.implode()) for piece in self._pieces]
        count = sum(int(mask.sum()) for mask in masks)
        portions = -(-count // PICKED)
        step = -(-twice.len() // portions)
        for start in range(0, twice.len(), step):
            some = twice.slice(start, step)
            wanted: dict[Span, pl.Series] = {}
            for piece, mask in zip(self._pieces, masks, strict=True):
                mine = mask if portions == 1 else mask & piece.hashes.is_between(some[0], some[-1])
                _place(piece.spans, piece.numbers(mine), wanted)
            yield stream.pick(wanted, columns)

    def _twice(self) -> pl.Series:
        """Hashes that stand more than once, sorted."""
        return _twice([piece.hashes for piece in self._pieces])


class Counting:
    """Whether a column only counts the rows: whole numbers, none of them twice."""

    def __init__(self) -> None:
        self._numbers: list[pl.Series] = []
        self._whole = True

    def add(self, cells: pl.Series) -> None:
        """The next rows."""
        number = cells.str.strip_chars().cast(pl.Int64, strict=False)
        self._whole = self._whole and number.null_count() == 0
        if self._whole:
            self._numbers.append(number.reinterpret(signed=False))

    def holds(self) -> bool:
        """Whether it does, of all rows."""
        return self._whole and not _twice(self._numbers).len()


def _twice(series: list[pl.Series]) -> pl.Series:
    if not series:
        return pl.Series(dtype=pl.UInt64)
    if sum(one.len() for one in series) <= _SLICED:
        return _repeats(pl.concat(series))
    width = (1 << 64) // _SLICES
    found = [
        _repeats(pl.concat([one.filter(one.is_between(at * width, (at + 1) * width - 1)) for one in series]))
        for at in range(_SLICES)
    ]
    return pl.concat(found)


def _repeats(hashes: pl.Series) -> pl.Series:
    ordered = hashes.sort()
    return ordered.filter((ordered == ordered.shift(1)).fill_null(False)).unique(maintain_order=True)


def _place(spans: tuple[Span, ...], rows: pl.Series, wanted: dict[Span, pl.Series]) -> None:
    """Lay every row to the span in which it stands."""
    for span, following in zip(spans, (*spans[1:], None), strict=True):
        mine = rows.filter(rows >= span.line)
        if following is not None:
            mine = mine.filter(mine < following.line)
        if mine.len():
            wanted[span] = mine if span not in wanted else wanted[span].append(mine)
