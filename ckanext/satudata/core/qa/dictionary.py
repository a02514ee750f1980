"""The data dictionary (*kamus data*): what each column of a table means.

As plain data a column is ``{kolom, label, tipe, satuan, daftar, edisi, wajib, kunci, definisi, nilai}``; that is how it
is stored with a resource (``kamus_data``), read from a YAML, JSON or CSV file, and written into a report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.cells import Notation
from ckanext.satudata.core.qa.table.model import Table, TableColumn
from ckanext.satudata.core.text import Text


class DictionaryError(ValueError):
    """A data dictionary that cannot be understood; ``text`` says why, in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column. ``list`` is the key of a reference list, ``edition`` which one of it, ``values`` a closed
    list of its own; ``key`` columns together name a row."""

    name: str
    label: str = ""
    type: str = "text"
    unit: str = ""
    list: str | None = None
    edition: str | None = None
    required: bool = False
    key: bool = False
    description: str = ""
    values: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "kolom": self.name,
            "label": self.label,
            "tipe": self.type,
            "satuan": self.unit,
            "daftar": self.list,
            "edisi": self.edition,
            "wajib": self.required,
            "kunci": self.key,
            "definisi": self.description,
            "nilai": list(self.values),
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column as the file suggests it, with the reason in words; a person confirms it."""

    column: Column
    why: Text

    def to_dict(self) -> dict[str, Any]:
        return {**self.column.to_dict(), "why": self.why.to_dict()}


def from_dicts(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Read plain data; raises :class:`DictionaryError` for a missing name, an unknown type, or a name twice."""
    columns: list[Column] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        name = str(row.get("kolom") or "").strip()
        if not name:
            raise DictionaryError(
                Text(f"Kamus data baris {number}: nama kolom kosong.", f"Row {number}: no column name.")
            )
        if same_name(name) in seen:
            raise DictionaryError(
                Text(f"Kamus data: kolom “{name}” tertulis dua kali.", f"Column “{name}” is declared twice.")
            )
        seen.add(same_name(name))
        kind = str(row.get("tipe") or "text").strip().lower()
        if kind not in cells.TYPES:
            known = ", ".join(cells.TYPES)
            raise DictionaryError(
                Text(
                    f"Kamus data, kolom “{name}”: tipe “{kind}” tidak dikenal. Pilih salah satu: {known}.",
                    f"Column “{name}”: unknown type “{kind}”. Use one of {known}.",
                )
            )
        columns.append(
            Column(
                name=name,
                label=str(row.get("label") or ""),
                type=kind,
                unit=str(row.get("satuan") or ""),
                list=str(row.get("daftar") or "") or None,
                edition=str(row.get("edisi") or "") or None,
                required=_yes(row.get("wajib")),
                key=_yes(row.get("kunci")),
                description=str(row.get("definisi") or ""),
                values=_values(row.get("nilai")),
            )
        )
    return columns


def _yes(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "1", "ya", "y", "yes") if value is not None else False


def _values(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.replace(";", "|").split("|") if part.strip())
    return tuple(str(part) for part in value or ())


def same_name(name: str) -> str:
    """Column names are the same whatever their case and blanks."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True)
class Bound:
    """A dictionary laid on a table: which declared column is which column of the file.

    ``given`` is false while the dictionary is only proposed by the machine.
    """

    table: Table
    columns: tuple[Column, ...]
    given: bool

    @cached_property
    def pairs(self) -> list[tuple[Column, TableColumn]]:
        """Declared columns with their column of the table, in the table's order; a name twice goes to the first."""
        declared = {same_name(column.name): column for column in self.columns}
        found: list[tuple[Column, TableColumn]] = []
        for there in self.table.columns:
            column = declared.pop(same_name(there.name or position_name(there)), None)
            if column is not None:
                found.append((column, there))
        return found

    @property
    def missing(self) -> list[Column]:
        """Declared columns the table does not have."""
        there = {column.name for column, _ in self.pairs}
        return [column for column in self.columns if column.name not in there]

    @property
    def undeclared(self) -> list[TableColumn]:
        """Columns of the table that nobody declared."""
        known = {there.id for _, there in self.pairs}
        return [there for there in self.table.columns if there.id not in known]

    def of_type(self, *types: str) -> list[tuple[Column, TableColumn]]:
        return [pair for pair in self.pairs if pair[0].type in types]

    def coded(self, prefix: str = "") -> list[tuple[Column, TableColumn]]:
        """Columns with a reference list whose key begins with ``prefix``."""
        return [pair for pair in self.pairs if pair[0].list and pair[0].list.startswith(prefix)]

    def notation(self, column: TableColumn) -> Notation:
        """How the numbers of the column are written; worked out once."""
        if column.id not in self._notations:
            self._notations[column.id] = cells.notation(self.table.rows, column.id)
        return self._notations[column.id]

    @cached_property
    def _notations(self) -> dict[str, Notation]:
        return {}

    def name_column(self, code: TableColumn) -> TableColumn | None:
        """The column that holds the names for a column of codes: ``kode_desa`` → ``nama_desa``, ``Kode Wilayah`` →
        ``Wilayah``.
        """
        wanted = _name_for(code.name)
        by_name = {same_name(there.name): there for there in self.table.columns if there.id != code.id}
        for name in wanted:
            if name in by_name:
                return by_name[name]
        return None


_CODE_WORDS = ("kode", "kd", "code", "id")


def _name_for(code_name: str) -> list[str]:
    """Names under which the names of ``kode_x`` may stand."""
    name = same_name(code_name).replace(".", " ")
    found: list[str] = []
    for mark in ("_", " "):
        words = name.replace("_", " ").split() if mark == " " else name.split("_")
        if not any(word in _CODE_WORDS for word in words):
            continue
        rest = [word for word in words if word not in _CODE_WORDS]
        for replacement in (["nama"], ["nm"], ["name"], []):
            at = next(index for index, word in enumerate(words) if word in _CODE_WORDS)
            candidate = mark.join([*rest[:at], *replacement, *rest[at:]])
            if candidate:
                found.append(candidate)
        if rest:
            found.append(mark.join(["nama", *rest]))
    return list(dict.fromkeys(found))


def position_name(column: TableColumn) -> str:
    """What a column without a header is called."""
    return column.name or f"kolom_{column.position}"


def with_list(column: Column, key: str | None) -> Column:
    return replace(column, list=key)
