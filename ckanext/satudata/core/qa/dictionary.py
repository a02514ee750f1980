"""The data dictionary (*kamus data*): what each column of a table means.

As plain data a column is ``{kolom, label, tipe, satuan, daftar, edisi, wajib, kunci, definisi, nilai}``, and where they
are declared ``ukuran`` (what is measured), ``minimal``, ``maksimal`` (numbers), ``pola`` (a regular expression the
whole cell has to fit), ``unik``, ``tanda_kosong`` (texts that stand for "no value" in this column), ``aditif`` (whether
its figures may be added up) and ``skema`` (what a Table Schema said beside these, kept as it was); that is how it is
stored with a resource (``kamus_data``), read from a file (:mod:`dictionary_file`), and written into a report.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.cells import Notation
from ckanext.satudata.core.qa.table.model import Table, TableColumn
from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.panel import Panel
    from ckanext.satudata.core.qa.shape import Shape


# What plain data may say of a column, in the order in which it is shown.
KEYS = (
    *("kolom", "label", "tipe", "ukuran", "satuan", "daftar", "edisi", "wajib", "kunci", "unik", "definisi", "nilai"),
    *("minimal", "maksimal", "pola", "tanda_kosong", "aditif", "skema"),
)


class DictionaryError(ValueError):
    """A data dictionary that cannot be understood; ``text`` says why, in both languages."""

    def __init__(self, text: Text, **parameters: object) -> None:
        # Names come from files and may hold braces: they are filled in once and never read as a template again.
        filled = Text(*(words.format(**parameters) for words in (text.id, text.en)))
        super().__init__(filled.en)
        self.text = filled

    def sentence(self, language: str = "id") -> str:
        return self.text.en if language == "en" else self.text.id


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column. ``list`` is the key of a reference list, ``edition`` which one of it, ``values`` a closed
    list of its own; ``key`` columns together name a row, a ``unique`` one does so alone. ``additive`` is ``None`` where
    nobody said whether the figures may be added up; ``extra`` is what only a Table Schema knows of (``rdfType`` …)."""

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
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    measure: str = ""
    unique: bool = False
    missing: tuple[str, ...] = ()
    additive: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)

    def to_dict(self) -> dict[str, Any]:
        declared = {
            "ukuran": self.measure or None,
            "minimal": self.minimum,
            "maksimal": self.maximum,
            "pola": self.pattern or None,
            "unik": self.unique or None,
            "tanda_kosong": list(self.missing) or None,
            "aditif": self.additive,
            "skema": dict(self.extra) or None,
        }
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
            **{key: value for key, value in declared.items() if value is not None},
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
                Text("Kamus data baris {number}: nama kolom kosong.", "Row {number}: no column name."), number=number
            )
        if same_name(name) in seen:
            raise DictionaryError(
                Text("Kamus data: kolom “{name}” tertulis dua kali.", "Column “{name}” is declared twice."), name=name
            )
        seen.add(same_name(name))
        kind = str(row.get("tipe") or "text").strip().lower()
        if kind not in cells.TYPES:
            raise DictionaryError(
                Text(
                    "Kamus data, kolom “{name}”: tipe “{kind}” tidak dikenal. Pilih salah satu: {known}.",
                    "Column “{name}”: unknown type “{kind}”. Use one of {known}.",
                ),
                name=name,
                kind=kind,
                known=", ".join(cells.TYPES),
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
                minimum=_limit(name, row.get("minimal")),
                maximum=_limit(name, row.get("maksimal")),
                pattern=_pattern(name, row.get("pola")),
                measure=str(row.get("ukuran") or ""),
                unique=_yes(row.get("unik")),
                missing=_values(row.get("tanda_kosong")),
                additive=_yes(row["aditif"]) if str(row.get("aditif", "")).strip() not in ("", "None") else None,
                extra=_extra(name, row.get("skema")),
            )
        )
        _agree(columns[-1])
    return columns


def _yes(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "1", "ya", "y", "yes") if value is not None else False


def _values(value: Any) -> tuple[str, ...]:
    """A list; as text a JSON list, or parts between bars or semicolons."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, str):
        return tuple(part.strip() for part in value.replace(";", "|").split("|") if part.strip())
    if isinstance(value, int | float):
        return (str(value),)
    return tuple(str(part) for part in value or ())


def _extra(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value.strip():
        with suppress(ValueError):
            value = json.loads(value)
    if value and not isinstance(value, Mapping):
        raise DictionaryError(
            Text(
                "Kamus data, kolom “{name}”: “skema” berupa objek JSON.", "Column “{name}”: “skema” is a JSON object."
            ),
            name=name,
        )
    return {str(key): part for key, part in cast("Mapping[str, Any]", value or {}).items()}


def _agree(column: Column) -> None:
    if column.minimum is not None and column.maximum is not None and column.minimum > column.maximum:
        raise DictionaryError(
            Text(
                "Kamus data, kolom “{name}”: nilai terkecil {least:g} lebih besar daripada nilai terbesar {most:g}.",
                "Column “{name}”: the least value {least:g} is greater than the greatest one {most:g}.",
            ),
            name=column.name,
            least=column.minimum,
            most=column.maximum,
        )


def _limit(name: str, value: Any) -> float | None:
    if value is None or not str(value).strip():
        return None
    try:
        limit = float(str(value).strip().replace(",", "."))
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise DictionaryError(
            Text(
                "Kamus data, kolom “{name}”: batas “{value}” bukan angka.", "Column “{name}”: “{value}” is no number."
            ),
            name=name,
            value=value,
        )
    return limit


def _pattern(name: str, value: Any) -> str:
    pattern = str(value or "").strip()
    try:
        re.compile(pattern)
    except re.error as error:
        raise DictionaryError(
            Text(
                "Kamus data, kolom “{name}”: pola “{pattern}” tidak dapat dibaca ({error}).",
                "Column “{name}”: pattern “{pattern}” cannot be read ({error}).",
            ),
            name=name,
            pattern=pattern,
            error=error,
        ) from error
    return pattern


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
    notations: Mapping[str, Notation] = field(default_factory=dict[str, Notation])  # known already, by column id

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
        if column.id in self.notations:
            return self.notations[column.id]
        if column.id not in self._notations:
            self._notations[column.id] = cells.notation(self.table.rows, column.id)
        return self._notations[column.id]

    @cached_property
    def _notations(self) -> dict[str, Notation]:
        return {}

    @cached_property
    def shape(self) -> Shape:
        """What the columns are for; worked out once for all checks."""
        from ckanext.satudata.core.qa.shape import Shape

        return Shape(self)

    @cached_property
    def panels(self) -> list[Panel]:
        """The table as series; worked out once for all checks."""
        from ckanext.satudata.core.qa.panel import panels

        return panels(self)

    def name_column(self, code: TableColumn) -> TableColumn | None:
        """The column with the names of a column of codes: ``kode_desa`` → ``nama_desa``, ``Kd_Prov`` → ``Provinsi``."""
        words = _words(code.name)
        about = [word for word in words if word not in _CODE_WORDS]
        if len(about) == len(words):
            return None
        named = [column for column in self.table.columns if column.id != code.id and not is_code_name(column.name)]
        for wanted in (_exchanged(words), sorted(["nama", *about]), sorted(about)):
            for column in named:
                if wanted and sorted(_words(column.name)) == sorted(wanted):
                    return column
        return None


_CODE_WORDS = ("kode", "code", "id")
# Short forms in headers, as words.
_LONG = {
    "kd": "kode",
    "nm": "nama",
    "name": "nama",
    "prov": "provinsi",
    "kab": "kabupaten",
    "kabkota": "kabupaten kota",
    "kabkot": "kabupaten kota",
    "kec": "kecamatan",
    "kel": "kelurahan",
}


def _words(name: str) -> list[str]:
    parts = re.sub(r"[^a-z0-9]+", " ", same_name(name)).split()
    return " ".join(_LONG.get(part, part) for part in parts).split()


def is_code_name(name: str) -> bool:
    """Whether a header speaks of codes: ``kode_desa``, ``Kd Prov``."""
    return any(word in _CODE_WORDS for word in _words(name))


def _exchanged(words: list[str]) -> list[str]:
    return ["nama" if word in _CODE_WORDS else word for word in words]


def position_name(column: TableColumn) -> str:
    """What a column without a header is called."""
    return column.name or f"kolom_{column.position}"
