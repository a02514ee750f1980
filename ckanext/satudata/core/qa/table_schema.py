"""A data dictionary as frictionless *Table Schema*, read and written (versions 1 and 2 of the standard).

``fields`` (``name``, ``title``, ``description``, ``type``, ``constraints``), ``primaryKey`` and ``missingValues`` are
ours as well; what Table Schema has no word for is written as ``satudata:unit``, ``:measure``, ``:list``, ``:edition``,
``:additive``, ``:type`` (a period), ``:pattern`` and ``:values`` (where the type allows no such constraint). Every
other property of a field (``rdfType``, ``format``, ``decimalChar`` …) is kept as it is. ``foreignKeys`` name other
files and are not judged. Source: specs.frictionlessdata.io/table-schema, datapackage.org/standard/table-schema.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import Column, DictionaryError, from_dicts
from ckanext.satudata.core.qa.plain_data import as_list, as_object, first_object
from ckanext.satudata.core.text import Text

OWN = "satudata:"
# A moment keeps its hours as text only; what is no table cell's value (lists, shapes) is text too.
_READ = {
    **{kind: kind for kind in ("integer", "number", "boolean", "date", "year")},
    **dict.fromkeys(("string", "any", "datetime", "time", "duration", "list", "array", "object"), "text"),
    **dict.fromkeys(("geopoint", "geojson"), "text"),
    "yearmonth": "period",
}
_WRITTEN = {"text": "string", "period": "string"}
# How people write yes and no, for readers that know only "true" and "false".
_YES_NO = {"trueValues": cells.TRUE, "falseValues": cells.FALSE}
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_BOUNDED = ("integer", "number", "year")
_OWN_KEYS = ("unit", "measure", "list", "edition", "additive", "type", "pattern", "values")
_TAKEN = ("name", "title", "description", "type", "constraints", "missingValues", *(OWN + key for key in _OWN_KEYS))

_SHAPE = Text(
    "Table Schema berupa objek JSON dengan daftar “fields” yang berisi.",
    "A Table Schema is a JSON object with a list “fields” that is not empty.",
)
_PACKAGE = Text(
    "Ini Data Package, bukan Table Schema. Ambil bagian “schema” dari salah satu “resources”.",
    "This is a Data Package, not a Table Schema. Take the “schema” of one of its “resources”.",
)
_FIELD = Text("Table Schema, kolom nomor {number}: bukan objek JSON.", "Table Schema, field {number}: no JSON object.")
_NO_NAME = Text("Table Schema, kolom nomor {number}: “name” belum ada.", "Table Schema, field {number}: no “name”.")
_TYPE = Text(
    "Table Schema, kolom “{name}”: tipe “{kind}” tidak dikenal.", "Table Schema, field “{name}”: unknown type “{kind}”."
)
_PART = Text(
    "Table Schema, kolom “{name}”: “{part}” tidak berbentuk seperti dalam standar.",
    "Table Schema, field “{name}”: “{part}” is not of the form the standard gives it.",
)
_MISSING = Text(
    "Table Schema: “missingValues” berupa daftar teks.", "Table Schema: “missingValues” is a list of strings."
)
_KEY = Text(
    "Table Schema: “primaryKey” menyebut “{name}”, yang bukan kolom di “fields”.",
    "Table Schema: “primaryKey” names “{name}”, which is no field.",
)


def from_table_schema(descriptor: object) -> tuple[Column, ...]:
    """The columns a Table Schema describes; raises :class:`DictionaryError` with a sentence for what is none."""
    schema = as_object(descriptor)
    if schema is not None and "fields" not in schema and "resources" in schema:
        raise DictionaryError(_PACKAGE)
    fields = as_list(schema.get("fields")) if schema is not None else None
    if schema is None or not fields:
        raise DictionaryError(_SHAPE)
    known = [_field(number, field) for number, field in enumerate(fields, start=1)]
    keys, marks = _keys(schema, {name for name, _ in known}), _marks(schema.get("missingValues"))
    return tuple(from_dicts([_row(name, field, keys, marks) for name, field in known]))


def to_table_schema(columns: Sequence[Column]) -> dict[str, Any]:
    """The Table Schema of ``columns``; :func:`from_table_schema` gives back the same ones."""
    shared = {column.missing for column in columns}
    marks = next(iter(shared)) if len(shared) == 1 else ()
    schema: dict[str, Any] = {"fields": [_described(column, column.missing != marks) for column in columns]}
    if marks:
        schema["missingValues"] = ["", *marks]
    keys = [column.name for column in columns if column.key]
    if keys:
        schema["primaryKey"] = keys
    return schema


def is_table_schema(data: object) -> bool:
    """Whether plain data look like one: ``fields`` whose members have a ``name``."""
    schema = as_object(data)
    return schema is not None and "name" in (first_object(schema.get("fields")) or {})


def _field(number: int, value: object) -> tuple[str, Mapping[str, Any]]:
    field = as_object(value)
    if field is None:
        raise DictionaryError(_FIELD, number=number)
    name = field.get("name")
    if not isinstance(name, str) or not name.strip():
        raise DictionaryError(_NO_NAME, number=number)
    return name.strip(), field


def _keys(schema: Mapping[str, Any], names: set[str]) -> frozenset[str]:
    """The fields of ``primaryKey``, in either of its forms; and of a ``uniqueKeys`` (version 2) that stands alone."""
    stated: Any = schema.get("primaryKey")
    if stated is None:
        sets = as_list(schema.get("uniqueKeys")) or []
        stated = sets[0] if len(sets) == 1 else []
    keys = as_list([stated] if isinstance(stated, str) else stated)
    if keys is None:
        raise DictionaryError(_KEY, name=str(stated)[:80])
    for key in keys:
        if key not in names:
            raise DictionaryError(_KEY, name=str(key)[:80])
    return frozenset(map(str, keys))


def _marks(stated: object) -> list[str]:
    """``missingValues``: texts, or (version 2) objects with a ``value``. The empty text is one everywhere."""
    if stated is None:
        return []
    marks = as_list(stated)
    if marks is None:
        raise DictionaryError(_MISSING)
    found: list[str] = []
    for mark in marks:
        object_of = as_object(mark)
        value = object_of.get("value") if object_of is not None else mark
        if not isinstance(value, str):
            raise DictionaryError(_MISSING)
        found.append(value)
    return [mark for mark in dict.fromkeys(value.strip() for value in found) if mark]


def _row(name: str, field: Mapping[str, Any], keys: frozenset[str], marks: list[str]) -> dict[str, Any]:
    """A field as a row of ``kamus_data``."""
    kind = _type(name, field)
    limits = as_object(field.get("constraints", {}))
    if limits is None:
        raise DictionaryError(_PART, name=name, part="constraints")
    bounds = {part: limits.get(part) if kind in _BOUNDED else None for part in ("minimum", "maximum")}
    own = {key: field.get(OWN + key) for key in _OWN_KEYS}
    return {
        "kolom": name,
        "label": _text(name, field, "title"),
        "tipe": kind,
        "ukuran": own["measure"],
        "satuan": own["unit"] or (field["unit"] if isinstance(field.get("unit"), str) else ""),
        "daftar": own["list"],
        "edisi": own["edition"],
        "wajib": limits.get("required"),
        "kunci": name in keys,
        "unik": limits.get("unique"),
        "definisi": _text(name, field, "description"),
        "nilai": _values(name, field, limits),
        "minimal": bounds["minimum"],
        "maksimal": bounds["maximum"],
        "pola": limits.get("pattern") or own["pattern"] or _length_pattern(limits, kind),
        "tanda_kosong": _marks(field["missingValues"]) if "missingValues" in field else marks,
        "aditif": own["additive"],
        "skema": _kept(field, limits, bounds, kind),
    }


def _type(name: str, field: Mapping[str, Any]) -> str:
    stated = field.get("type", "string")
    own = field.get(OWN + "type")
    if not isinstance(stated, str) or stated not in _READ:
        raise DictionaryError(_TYPE, name=name, kind=str(stated)[:80])
    return str(own) if own in cells.TYPES else _READ[stated]


def _text(name: str, field: Mapping[str, Any], part: str) -> str:
    value = field.get(part)
    if value is not None and not isinstance(value, str):
        raise DictionaryError(_PART, name=name, part=part)
    return value or ""


def _values(name: str, field: Mapping[str, Any], limits: Mapping[str, Any]) -> list[str]:
    """``enum``, or (version 2) ``categories``."""
    part = next((part for part in (OWN + "values", "categories") if part in field), "enum")
    stated = limits.get("enum", field.get(part))
    if stated is None:
        return []
    members = as_list(stated)
    if members is None:
        raise DictionaryError(_PART, name=name, part=part)
    found: list[str] = []
    for one in members:
        object_of = as_object(one)
        value = object_of.get("value") if object_of is not None else one
        found.append(str(value).lower() if isinstance(value, bool) else str(value))
    return found


def _length_pattern(limits: Mapping[str, Any], kind: str) -> str:
    """``minLength`` and ``maxLength`` as a pattern, because that is what cells are compared with."""
    least, most = limits.get("minLength"), limits.get("maxLength")
    whole = [one for one in (least, most) if isinstance(one, int) and not isinstance(one, bool) and one >= 0]
    if kind != "text" or not whole or len(whole) != sum(one is not None for one in (least, most)):
        return ""
    return rf"[\s\S]{{{least or 0},{most if most is not None else ''}}}"


def _kept(field: Mapping[str, Any], limits: Mapping[str, Any], bounds: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Everything that has no place in our dictionary."""
    extra = {
        key: value
        for key, value in field.items()
        if key not in _TAKEN and not (kind == "boolean" and _is_ours(key, value))
    }
    taken = {"required", "unique", "pattern", "enum", *(part for part, value in bounds.items() if value is not None)}
    rest = {key: value for key, value in limits.items() if key not in taken}
    if rest:
        extra["constraints"] = rest
    stated = str(field.get("type", "string"))
    if stated != _WRITTEN.get(kind, kind):
        extra["type"] = stated
    return extra


def _is_ours(key: str, value: object) -> bool:
    return key in _YES_NO and value == _spelled(_YES_NO[key])


def _described(column: Column, own_marks: bool) -> dict[str, Any]:
    """A column as a field."""
    extra = dict(column.extra)
    rest = extra.pop("constraints", {})
    stated = extra.pop("type", None)
    kind = _WRITTEN.get(column.type, column.type)
    field: dict[str, Any] = {
        "name": column.name,
        "type": stated if _READ.get(stated) == column.type else kind,
        **_filled(("title", column.label), ("description", column.description)),
        **extra,
    }
    limits = {**_limits(column, kind, rest), **rest}
    if limits:
        field["constraints"] = limits
    if own_marks:
        field["missingValues"] = ["", *column.missing]
    if column.type == "boolean" and "trueValues" not in extra:
        field.update({key: _spelled(words) for key, words in _YES_NO.items()})
    return {**field, **_own(column, field["type"])}


def _limits(column: Column, kind: str, rest: Mapping[str, Any]) -> dict[str, Any]:
    pattern = column.pattern if column.pattern != _length_pattern(rest, column.type) else ""
    bounds = (("minimum", column.minimum), ("maximum", column.maximum))
    return {
        **_filled(("required", column.required), ("unique", column.unique)),
        **{part: _plain(bound) for part, bound in bounds if bound is not None and column.type in _BOUNDED},
        **_filled(("pattern", pattern if kind == "string" else ""), ("enum", _enum(column.values, kind))),
    }


def _enum(values: Sequence[str], kind: str) -> list[Any]:
    """The values as values of their type; empty where the standard has none for them."""
    if kind == "string":
        return list(values)
    if kind not in _BOUNDED:
        return []
    numbers = [int(value) if _WHOLE.fullmatch(value) else None for value in values]
    return numbers if None not in numbers else []


def _own(column: Column, written: str) -> dict[str, Any]:
    kind = _WRITTEN.get(column.type, column.type)
    stated = [
        *(("unit", column.unit), ("measure", column.measure), ("list", column.list), ("edition", column.edition)),
        ("pattern", column.pattern if kind != "string" else ""),
        ("values", list(column.values) if not _enum(column.values, kind) else []),
    ]
    own = {OWN + key: value for key, value in _filled(*stated).items()}
    if column.additive is not None:
        own[OWN + "additive"] = column.additive
    if _READ.get(written) != column.type:
        own[OWN + "type"] = column.type
    return own


def _filled(*pairs: tuple[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in pairs if value}


def _plain(bound: float) -> int | float:
    return int(bound) if math.isfinite(bound) and bound == int(bound) and abs(bound) < 2**53 else bound


def _spelled(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(form for word in words for form in (word, word.capitalize(), word.upper())))
