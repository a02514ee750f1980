"""``read``: a file in, a source with its tables out, or :class:`Unreadable` with a sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.table.blocks import BLOCK
from ckanext.satudata.core.qa.table.magic import kind_of
from ckanext.satudata.core.qa.table.model import MB, Limits, Source, Table
from ckanext.satudata.core.qa.table.packed import Around, read_packed
from ckanext.satudata.core.qa.table.textfile import open_text
from ckanext.satudata.core.qa.table.unreadable import Unreadable
from ckanext.satudata.core.qa.table.zipped import workbook_kind


def read(path: Path, *, name: str | None = None, limits: Limits | None = None, hold: bool = True) -> Source:
    """Read every table of the file at ``path``; ``name`` is what people call it. With ``hold=False`` a text file of
    more than one block is only opened: its rows stay in the file until somebody asks for them.

    Raises :class:`Unreadable` (with ``name`` among its parameters) for everything that is no table, is damaged,
    empty, or beyond ``limits``, and when the file vanishes while it is read.
    """
    name = name or path.name
    limits = limits or Limits()
    try:
        return _read(path, name, limits, hold)
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


def _read(path: Path, name: str, limits: Limits, hold: bool) -> Source:
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty")
    if size > limits.file_bytes:
        raise Unreadable("too_big", size_mb=-(-size // MB), limit_mb=limits.file_bytes // MB)
    if size > BLOCK and not hold and kind_of(path) == "text":
        return _streamed(path, name, size, limits)
    kind, facts, tables = _tables(path, name, limits, Around(limits.inflated_bytes))
    return Source(path, name, size, _digest(path), kind, facts, tables)


def _streamed(path: Path, name: str, size: int, limits: Limits) -> Source:
    """A large text: its hash is worked out while it is read."""
    from concurrent.futures import ThreadPoolExecutor

    stream = open_text(path, limits)
    beside = ThreadPoolExecutor(1)
    stream.digest = beside.submit(_digest, path)
    beside.shutdown(wait=False)
    return Source(path, name, size, "", "csv", stream.facts, (), stream)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tables(path: Path, name: str, limits: Limits, around: Around) -> tuple[str, dict[str, Any], tuple[Table, ...]]:
    """Kind, facts and tables of a file, which may lie in archives."""
    if path.stat().st_size == 0:
        raise Unreadable("empty")
    kind = container = kind_of(path)
    if container == "text":
        stream = open_text(path, limits)
        kind, facts, tables = "csv", stream.facts, (stream.whole(),)
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
