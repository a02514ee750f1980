"""A second engine for the checks Table Schema knows: ``csv`` and plain loops, nothing of the first one.

It is the oracle of the tests: slow, short, and written from the meaning of the rules, not from the other engine's code.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

# check, column ("" for the row), physical row
Finding = tuple[str, str, int]

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def judge(
    path: Path, dictionary: Sequence[dict[str, Any]], lists: dict[str, set[str]], missing: Sequence[str]
) -> list[Finding]:
    """Everything that is wrong in a comma-separated UTF-8 file with one header line, in no order."""
    columns = {column["kolom"]: column for column in dictionary}
    found: list[Finding] = []
    seen_rows: set[tuple[str, ...]] = set()
    seen_keys: set[tuple[str, ...]] = set()
    records = _records(path)
    _, header = next(records)
    found += _header(header)
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            found.append(("width", "", number))
        cells = [cell.strip() for cell in (record + [""] * len(header))[: len(header)]]
        by_name = dict(zip(header, cells, strict=True))
        for name, cell in by_name.items():
            wrong = _cell(cell, columns.get(name, {"kolom": name}), lists, missing)
            if wrong is not None:
                found.append((wrong, name, number))
        row = tuple(cells)
        key = tuple(by_name[column["kolom"]] for column in dictionary if column.get("kunci"))
        if row in seen_rows:
            found.append(("row", "", number))
        elif key and all(key) and key in seen_keys:
            found.append(("key", "", number))
        seen_rows.add(row)
        seen_keys.add(key)
    return found


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Records with the physical line on which each starts."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        line = 1
        for record in reader:
            yield line, record
            line = reader.line_num + 1


def _header(header: list[str]) -> list[Finding]:
    names = [name.strip().casefold() for name in header]
    found = [("header", "", 1) for name in names if not name]
    return found + [("header", name, 1) for name in sorted({name for name in names if name and names.count(name) > 1})]


def _cell(cell: str, column: dict[str, Any], lists: dict[str, set[str]], missing: Sequence[str]) -> str | None:
    """The first rule a cell breaks."""
    if cell.lower() in missing:
        return "required" if column.get("wajib") or column.get("kunci") else None
    kind = column.get("tipe", "text")
    if kind == "integer" and not _INTEGER.fullmatch(cell):
        return "type"
    if kind == "number" and not _NUMBER.fullmatch(cell):
        return "type"
    if kind == "date" and not _is_date(cell):
        return "type"
    if kind in ("integer", "number"):
        least, most = column.get("minimal"), column.get("maksimal")
        if (least is not None and float(cell) < least) or (most is not None and float(cell) > most):
            return "range"
    if column.get("pola") and not re.fullmatch(column["pola"], cell):
        return "pattern"
    allowed = set(column["nilai"]) if column.get("nilai") else lists.get(column.get("daftar") or "")
    return "list" if allowed is not None and cell not in allowed else None


def _is_date(cell: str) -> bool:
    if not _DATE.fullmatch(cell):
        return False
    try:
        datetime.date.fromisoformat(cell)
    except ValueError:
        return False
    return True
