"""Tables in text: CSV and its relatives."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from ckanext.satudata.core.qa.table.area import Row, find_head
from ckanext.satudata.core.qa.table.delimiter import delimiter_of, sep_line
from ckanext.satudata.core.qa.table.encoding import encoding_of, open_utf8
from ckanext.satudata.core.qa.table.model import Limits, Outside
from ckanext.satudata.core.qa.table.stream import Stream
from ckanext.satudata.core.qa.table.unreadable import Unreadable

_HEAD_BYTES = 256 << 10
_HEAD_RECORDS = 300
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def open_text(path: Path, limits: Limits) -> Stream:
    """Find out how the text at ``path`` is written and where its table begins; raises :class:`Unreadable`."""
    encoding = encoding_of(path)
    with open_utf8(path, encoding) as stream:
        beginning = stream.tell()
        lines, whole = _head_lines(stream)
        ends, final = _line_ends(stream, beginning)
    named = sep_line(lines[0]) if lines else None
    skipped = 1 if named else 0
    delimiter = named or delimiter_of(lines)
    records = _records(lines[skipped:], delimiter, skipped, whole)
    if whole and not any(cell.strip(" \t\r\n;,|") for _, cells in records for cell in cells):
        raise Unreadable("no_rows")
    head = find_head(records)
    if head.width > 8 * limits.columns:
        raise Unreadable("too_many_columns", columns=head.width, limit=limits.columns)
    if named:
        head = replace(head, outside=(Outside("title", 1, 1, lines[0].strip()), *head.outside))
    first = records[head.data_from][0] if head.data_from < len(records) else _next_line(records, lines, skipped)
    facts = {
        "encoding": encoding.label,
        "bom": encoding.bom > 0,
        "delimiter": delimiter,
        "delimiter_name": _NAMES.get(delimiter, delimiter),
        "sep_line": named is not None,
        "line_ends": ends,
        "final_newline": final,
    }
    return Stream(path, encoding, delimiter, head, first, limits, facts)


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
    kinds: set[str] = set()
    last = b""
    while chunk := stream.read(8 << 20):
        if b"\r" not in chunk and not last.endswith(b"\r"):
            kinds |= {"LF"} if b"\n" in chunk else set()
        else:
            kinds |= _kinds_of_ends(last, chunk)
        last = chunk
    if last.endswith(b"\r"):
        kinds.add("CR")
    ends = kinds.pop() if len(kinds) == 1 else ("none" if not kinds else "mixed")
    return ends, last.endswith((b"\n", b"\r"))


def _kinds_of_ends(before: bytes, chunk: bytes) -> set[str]:
    """The kinds in ``chunk``; a carriage return in its last place is left to the next one."""
    joined = before[-1:] + chunk if before.endswith(b"\r") else chunk
    both = joined.count(b"\r\n")
    counts = {
        "CRLF": both,
        "LF": joined.count(b"\n") - both,
        "CR": joined.count(b"\r") - both - joined.endswith(b"\r"),
    }
    return {name for name, count in counts.items() if count > 0}
