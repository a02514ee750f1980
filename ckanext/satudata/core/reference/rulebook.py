"""Lists that ship as files: ``<key>.csv`` beside ``<key>.yaml`` in a rulebook's ``reference`` folder.

The CSV has the columns ``code,name`` and, where wanted, ``parent``, ``valid_from``, ``valid_until`` (ISO dates) and
``aliases`` (parted by ``|``); every other column becomes a property of the entry (``name_en``, ``factor``, …). The YAML
says ``title`` (``id`` and ``en``), ``edition``, ``source``, ``licence`` and, if known, ``valid_from``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import yaml

from ckanext.satudata.core.reference.codelist import CodeList, DuplicateCodeError, Entry, code_list

KNOWN = ("code", "name", "parent", "valid_from", "valid_until", "aliases")


class BrokenListError(ValueError):
    """A shipped list cannot be read; the message names the file, the line and what is wrong."""


def load_folder(folder: Path) -> dict[str, CodeList]:
    """All lists of one ``reference`` folder by key; a CSV without its YAML, or the reverse, is refused."""
    tables = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    cards = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    for lonely in sorted(tables.keys() ^ cards.keys()):
        raise BrokenListError(f"{folder}: '{lonely}' needs both a .csv and a .yaml file")
    return {key: load_list(path, cards[key]) for key, path in tables.items()}


def load_folders(folders: Iterable[Path]) -> dict[str, CodeList]:
    """Lists of several rulebooks; the first folder that has a key wins, so a region can replace one of ours."""
    found: dict[str, CodeList] = {}
    for folder in folders:
        if folder.is_dir():
            found = {**load_folder(folder), **found}
    return found


def load_list(table: Path, card: Path) -> CodeList:
    """One list from its CSV and YAML."""
    about = _card(card)
    title = about["title"]
    try:
        return code_list(
            table.stem,
            str(title["id"]),
            str(about["edition"]),
            _entries(table),
            source=str(about["source"]),
            licence=str(about["licence"]),
            title_en=str(title["en"]),
        )
    except DuplicateCodeError as error:
        raise BrokenListError(f"{table}: {error}") from error


def _card(path: Path) -> Mapping[str, Any]:
    about: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(about, dict):
        raise BrokenListError(f"{path}: a mapping is expected")
    card = cast("dict[str, Any]", about)
    missing = [key for key in ("title", "edition", "source", "licence") if not card.get(key)]
    title: Any = card.get("title")
    if missing or not isinstance(title, dict) or not {"id", "en"} <= set(cast("dict[str, str]", title)):
        raise BrokenListError(f"{path}: title (id, en), edition, source and licence are needed; missing: {missing}")
    return card


def _entries(path: Path) -> Iterable[Entry]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames is None or not {"code", "name"} <= set(reader.fieldnames):
            raise BrokenListError(f"{path}: the first line must name the columns code and name")
        for row in reader:
            # None is DictReader's key for surplus cells and its value for missing ones.
            if None in row or None in row.values():
                raise BrokenListError(f"{path}: line {reader.line_num} has another number of cells than the first line")
            yield _entry(path, reader.line_num, {key: value.strip() for key, value in row.items()})


def _entry(path: Path, line: int, row: Mapping[str, str]) -> Entry:
    if not row["code"] or not row["name"]:
        raise BrokenListError(f"{path}: line {line} has no code or no name")
    try:
        first, last = (_day(row.get(key, "")) for key in ("valid_from", "valid_until"))
    except ValueError as error:
        raise BrokenListError(f"{path}: line {line}: dates are written like 2025-06-23") from error
    return Entry(
        code=row["code"],
        name=row["name"],
        parent=row.get("parent") or None,
        valid_from=first,
        valid_until=last,
        aliases=tuple(alias.strip() for alias in row.get("aliases", "").split("|") if alias.strip()),
        properties=MappingProxyType({key: value for key, value in row.items() if key not in KNOWN and value}),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
