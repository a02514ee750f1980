"""``read``: a file in, a source with its tables out, or :class:`Unreadable` with a sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.table.magic import kind_of
from ckanext.satudata.core.qa.table.model import MB, Limits, Source, Table
from ckanext.satudata.core.qa.table.packed import Around, read_packed
from ckanext.satudata.core.qa.table.textfile import read_text
from ckanext.satudata.core.qa.table.unreadable import Unreadable
from ckanext.satudata.core.qa.table.zipped import workbook_kind


def read(path: Path, *, name: str | None = None, limits: Limits | None = None) -> Source:
    """Read every table of the file at ``path``; ``name`` is what people call it.

    Raises :class:`Unreadable` (with ``name`` among its parameters) for everything that is no table, is damaged,
    empty, or beyond ``limits``, and when the file vanishes while it is read.
    """
    name = name or path.name
    limits = limits or Limits()
    try:
        return _read(path, name, limits)
    except Unreadable as unreadable:
        unreadable.parameters.setdefault("name", name)
        raise
    except FileNotFoundError as error:
        raise Unreadable("missing", name=name) from error


def _read(path: Path, name: str, limits: Limits) -> Source:
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty")
    if size > limits.file_bytes:
        raise Unreadable("too_big", size_mb=-(-size // MB), limit_mb=limits.file_bytes // MB)
    kind, facts, tables = _tables(path, name, limits, Around(limits.inflated_bytes))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(path, name, size, digest, kind, facts, tables)


def _tables(path: Path, name: str, limits: Limits, around: Around) -> tuple[str, dict[str, Any], tuple[Table, ...]]:
    """Kind, facts and tables of a file, which may lie in archives."""
    if path.stat().st_size == 0:
        raise Unreadable("empty")
    kind = container = kind_of(path)
    if container == "text":
        facts, table = read_text(path, limits)
        kind, tables = "csv", (table,)
    elif container == "json":
        from ckanext.satudata.core.qa.table.json_records import read_json

        kind, facts, tables = read_json(path, limits)
    else:
        if container == "zip":
            kind = workbook_kind(path, limits)
        if kind in ("zip", "gz"):
            return read_packed(path, name, kind, limits, around, _tables)
        from ckanext.satudata.core.qa.table.workbook import read_workbook

        kind = "xls" if container == "ole" else kind
        facts, tables = read_workbook(path, limits, kind)
    tables = tuple(table for table in tables if table.columns and table.height)
    if not tables:
        raise Unreadable("no_rows")
    return kind, facts, tables
