"""A data dictionary as *Metadata Statistik Variabel* (MS-Var) and back.

Names are those of the form of BPS (Peraturan BPS 5/2020) as public portals exchange it: ``nama``, ``alias``,
``konsep``, ``definisi``, ``tipe_data``, ``ukuran``, ``satuan``, ``klasifikasi_isian``, ``aturan_validasi`` … What a
data dictionary does not know (concept, question asked, access) is written empty and not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.satudata.core.qa.dictionary import Column, DictionaryError, from_dicts
from ckanext.satudata.core.qa.plain_data import as_list, as_object, first_object
from ckanext.satudata.core.text import Text

# The usual ways to write a type; the form prescribes no list.
_TYPES = {
    **dict.fromkeys(("integer", "int", "bigint", "bilangan bulat"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "numeric", "number", "real", "desimal", "bilangan"), "number"),
    **dict.fromkeys(("date", "tanggal"), "date"),
    **dict.fromkeys(("year", "tahun"), "year"),
    **dict.fromkeys(("period", "periode"), "period"),
    **dict.fromkeys(("boolean", "bool", "logical"), "boolean"),
}
_WRITTEN = {"text": "string", "number": "float"}
_FILLED, _ONCE, _KEY = "HARUS TERISI", "TIDAK BERULANG", "KUNCI"
_LEAST, _MOST = "PALING KECIL", "PALING BESAR"
_FORM, _MISSING, _ADDED = "BERBENTUK", "NILAI TIDAK ADA", "DAPAT DIJUMLAHKAN"
_YES, _NO = "YA", "TIDAK"
_CLASSES = re.compile(r"(?P<key>[^@]+)(?:@(?P<edition>.*))?")

_SHAPE = Text(
    "MS-Var berupa daftar variabel; tiap variabel punya “nama” atau “alias”.",
    "MS-Var is a list of variables; each has a “nama” or an “alias”.",
)


def to_ms_var(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """One variable for each column; :func:`from_ms_var` gives back the same columns, what only Table Schema knows
    aside."""
    return [
        {
            "nama": column.label or column.name,
            "alias": column.name,
            "konsep": [],
            "definisi": column.description,
            "referensi_pemilihan": [],
            "referensi_waktu": "",
            "tipe_data": _WRITTEN.get(column.type, column.type),
            "ukuran": column.measure,
            "satuan": column.unit,
            "klasifikasi_isian": [{"kode": value, "nilai": value} for value in column.values],
            "klasifikasi_rujukan": f"{column.list}@{column.edition}" if column.list and column.edition else column.list,
            "aturan_validasi": _rules(column),
            "kalimat_pertanyaan": "",
            "akses_umum": None,
        }
        for column in columns
    ]


def from_ms_var(variables: object) -> tuple[Column, ...]:
    """The columns described by ``variables``; raises :class:`DictionaryError` for anything else."""
    known = [as_object(variable) for variable in as_list(variables) or ()]
    rows = [_row(variable) for variable in known if variable is not None]
    if not rows or len(rows) < len(known):
        raise DictionaryError(_SHAPE)
    return tuple(from_dicts(rows))


def is_ms_var(data: object) -> bool:
    """Whether plain data look like MS-Var."""
    first = first_object(data) or {}
    return "kolom" not in first and ("nama" in first or "alias" in first)


def _rules(column: Column) -> list[str]:
    said = [
        _FILLED if column.required else "",
        _KEY if column.key else "",
        _ONCE if column.unique else "",
        f"{_LEAST} {column.minimum:.15g}" if column.minimum is not None else "",
        f"{_MOST} {column.maximum:.15g}" if column.maximum is not None else "",
        f"{_FORM} {column.pattern}" if column.pattern else "",
        *(f"{_MISSING} {mark}" for mark in column.missing),
        f"{_ADDED} {_YES if column.additive else _NO}" if column.additive is not None else "",
    ]
    return [rule for rule in said if rule]


def _row(variable: Mapping[str, Any]) -> dict[str, Any]:
    name = _text(variable.get("nama"))
    alias = _text(variable.get("alias"))
    column = alias if alias not in ("", "-") else name  # the form fills an empty alias with a dash
    rules = _texts(variable.get("aturan_validasi"))
    classes = _CLASSES.fullmatch(_text(variable.get("klasifikasi_rujukan")))
    return {
        "kolom": column,
        "label": name if name != column else "",
        "tipe": _TYPES.get(_text(variable.get("tipe_data")).lower(), "text"),
        "ukuran": _text(variable.get("ukuran")),
        "satuan": _text(variable.get("satuan")),
        "daftar": classes["key"] if classes else "",
        "edisi": classes["edition"] or "" if classes else "",
        "definisi": _text(variable.get("definisi")),
        "nilai": _classes(variable.get("klasifikasi_isian", variable.get("value_domain"))),
        "wajib": _FILLED in (rule.upper() for rule in rules),
        "kunci": _KEY in rules,
        "unik": _ONCE in rules,
        "minimal": _behind(_LEAST, rules),
        "maksimal": _behind(_MOST, rules),
        "pola": _behind(_FORM, rules),
        "tanda_kosong": [rule[len(_MISSING) + 1 :] for rule in rules if rule.startswith(_MISSING + " ")],
        "aditif": {_YES: True, _NO: False}.get(_behind(_ADDED, rules) or ""),
    }


def _behind(words: str, rules: Sequence[str]) -> str | None:
    return next((rule[len(words) + 1 :] for rule in rules if rule.startswith(words + " ")), None)


def _text(value: object) -> str:
    return str(value).strip() if value is not None and not isinstance(value, list | dict) else ""


def _texts(value: object) -> list[str]:
    """A list of texts; a file of one line per variable has them between bars."""
    if isinstance(value, str):
        return [part.strip() for part in value.split("|") if part.strip()]
    return [str(part).strip() for part in as_list(value) or ()]


def _classes(value: object) -> list[str]:
    members = as_list(value)
    if members is None:
        return _texts(value)
    found: list[str] = []
    for one in members:
        member = as_object(one)
        found.append(_text(member.get("nilai", member.get("kode"))) if member is not None else str(one))
    return [text for text in found if text]
