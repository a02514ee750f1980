"""A data dictionary in a file, in any of the forms people have one in.

JSON: our own (a list of columns, or ``kamus_data: [...]``), a Table Schema, the fields of a DataStore table, MS-Var.
CSV: our own or MS-Var, one line a column. XLSX: a template (:mod:`template`). YAML: our own, on a person's own computer
only, because a YAML text can be made to grow without end.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ckanext.satudata.core.qa.datastore_fields import from_datastore, is_datastore
from ckanext.satudata.core.qa.dictionary import KEYS, Column, DictionaryError, from_dicts
from ckanext.satudata.core.qa.ms_var import from_ms_var, is_ms_var, to_ms_var
from ckanext.satudata.core.qa.plain_data import as_list, as_object, is_storable
from ckanext.satudata.core.qa.table.model import MB, Limits
from ckanext.satudata.core.qa.table.unreadable import Unreadable
from ckanext.satudata.core.qa.table_schema import from_table_schema, is_table_schema
from ckanext.satudata.core.text import Text

MOST_BYTES = 10 * MB
_DICTIONARY_SHEET = "_kamus"
_LIMITS = Limits(file_bytes=MOST_BYTES, inflated_bytes=200 * MB, cells=2_000_000)
# What a spreadsheet takes for a formula when it stands first in a cell; an apostrophe in front disarms it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_TOO_BIG = Text("Filenya lebih besar dari {limit} MB.", "The file is larger than {limit} MB.")
_FORMS = Text(
    "Yang dapat dibaca: Table Schema (JSON), kamus data sebagai CSV atau JSON, MS-Var, atau templat XLSX dari portal "
    "ini.",
    "What can be read: a Table Schema (JSON), a data dictionary as CSV or JSON, MS-Var, or an XLSX template of this "
    "portal.",
)
_NO_TEMPLATE = Text(
    "File XLSX ini bukan templat dari portal ini: lembar “_kamus” tidak ada.",
    "This XLSX file is no template of this portal: it has no sheet “_kamus”.",
)
_UNSTORABLE = Text(
    "Kamus data ini berisi huruf yang tidak dapat disimpan (byte nol atau huruf yang terpotong).",
    "This data dictionary holds letters that cannot be stored (zero bytes or halves of letters).",
)
_DAMAGED = Text("File XLSX ini tidak dapat dibuka.", "This XLSX file cannot be opened.")


def read_dictionary(path: Path) -> list[Column]:
    """Read the columns; raises :class:`DictionaryError` with a sentence for every file that is no data dictionary."""
    try:
        kind = path.suffix.lower().lstrip(".")
        if kind == "xlsx":
            return _of_template(path)
        if path.stat().st_size > MOST_BYTES:
            raise DictionaryError(_TOO_BIG, limit=MOST_BYTES // MB)
        data = _parsed(path.read_bytes().decode("utf-8-sig"), kind)
    except (OSError, ValueError, csv.Error, RecursionError) as error:
        if isinstance(error, DictionaryError):
            raise
        raise _no_dictionary(path, str(error)) from error
    columns = columns_of(data)
    if columns is None:
        raise _no_dictionary(path, "kamus_data: [{kolom: …}]")
    return columns


def columns_of(data: object) -> list[Column] | None:
    """The columns that plain data describe in one of the known forms; ``None`` for none of them. Raises
    :class:`DictionaryError` for a known form that is not understood."""
    refuse_unstorable(data)
    whole = as_object(data)
    if whole is not None and ("kamus_data" in whole or "columns" in whole):
        return columns_of(whole.get("kamus_data", whole.get("columns")))
    if is_table_schema(data) or (whole is not None and ("resources" in whole)):
        return list(from_table_schema(data))
    if whole is not None and is_datastore(data):
        return list(from_datastore(whole["fields"]))
    if is_ms_var(data):
        return list(from_ms_var(data))
    known = [as_object(row) for row in as_list(data) or ()]
    rows = [row for row in known if row is not None]
    return from_dicts(rows) if rows and len(rows) == len(known) and any("kolom" in row for row in rows) else None


def refuse_unstorable(data: object) -> None:
    """Raise :class:`DictionaryError` for texts no database and no page can hold."""
    if not is_storable(data):
        raise DictionaryError(_UNSTORABLE)


def to_csv(columns: Sequence[Column]) -> str:
    """The dictionary as a table, one line a column, with a byte order mark; no cell begins a formula."""
    return _table(KEYS, [column.to_dict() for column in columns])


def ms_var_csv(columns: Sequence[Column]) -> str:
    """The same as MS-Var, for the form of BPS."""
    variables = to_ms_var(columns)
    return _table(tuple(variables[0]) if variables else (), [{**one, **_flat(one)} for one in variables])


def _flat(variable: Mapping[str, Any]) -> dict[str, str]:
    lists = {key: as_list(value) or [] for key, value in variable.items() if as_list(value) is not None}
    named = {key: [(as_object(one) or {"nilai": one})["nilai"] for one in members] for key, members in lists.items()}
    return {key: " | ".join(map(str, members)) for key, members in named.items()}


def _table(keys: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(keys)
    writer.writerows([_disarmed(_cell(row.get(key))) for key in keys] for row in rows)
    return "\ufeff" + target.getvalue()


def _cell(value: object) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float):
        return f"{value:.15g}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _disarmed(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _armed(text: str) -> str:
    """What :func:`_disarmed` got."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _parsed(text: str, kind: str) -> object:
    if kind == "csv":
        delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
        reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
        return [{key: _armed(value or "") for key, value in row.items() if key} for row in reader]
    if kind == "json":
        return json.loads(text)
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _of_template(path: Path) -> list[Column]:
    """The dictionary that lies in a template."""
    import python_calamine as calamine

    from ckanext.satudata.core.qa.table.zipped import workbook_kind

    if path.stat().st_size > MOST_BYTES:
        raise DictionaryError(_TOO_BIG, limit=MOST_BYTES // MB)
    try:
        if workbook_kind(path, _LIMITS) != "xlsx":
            raise DictionaryError(_NO_TEMPLATE)
        book = calamine.load_workbook(str(path))  # pyright: ignore[reportUnknownMemberType] - bare PathLike in its stub
        if _DICTIONARY_SHEET not in book.sheet_names:
            raise DictionaryError(_NO_TEMPLATE)
        rows = book.get_sheet_by_name(_DICTIONARY_SHEET).to_python()
    except (Unreadable, calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, DictionaryError):
            raise
        raise DictionaryError(_DAMAGED) from error
    if len(rows) < 4:
        raise DictionaryError(_NO_TEMPLATE)
    keys = [str(key) for key in rows[2]]  # below the name of the sheet and its mark
    found = [dict(zip(keys, map(str, row), strict=True)) for row in rows[3:]]
    refuse_unstorable(found)
    return from_dicts(found)


def _no_dictionary(path: Path, why: str) -> DictionaryError:
    text = Text("“{name}” bukan kamus data: {why} " + _FORMS.id, "“{name}” is no data dictionary: {why} " + _FORMS.en)
    return DictionaryError(text, name=path.name, why=why)
