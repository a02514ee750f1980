"""``read``: a file in, a source with its tables out, or :class:`Unreadable` with a sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ckanext.satudata.core.qa.table.blocks import BLOCK
from ckanext.satudata.core.qa.table.magic import kind_of
from ckanext.satudata.core.qa.table.model import MB, Limits, Source
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


def _read(path: Path, name: str, limits: Limits, hold: bool) -> Source:
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty")
    if size > limits.file_bytes:
        raise Unreadable("too_big", size_mb=-(-size // MB), limit_mb=limits.file_bytes // MB)
    container = kind_of(path)
    if container == "text":
        stream = open_text(path, limits)
        if size > BLOCK and not hold:
            # The hash of a large file is worked out while it is read.
            from concurrent.futures import ThreadPoolExecutor

            beside = ThreadPoolExecutor(1)
            stream.digest = beside.submit(_digest, path)
            beside.shutdown(wait=False)
            return Source(path, name, size, "", "csv", stream.facts, (), stream)
        facts, kind, tables = stream.facts, "csv", (stream.whole(),)
    else:
        from ckanext.satudata.core.qa.table.workbook import read_workbook

        kind = workbook_kind(path, limits) if container == "zip" else "xls"
        facts, tables = read_workbook(path, limits)
    tables = tuple(table for table in tables if table.columns and table.height)
    if not tables:
        raise Unreadable("no_rows")
    return Source(path, name, size, _digest(path), kind, facts, tables)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
