"""``read``: a file in, a source with its tables out, or :class:`Unreadable` with a sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ckanext.satudata.core.qa.table.magic import kind_of
from ckanext.satudata.core.qa.table.model import MB, Limits, Source
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
    except BaseException as panic:
        # A library written in Rust that meets what its author held impossible in a damaged workbook.
        if type(panic).__name__ != "PanicException":
            raise
        raise Unreadable("broken_workbook", name=name) from panic


def _read(path: Path, name: str, limits: Limits) -> Source:
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty")
    if size > limits.file_bytes:
        raise Unreadable("too_big", size_mb=-(-size // MB), limit_mb=limits.file_bytes // MB)
    container = kind_of(path)
    if container == "text":
        facts, table = read_text(path, limits)
        kind, tables = "csv", (table,)
    else:
        from ckanext.satudata.core.qa.table.workbook import read_workbook

        kind = workbook_kind(path, limits) if container == "zip" else "xls"
        facts, tables = read_workbook(path, limits)
    tables = tuple(table for table in tables if table.columns and table.height)
    if not tables:
        raise Unreadable("no_rows")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(path, name, size, digest, kind, facts, tables)
