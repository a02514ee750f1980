"""A data dictionary as the one CKAN keeps with a DataStore table (``info`` of its fields) and back.

CKAN's own keys are ``label``, ``notes`` and ``type_override``; its data dictionary page shows every other text beside
them. So what else is declared travels as texts under the names of ``kamus_data``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckanext.satudata.core.qa.dictionary import Column, DictionaryError, from_dicts
from ckanext.satudata.core.qa.plain_data import as_list, as_object, first_object
from ckanext.satudata.core.text import Text

# PostgreSQL's types, as the DataStore names them.
_TYPES = {
    **dict.fromkeys(("int", "int2", "int4", "int8", "integer", "bigint", "smallint"), "integer"),
    **dict.fromkeys(("numeric", "float", "float4", "float8", "double precision", "real"), "number"),
    **dict.fromkeys(("bool", "boolean"), "boolean"),
    "date": "date",
}
_OWN = (
    *("tipe", "ukuran", "daftar", "edisi", "wajib", "kunci", "unik", "nilai", "minimal", "maksimal", "pola"),
    *("tanda_kosong", "aditif", "skema"),
)

_SHAPE = Text(
    "Kamus data DataStore berupa daftar “fields”; tiap kolom punya “id”.",
    "A data dictionary of the DataStore is a list “fields”; each has an “id”.",
)


def info_of(column: Column, field_id: str) -> dict[str, str]:
    """``info`` of the field ``field_id``: ``label``, ``notes``, ``unit``, and what else is declared; texts, none
    empty."""
    row = column.to_dict()
    info = {"label": column.label or column.name, "notes": column.description, "unit": column.unit}
    if field_id != column.name:
        info["kolom"] = column.name
    for key in _OWN:
        value = row.get(key)
        if value is None or value in ("", [], {}) or (value is False and key != "aditif"):
            continue
        info[key] = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else _word(value)
    return {key: text for key, text in info.items() if text}


def from_datastore(fields: object) -> tuple[Column, ...]:
    """The columns of ``fields`` (``[{"id", "type", "info"}]``, as ``datastore_info`` and ``datastore_search`` give
    them); CKAN's ``_id`` is left out. Raises :class:`DictionaryError`."""
    known = [as_object(field) for field in as_list(fields) or ()]
    rows = [_row(field) for field in known if field is not None and field.get("id") != "_id"]
    if not rows or None in known:
        raise DictionaryError(_SHAPE)
    return tuple(from_dicts(rows))


def is_datastore(data: object) -> bool:
    """Whether plain data look like the fields of a DataStore table."""
    table = as_object(data)
    return table is not None and "id" in (first_object(table.get("fields")) or {})


def _row(field: Mapping[str, Any]) -> dict[str, Any]:
    info = as_object(field.get("info")) or {}
    name = str(info.get("kolom") or field.get("id") or "")
    kind = str(info.get("type_override") or field.get("type") or "").lower()
    label = str(info.get("label") or "")
    return {
        **{key: info[key] for key in _OWN if key in info},
        "kolom": name,
        "label": label if label != name else "",
        "tipe": info.get("tipe") or _TYPES.get(kind, "date" if kind.startswith("timestamp") else "text"),
        "satuan": info.get("unit") or "",
        "definisi": info.get("notes") or "",
    }


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
