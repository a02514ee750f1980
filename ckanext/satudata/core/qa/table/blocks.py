"""The block reader: what ``csv.reader`` means, at the speed of columns, with the line on which every record starts.

Every physical line is parsed with quoting switched off, which can neither swallow a line nor move a row. A line is a
record as it stands if it has the right number of delimiters and each cell that begins with a quote is exactly
``"text"``: there the quotes are decoration and are taken off. Every other line (ragged; delimiter, line end or quote
inside quotes) is read by ``csv`` from its first byte, in order, until its record closes.

A quote that never closes would swallow the rest of the file. Such a line is taken as it stands, with its quotes, and
reported; the lines after it keep their meaning.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.model import MB, ROW
from ckanext.satudata.core.qa.table.unreadable import Unreadable

QUOTE = '"'
BLOCK = 8 * MB
# A cell longer than this is taken for a quote that was never closed.
FIELD = 16 * MB


@dataclass(frozen=True, slots=True)
class Irregular:
    """A record that does not have the table's width (``short``, ``long``, ``blank``) or has an ``open_quote``."""

    row: int
    cells: int
    kind: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where the records of a block stand in the stream: its first line and byte, its bytes, how many they are."""

    line: int
    start: int
    length: int
    records: int


@dataclass
class Block:
    """Some records in file order: ``_row`` and ``c1`` … as text. ``tidy``: surely no cell has a blank at its ends."""

    frame: pl.DataFrame
    irregular: list[Irregular] = field(default_factory=list[Irregular])
    tidy: bool = True
    span: Span = Span(0, 0, 0, 0)


class Blocks:
    """Iterate once over the records of a UTF-8 ``stream`` that stands at its first byte.

    ``width``: number of columns; ``skip_lines``: physical lines before the first record; ``size``: bytes of a block;
    ``first_line``: the number of the stream's first line.
    """

    def __init__(
        self,
        stream: BinaryIO,
        width: int,
        delimiter: str,
        *,
        skip_lines: int = 0,
        size: int = BLOCK,
        line: int = 64 * MB,
        first_line: int = 1,
    ) -> None:
        self.ids = tuple(f"c{number}" for number in range(1, width + 1))
        self.width = width
        self.delimiter = delimiter
        self._mark = delimiter.encode()
        self._schema = dict.fromkeys(self.ids, pl.String)
        self._lines = Lines(stream, size, line)
        self._line = first_line
        for _ in range(skip_lines):
            if self._lines.line() is None:
                break
            self._line += 1
        if csv.field_size_limit() != FIELD:
            csv.field_size_limit(FIELD)

    def __iter__(self) -> Iterator[Block]:
        while True:
            line, start = self._line, self._lines.position
            chunk = self._lines.block()
            if chunk is None:
                return
            block = self._plain(chunk) or self._careful(chunk)
            block.tidy = block.tidy and _is_tidy(chunk, self._mark)
            block.span = Span(line, start, self._lines.position - start, block.frame.height)
            yield block

    def _plain(self, chunk: bytes) -> Block | None:
        """The usual case: no quote in sight, every line as wide as the table."""
        if QUOTE.encode() in chunk:
            return None
        text = _line_feeds(chunk)
        lines = text.count(b"\n")
        frame = self._parse(text, lines)
        if frame is None:
            return None
        first, self._line = self._line, self._line + lines
        return Block(_numbered(frame, first))

    def _parse(self, text: bytes, lines: int) -> pl.DataFrame | None:
        """Cells of lines that all have the right width; ``None`` if one of them has not, or is blank."""
        if lines == 0:
            return pl.DataFrame(schema=self._schema)
        # polars would take a byte order mark away, and a blank line for a row of empty cells.
        if text.startswith((b"\xef\xbb\xbf", b"\n")) or b"\n\n" in text:
            return None
        try:
            frame = pl.read_csv(
                text,
                has_header=False,
                schema=self._schema,
                quote_char=None,
                separator=self.delimiter,
                missing_columns="insert",
            )
        except pl.exceptions.PolarsError:  # a line that is too long
            return None
        if frame.height != lines:
            return None
        # An empty cell is null, and so are those that a short line lacks: where the last one is null, count.
        if frame[self.ids[-1]].null_count() and text.count(self._mark) != lines * (self.width - 1):
            return None
        gaps = [name for name in self.ids if frame[name].null_count()]
        return frame.with_columns(pl.col(gaps).fill_null("")) if gaps else frame

    def _careful(self, chunk: bytes) -> Block:
        """Lines that stand for themselves by column, the others one by one."""
        text = _line_feeds(chunk)
        count = text.count(b"\n")
        frame = self._parse(text, count)
        if frame is not None:
            bare = self._decorated(frame, text)
            if bare is not None:
                first, self._line = self._line, self._line + count
                return Block(_numbered(bare, first))
        lines = chunk.splitlines(keepends=True)
        odd = set[int]() if frame is not None else self._odd_lines(lines)
        even = [number for number in range(len(lines)) if number not in odd]
        if frame is None and len(odd) <= 0.3 * len(lines) + 8:
            frame = self._parse(_line_feeds(b"".join(_ended(lines[number]) for number in even)), len(even))
        if frame is None:
            return self._one_by_one(lines, list(range(len(lines))), None)
        frame = frame.with_columns(pl.Series(ROW, even, dtype=pl.Int64))
        quoted = self._quoted_columns(frame)
        if quoted:
            opens = [pl.col(name).str.starts_with(QUOTE) for name in quoted]
            closed = [
                pl.col(name).str.ends_with(QUOTE) & (pl.col(name).str.count_matches(QUOTE, literal=True) == 2)
                for name in quoted
            ]
            wild = pl.any_horizontal([start & ~end for start, end in zip(opens, closed, strict=True)])
            wild_lines = frame.filter(wild)[ROW].to_list()
            odd.update(wild_lines)
            if len(odd) > 0.3 * len(lines) + 8:
                return self._one_by_one(lines, list(range(len(lines))), None)
            frame = frame.filter(~wild) if wild_lines else frame
            frame = frame.with_columns(
                [
                    pl.when(start).then(pl.col(name).str.slice(1, pl.col(name).str.len_chars() - 2)).otherwise(name)
                    for name, start in zip(quoted, opens, strict=True)
                ]
            )
        return self._one_by_one(lines, sorted(odd), frame)

    def _odd_lines(self, lines: list[bytes]) -> set[int]:
        need = self.width - 1
        return {
            number
            for number, line in enumerate(lines)
            if line.count(self._mark) != need or line in (b"\n", b"\r\n", b"\r") or line.startswith(b"\xef\xbb\xbf")
        }

    def _decorated(self, frame: pl.DataFrame, text: bytes) -> pl.DataFrame | None:
        """``frame`` without quotes where all of them stand in pairs around whole cells; ``None`` otherwise."""
        opened = frame.select(pl.col(self.ids).str.starts_with(QUOTE).sum()).row(0)
        names = [name for name, count in zip(self.ids, opened, strict=True) if count]
        if 2 * sum(opened) != text.count(QUOTE.encode()):
            return None
        cells = [pl.col(name) for name in names]
        closed = [cell.str.ends_with(QUOTE) & (cell.str.len_bytes() > 1) for cell in cells]
        pairs = [(cell.str.starts_with(QUOTE) == end).all() for cell, end in zip(cells, closed, strict=True)]
        if names and not all(frame.select(pairs).row(0)):
            return None
        return frame.with_columns([cell.str.strip_prefix(QUOTE).str.strip_suffix(QUOTE) for cell in cells])

    def _quoted_columns(self, frame: pl.DataFrame) -> list[str]:
        if frame.is_empty():
            return []
        starts = frame.select(pl.col(self.ids).str.starts_with(QUOTE).any()).row(0)
        return [name for name, found in zip(self.ids, starts, strict=True) if found]

    def _one_by_one(self, lines: list[bytes], odd: list[int], even: pl.DataFrame | None) -> Block:
        """Read the lines numbered ``odd`` with ``csv`` and put them between the others."""
        numbers: list[int] = []
        records: list[list[str]] = []
        used_up: list[int] = []
        irregular: list[Irregular] = []
        next_line, beyond = 0, 0
        tidy = True  # a quoted cell may hold anything, also of lines that belong to no other record
        for number in odd:
            if number < next_line:
                continue
            cells, used, pulled, kind = self._record(lines, number)
            next_line = number + used
            used_up.extend(range(number + 1, next_line))
            beyond += pulled
            if kind or len(cells) != self.width:
                kind = kind or ("blank" if not cells else "short" if len(cells) < self.width else "long")
                irregular.append(Irregular(self._line + number, len(cells), kind))
            if cells:
                tidy = tidy and all(cell == cell.strip() for cell in cells)
                numbers.append(number)
                records.append((cells + [""] * (self.width - len(cells)))[: self.width])
        frame = self._frame(numbers, records)
        if even is not None:
            if used_up:
                even = even.filter(~pl.col(ROW).is_in(pl.Series(used_up, dtype=pl.Int64).implode()))
            frame = pl.concat([even.select(frame.columns), frame]).sort(ROW) if numbers else even.select(frame.columns)
        frame = frame.with_columns(pl.col(ROW) + self._line)
        self._line += len(lines) + beyond
        return Block(frame, irregular, tidy)

    def _frame(self, numbers: Sequence[int], records: Sequence[Sequence[str]]) -> pl.DataFrame:
        columns = zip(*records, strict=True) if records else [()] * self.width
        series = [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(self.ids, columns, strict=True)]
        return pl.DataFrame([pl.Series(ROW, numbers, dtype=pl.Int64), *series])

    def record(self, lines: list[bytes], start: int) -> list[str]:
        """The cells of the record that starts at ``lines[start]``, as wide as the table."""
        cells = self._record(lines, start)[0]
        return (cells + [""] * (self.width - len(cells)))[: self.width]

    def _record(self, lines: list[bytes], start: int) -> tuple[list[str], int, int, str]:
        """The record that starts at ``lines[start]``: cells, lines used of ``lines``, lines used beyond, fault or
        ''.
        """
        used = 0
        pulled: list[bytes] = []
        ended = False

        def feed() -> Iterator[str]:
            nonlocal used, ended
            for number in range(start, len(lines)):
                used += 1
                yield lines[number].decode("utf-8")
            while (line := self._lines.line()) is not None:
                pulled.append(line)
                yield line.decode("utf-8")
            ended = True

        try:
            cells = next(csv.reader(feed(), delimiter=self.delimiter))
        except csv.Error:
            cells, ended = [], True
        if not ended:
            return cells, used, len(pulled), ""
        self._lines.give_back(pulled)
        return lines[start].decode("utf-8").rstrip("\r\n").split(self.delimiter), 1, 0, "open_quote"


class Lines:
    """Cuts a stream into blocks that end where a line ends (LF, CRLF or CR), and hands out single lines."""

    def __init__(self, stream: BinaryIO, size: int, longest: int) -> None:
        self._stream = stream
        self._size = size
        self._longest = longest
        self._rest = b""
        self._at = 0
        self._ended = False
        self._returned: list[bytes] = []
        self.position = stream.tell()  # of the next byte that is handed out

    def block(self) -> bytes | None:
        """The next whole lines, about ``size`` bytes; ``None`` at the end."""
        block = self._block()
        self.position += len(block or b"")
        return block

    def _block(self) -> bytes | None:
        if self._returned:
            block, self._returned = b"".join(reversed(self._returned)), []
            return block
        data = self._rest[self._at :]
        self._rest, self._at = b"", 0
        while not self._ended:
            more = self._stream.read(self._size)
            self._ended = not more
            searched = max(len(data) - 1, 0)
            data += more
            cut = _last_line_end(data, searched)
            if cut and not self._ended:
                self._rest = data[cut:]
                return data[:cut]
            if len(data) > self._longest + self._size and not self._ended:
                raise Unreadable("line_too_long", line="?", limit_mb=self._longest // MB)
        return data or None

    def line(self) -> bytes | None:
        """The next single line with its end; ``None`` at the end."""
        line = self._next_line()
        self.position += len(line or b"")
        return line

    def _next_line(self) -> bytes | None:
        if self._returned:
            return self._returned.pop()
        while True:
            end = _first_line_end(self._rest, self._at, self._ended)
            if end or self._ended:
                break
            more = self._stream.read(self._size)
            self._ended = not more
            self._rest, self._at = self._rest[self._at :] + more, 0
            if len(self._rest) > self._longest + self._size:
                raise Unreadable("line_too_long", line="?", limit_mb=self._longest // MB)
        end = end or len(self._rest)
        line, self._at = self._rest[self._at : end], end
        return line or None

    def give_back(self, lines: list[bytes]) -> None:
        """Lines that were taken but do not belong to the record; the next call gets them again."""
        self._returned.extend(reversed(lines))
        self.position -= sum(map(len, lines))


def _last_line_end(data: bytes, start: int) -> int:
    feed = data.rfind(b"\n", start) + 1
    # A carriage return in the last place may be half of CRLF: it is no end yet.
    back = data.rfind(b"\r", start, len(data) - 1) + 1
    if back and data[back : back + 1] == b"\n":
        back = 0
    return max(feed, back)


def _first_line_end(data: bytes, start: int, ended: bool) -> int:
    feed = data.find(b"\n", start)
    back = data.find(b"\r", start, feed if feed >= 0 else len(data))
    if back < 0:
        return feed + 1
    if back + 1 < len(data):
        return back + 2 if data[back + 1 : back + 2] == b"\n" else back + 1
    return back + 1 if ended else 0


# Blanks beyond ASCII, as UTF-8: no-break space, next line, the general punctuation that holds the others.
_WIDE_BLANKS = (b"\xc2\xa0", b"\xc2\x85", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81", b"\xe3\x80\x80")


def _is_tidy(text: bytes, mark: bytes) -> bool:
    """Whether surely no cell of these lines has a blank at one of its ends. ``False`` means: have a look."""
    if any(sign in text for sign in (b"\t", b"\x0b", b"\x0c") if sign != mark):
        return False
    if not text.isascii() and any(blank in text for blank in _WIDE_BLANKS):
        return False
    beside = (mark, QUOTE.encode()) if QUOTE.encode() in text else (mark,)
    pairs = [pair for sign in (*beside, b"\n", b"\r") for pair in (b" " + sign, sign + b" ")]
    if b"\r" not in text:
        pairs = [pair for pair in pairs if b"\r" not in pair]
    return not (text.startswith(b" ") or text.endswith(b" ") or any(pair in text for pair in pairs))


def _line_feeds(text: bytes) -> bytes:
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text if not text or text.endswith(b"\n") else text + b"\n"


def _ended(line: bytes) -> bytes:
    return line if line.endswith((b"\n", b"\r")) else line + b"\n"


def _numbered(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    return frame.insert_column(0, pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True).alias(ROW))
