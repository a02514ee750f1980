"""The judged tables of a file in both versions, and how they are to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.compare.columns import ColumnsDiff, same_name
from ckanext.satudata.core.compare.tables import distinct

NUMBERS = ("integer", "number")
PERIODS = ("year", "period")
# Figures that are never added up, by their unit and by the dataset's measure (reference list `ukuran`).
SHARES = frozenset({"%", "persen", "permil", "‰", "rasio", "indeks", "skor", "poin", "derajat"})
NOT_ADDED = frozenset(
    {
        *("persentase", "proporsi", "rasio", "rata_rata", "median", "indeks"),
        *("laju", "angka", "kepadatan", "harga", "skor", "durasi", "suhu"),
    }
)
RUNNING = frozenset({"no", "no.", "nomor", "id", "urut", "nourut"})


def table(resource: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of ``satudata_qa_files`` for exactly these bytes, which may be earlier ones of a file; ``{}`` when
    they are not judged, no longer kept, or no table.
    """
    asked = {"resource_id": resource["id"], "sha256": resource.get("sha256")}
    try:
        found = tk.get_action("satudata_qa_files")({"ignore_auth": True}, asked)
    except tk.ObjectNotFound:
        return {}
    return found if found.get("sha256") == resource.get("sha256") else {}


def order(
    old: Mapping[str, Any], new: Mapping[str, Any], tables: Sequence[Mapping[str, Any]], diff: ColumnsDiff, measure: str
) -> dict[str, Any]:
    """The job of :mod:`ckanext.satudata.core.compare.worker`, without its pages and limits.

    ``old`` and ``new`` are the files as snapshots say them, ``tables`` their judged tables; the key is that of the new
    data dictionary (or of the proposed one, where nobody wrote one).
    """
    units = {str(column.get("satuan") or "").casefold() for column in tables[1]["columns"] if column.get("satuan")}
    added_up = measure not in NOT_ADDED or len(units) > 1
    key = _key(new)
    return {
        "format": 1,
        "old": _side(old, tables[0], added_up=added_up, key=key),
        "new": _side(new, tables[1], added_up=added_up, key=key),
        "key": key,
        "renamed": {pair.after: pair.before for pair in diff.renamed},
        "period": _period(new),
    }


def _side(resource: Mapping[str, Any], found: Mapping[str, Any], *, added_up: bool, key: list[str]) -> dict[str, Any]:
    described = {same_name(str(column.get("kolom") or "")): column for column in dictionary(resource)}
    keys = {same_name(name) for name in key}
    names = distinct([str(column["kolom"]) for column in found["columns"]])
    columns: list[dict[str, Any]] = []
    for name, column in zip(names, found["columns"], strict=True):
        said = described.get(same_name(name), {})
        coded = bool(said.get("daftar") or said.get("nilai")) or same_name(name) == "satuan"
        is_amount = (
            column["type"] in NUMBERS
            and str(said.get("tipe") or column["type"]) in NUMBERS
            and same_name(name) not in keys | RUNNING
            and not coded
            and added_up
            and str(column.get("satuan") or "").strip().casefold() not in SHARES
        )
        columns.append({"name": name, "type": column["type"], "amount": is_amount, "coded": coded})
    return {"rows": found["rows"], "places": found.get("cells"), "columns": columns}


def _key(resource: Mapping[str, Any]) -> list[str]:
    try:
        shown = tk.get_action("satudata_table_show")({"ignore_auth": True}, {"resource_id": resource["id"], "limit": 1})
    except tk.ObjectNotFound:  # a file that is in earlier versions only
        return []
    return [str(column["name"]) for column in shown["columns"] if column["key"]]


def _period(resource: Mapping[str, Any]) -> str | None:
    """The one column that says of which year or period a row is."""
    found = [str(column.get("kolom")) for column in dictionary(resource) if column.get("tipe") in PERIODS]
    return found[0] if len(found) == 1 else None


def dictionary(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The data dictionary of a file in a snapshot."""
    stored: list[Any] = resource.get("kamus_data") or []
    return [column for column in stored if isinstance(column, Mapping)]
