"""Tables in text: CSV and its relatives."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, BinaryIO

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.area import Row, find_head
from ckanext.satudata.core.qa.table.blocks import Blocks, Irregular
from ckanext.satudata.core.qa.table.build import build
from ckanext.satudata.core.qa.table.delimiter import delimiter_of, sep_line
from ckanext.satudata.core.qa.table.encoding import encoding_of, open_utf8
from ckanext.satudata.core.qa.table.model import ROW, Limits, Outside, Table
from ckanext.satudata.core.qa.table.unreadable import Unreadable

_HEAD_BYTES = 256 << 10
_HEAD_RECORDS = 300
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def read_text(path: Path, limits: Limits) -> tuple[dict[str, Any], Table]:
    """Facts about the file and its one table; raises :class:`Unreadable`."""
    encoding = encoding_of(path)
    with open_utf8(path, encoding) as stream:
        facts, table = _read(stream, limits)
    return {"encoding": encoding.label, "bom": encoding.bom > 0, **facts}, table


def _read(stream: BinaryIO, limits: Limits) -> tuple[dict[str, Any], Table]:
    beginning = stream.tell()
    lines, whole = _head_lines(stream)
    named = sep_line(lines[0]) if lines else None
    skipped = 1 if named else 0
    delimiter = named or delimiter_of(lines)
    records = _records(lines[skipped:], delimiter, skipped, whole)
    if whole and not any(cell.strip(" \t\r\n;,|") for _, cells in records for cell in cells):
        raise Unreadable("no_rows")
    head = find_head(records)
    if head.width > 8 * limits.columns:
        raise Unreadable("too_many_columns", columns=head.width, limit=limits.columns)
    first = records[head.data_from][0] if head.data_from < len(records) else _next_line(records, lines, skipped)
    stream.seek(beginning)
    blocks = Blocks(stream, head.first_column + head.width, delimiter, skip_lines=first - 1, line=limits.line_bytes)
    frames: list[pl.DataFrame] = []
    irregular: list[Irregular] = []
    for block in blocks:
        frames.append(block.frame)
        irregular += block.irregular
    ids = blocks.ids[head.first_column :]
    frame = (
        pl.concat(frames) if frames else pl.DataFrame(schema={ROW: pl.Int64, **dict.fromkeys(blocks.ids, pl.String)})
    )
    table = build(frame.select(ROW, *ids), head, irregular, limits)
    if named:
        table = _with_sep_line(table, lines[0])
    ends, final = _line_ends(stream, beginning)
    return {
        "delimiter": delimiter,
        "delimiter_name": _NAMES.get(delimiter, delimiter),
        "sep_line": named is not None,
        "line_ends": ends,
        "final_newline": final,
    }, table


def _head_lines(stream: BinaryIO) -> tuple[list[str], bool]:
    """The first lines with their ends, and whether they are the whole file."""
    data = stream.read(_HEAD_BYTES + 1)
    whole = len(data) <= _HEAD_BYTES
    lines = list(io.StringIO(data.decode("utf-8", "ignore"), newline=""))
    if not whole and len(lines) > 1:
        lines.pop()  # cut in the middle
    return lines, whole


def _records(lines: list[str], delimiter: str, skipped: int, whole: bool) -> list[Row]:
    """The first records with the line on which each starts."""
    if csv.field_size_limit() <= _HEAD_BYTES:
        csv.field_size_limit(_HEAD_BYTES + 1)
    reader = csv.reader(lines, delimiter=delimiter)
    records: list[Row] = []
    start = 1
    while len(records) < _HEAD_RECORDS:
        try:
            cells = next(reader)
        except StopIteration:
            break
        records.append((start + skipped, cells))
        start = reader.line_num + 1
    # A record that ran over many lines into the end of the sample is a quote that does not close, or one cut in two.
    if len(records) > 1 and not whole and start > len(lines) and records[-1][0] - skipped < len(lines):
        records.pop()
    return records


def _next_line(records: list[Row], lines: list[str], skipped: int) -> int:
    """The line behind the sample, where a header is all there is."""
    return len(lines) + 1 if records else skipped + 1


def _line_ends(stream: BinaryIO, beginning: int) -> tuple[str, bool]:
    """``LF``, ``CRLF``, ``CR`` or ``mixed``, and whether the last line has an end."""
    stream.seek(beginning)
    both = feeds = returns = 0
    last = b""
    while chunk := stream.read(8 << 20):
        joined = last[-1:] + chunk
        both += joined.count(b"\r\n")
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        last = chunk
    kinds = {"CRLF": both, "LF": feeds - both, "CR": returns - both}
    used = [name for name, count in kinds.items() if count > 0]
    ends = used[0] if len(used) == 1 else ("none" if not used else "mixed")
    return ends, last.endswith((b"\n", b"\r"))


def _with_sep_line(table: Table, line: str) -> Table:
    from dataclasses import replace

    return replace(table, outside=(Outside("title", 1, 1, line.strip()), *table.outside))
