"""A text file whose table is read piece by piece: whole for small files, in parts of a few megabytes for large ones."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.area import Head
from ckanext.satudata.core.qa.table.blocks import BLOCK, Block, Blocks, Irregular, Span
from ckanext.satudata.core.qa.table.build import (
    TAIL,
    build,
    columns_of,
    filled_columns,
    irregular_rows,
    row_ranges,
    unnamed,
    without_blanks,
    without_tail,
)
from ckanext.satudata.core.qa.table.encoding import Encoding, open_utf8
from ckanext.satudata.core.qa.table.model import ROW, Extent, Limits, Outside, Table, TableColumn

if TYPE_CHECKING:
    from concurrent.futures import Future

# From this share of a block's records on it is faster to parse the block again than to take them one by one.
_DENSE = 0.02
# Parts a line from the next one where lines are parsed as they stand; nobody writes it.
_NEVER = "\x1f"


@dataclass
class Part:
    """Some rows of a table in file order, as a table, and where they stand in the file."""

    table: Table
    spans: tuple[Span, ...]


@dataclass
class Stream:
    """How a text file is written and where its table begins (``first_line``); every call reads from the file anew."""

    path: Path
    encoding: Encoding
    delimiter: str
    head: Head
    first_line: int
    limits: Limits
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    digest: Future[str] | None = None  # the hash of the file, worked out beside the reading

    def sha256(self) -> str:
        """The hash of the file's bytes; waits until it is known."""
        return self.digest.result() if self.digest is not None else ""

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns of the table in the file, those without header and value included."""
        return tuple(f"c{number + 1}" for number in range(self.head.first_column, self._width))

    @property
    def _width(self) -> int:
        return self.head.first_column + self.head.width

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """The records behind the header."""
        with open_utf8(self.path, self.encoding) as stream:
            yield from Blocks(
                stream,
                self._width,
                self.delimiter,
                skip_lines=self.first_line - 1,
                size=size,
                line=self.limits.line_bytes,
            )

    def whole(self) -> Table:
        """The table with all its rows in memory."""
        frames: list[pl.DataFrame] = []
        irregular: list[Irregular] = []
        tidy = True
        for block in self.blocks():
            frames.append(block.frame.select(ROW, *self.ids))
            irregular += block.irregular
            tidy = tidy and block.tidy
        empty = pl.DataFrame(schema={ROW: pl.Int64, **dict.fromkeys(self.ids, pl.String)})
        return build(pl.concat(frames) if frames else empty, self.head, irregular, self.limits, tidy=tidy)

    def pick(self, rows: Mapping[Span, pl.Series], columns: Iterable[str]) -> pl.DataFrame:
        """The records that start on the physical ``rows``: ``_row`` and the given columns, by row."""
        columns = list(columns)
        found: list[pl.DataFrame] = []
        with open_utf8(self.path, self.encoding) as stream:
            for span, wanted in sorted(rows.items(), key=lambda item: item[0].start):
                stream.seek(span.start)
                found.append(self._picked(stream.read(span.length), span, wanted.unique().sort(), columns))
        empty = pl.DataFrame(schema={ROW: pl.Int64, **dict.fromkeys(columns, pl.String)})
        return pl.concat(found) if found else empty

    def _picked(self, chunk: bytes, span: Span, rows: pl.Series, columns: list[str]) -> pl.DataFrame:
        if rows.len() <= _DENSE * span.records and (frame := self._single(chunk, span, rows)) is not None:
            return frame.select(ROW, *columns)
        blocks = Blocks(io.BytesIO(chunk), self._width, self.delimiter, size=len(chunk) + 1, first_line=span.line)
        frames = [block.frame.filter(pl.col(ROW).is_in(rows.implode())).select(ROW, *columns) for block in blocks]
        return pl.concat(frames)

    def _single(self, chunk: bytes, span: Span, rows: pl.Series) -> pl.DataFrame | None:
        """The lines of ``rows`` taken out and read alone; ``None`` where one of them may not stand for itself."""
        if _NEVER.encode() in chunk or b"\r" in chunk or b"\n\n" in chunk or chunk.startswith((b"\n", b"\xef\xbb\xbf")):
            return None
        lines = pl.read_csv(chunk, has_header=False, schema={"line": pl.String}, quote_char=None, separator=_NEVER)
        taken = lines["line"].gather(rows - span.line)
        if taken.null_count() or taken.str.contains('"', literal=True).any():
            return None
        text = "".join(f"{line}\n" for line in taken).encode()
        frame = next(iter(Blocks(io.BytesIO(text), self._width, self.delimiter, size=len(text) + 1))).frame
        return frame.with_columns(rows.alias(ROW))


class Walk:
    """One way through a stream, part by part, and what is known of the table at its end.

    ``filled``: columns without a header that are known to hold something. Those that turn out to hold something only
    after the first part are in ``late`` at the end: then the walk was in vain and begins again with them.
    """

    def __init__(self, stream: Stream, filled: Iterable[str] = (), size: int = BLOCK) -> None:
        self.stream = stream
        self.columns: tuple[TableColumn, ...] = ()
        self.late: set[str] = set()
        self.height = self.first_row = self.last_row = 0
        self._size = size
        self._known = set(filled)
        self._unnamed = unnamed(stream.ids, stream.head)
        self._blank: list[Outside] = []
        self._tail: list[Outside] = []
        self._empty: list[Outside] = []
        self._waiting: deque[tuple[pl.DataFrame, list[Irregular], bool, Span]] = deque()

    def parts(self) -> Iterator[Part]:
        """The rows of data; blank rows and the lines behind the table are taken out and listed."""
        waiting = self._waiting
        for block in self.stream.blocks(self._size):
            frame, blank = without_blanks(block.frame.select(ROW, *self.stream.ids), self.stream.ids)
            self._add_blank(sorted([*blank, *(item.row for item in block.irregular if item.kind == "blank")]))
            odd = [item for item in block.irregular if item.kind != "blank"]
            if frame.is_empty() and not odd:
                continue
            waiting.append((frame, odd, block.tidy, block.span))
            del block, frame
            # The last rows may be totals and notes: what has enough rows behind it cannot be.
            while len(waiting) > 1 and sum(frame.height for frame, *_ in list(waiting)[1:]) >= TAIL:
                frame, irregular, tidy, span = waiting.popleft()
                yield self._part(frame, irregular, tidy, (span,))
        yield from self._last()

    def _last(self) -> Iterator[Part]:
        if not self._waiting:
            return
        frames, irregular, tidy, spans = zip(*self._waiting, strict=True)
        self._waiting.clear()
        frame, self._tail = without_tail(pl.concat(frames), all_of_it=not self.height)
        yield self._part(frame, [one for some in irregular for one in some], all(tidy), spans)

    def _part(self, frame: pl.DataFrame, irregular: list[Irregular], tidy: bool, spans: tuple[Span, ...]) -> Part:
        filled = filled_columns(frame, self._unnamed)
        if not self.columns:
            self._known |= filled
            self.columns, self._empty = columns_of(self.stream.ids, self.stream.head, self._known, self.stream.limits)
        self.late |= filled - self._known
        if frame.height:
            self.first_row = self.first_row or int(frame[ROW][0])
            self.last_row = int(frame[ROW][-1])
        self.height += frame.height
        rows = frame.select(ROW, *[column.id for column in self.columns])
        odd = irregular_rows(irregular, self._tail)
        return Part(Table("", self.columns, rows, self.stream.head.header_rows, irregular=odd, tidy=tidy), spans)

    def _add_blank(self, rows: list[int]) -> None:
        for one in row_ranges("blank", rows):
            if self._blank and self._blank[-1].last == one.first - 1:
                self._blank[-1] = Outside("blank", self._blank[-1].first, one.last)
            else:
                self._blank.append(one)
        del self._blank[1000:]

    def table(self) -> Table:
        """What is known of the table at the end, without its rows."""
        outside = (*self.stream.head.outside, *self._blank, *self._tail, *self._empty)
        rows = pl.DataFrame(schema={ROW: pl.Int64, **{column.id: pl.String for column in self.columns}})
        extent = Extent(self.height, self.first_row, self.last_row)
        return Table("", self.columns, rows, self.stream.head.header_rows, outside, extent=extent)
