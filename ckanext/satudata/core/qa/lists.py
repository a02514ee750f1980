"""Reference lists as the checks see them: read when first asked for, several editions side by side."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ckanext.satudata.core.reference.codelist import CodeList, Entry, code_list

REGIONS = "wilayah_kemendagri"
REGIONS_BPS = "wilayah_bps"


class Lists:
    """Lists by key; the first one given for a key counts unless an edition is named."""

    def __init__(self, lists: Iterable[CodeList] = ()) -> None:
        self._lists = list(lists)

    def get(self, key: str | None, edition: str | None = None) -> CodeList | None:
        """The list, or ``None`` when it is not there."""
        return next(
            (known for known in self._lists if known.key == key and edition in (None, "", known.edition)),
            None,
        )

    def __iter__(self) -> Iterator[CodeList]:
        return iter(self._lists)

    def to_dicts(self) -> list[dict[str, Any]]:
        """What was at hand, for the report."""
        return [
            {"key": known.key, "title": known.title, "edition": known.edition, "entries": len(known)}
            for known in self._lists
        ]

    @classmethod
    def from_files(cls, paths: Iterable[Path]) -> Lists:
        """Read JSON files as the reference slice writes them, or CSV files ``code,name[,parent]`` named after their
        key.

        Raises :class:`ListError` for a file that is neither.
        """
        return cls(read_list(path) for path in paths)


class ListError(ValueError):
    """A file that is no reference list."""


def read_list(path: Path) -> CodeList:
    """One list from a JSON or CSV file; the key of a CSV file is its name."""
    try:
        if path.suffix.lower() == ".json":
            return CodeList.from_dict(json.loads(path.read_text("utf-8")))
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        header = [cell.strip().lower() for cell in rows[0]]
        code, name = _find(header, ("code", "kode")), _find(header, ("name", "nama", "label"))
        parent = _find(header, ("parent", "induk", "parent_code"))
        if code is None or name is None:
            raise ValueError("columns 'code' and 'name' are needed")
        entries = (
            Entry(row[code].strip(), row[name].strip(), (row[parent].strip() or None) if parent is not None else None)
            for row in rows[1:]
            if row and row[code].strip()
        )
        return code_list(path.stem, path.stem.replace("_", " "), "", entries)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ListError(f"{path.name}: {error}") from error


def _find(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)
