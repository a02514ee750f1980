"""Files and tables for reading: a window of rows, the columns in words."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.qa.given import dictionary_given
from ckanext.satudata.workflow.pages.presentation import answer

_ = tk._


def dictionary(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows with ``kolom label tipe satuan daftar wajib kunci definisi`` … as a person or a Table Schema gave them."""
    return [dict(row) for row in dictionary_given(resource).columns]


def table(resource: dict[str, Any], *, limit: int = 5, offset: int = 0, q: str = "") -> dict[str, Any] | None:
    """See ``sd_table``; from the DataStore when the checked table was loaded, else from the check's own preview."""
    labels = {str(row.get("kolom")): row for row in dictionary(resource)}
    if resource.get("datastore_active"):
        asked = {"resource_id": resource["id"], "limit": limit, "offset": offset, **({"q": q} if q else {})}
        return _from_datastore(answer("datastore_search", asked), labels)
    asked = {"resource_id": resource["id"], "limit": limit, "offset": offset}
    return _from_preview(answer("satudata_table_show", asked), labels)


def _from_datastore(found: dict[str, Any] | None, labels: dict[str, Any]) -> dict[str, Any] | None:
    if not found:
        return None
    fields = [field for field in found["fields"] if field["id"] != "_id" and not field["id"].startswith("rank")]
    columns = [
        _column(field["id"], labels, (field.get("info") or {}).get("label"), number=field["type"] in NUMBERS)
        for field in fields
    ]
    rows = [
        {"number": None, "cells": [{"text": _cell(row.get(field["id"])), "severity": None} for field in fields]}
        for row in found["records"]
    ]
    return {"columns": columns, "rows": rows, "total": found.get("total", len(rows))}


NUMBERS = frozenset({"int", "int4", "int8", "integer", "bigint", "numeric", "float", "float8"})


def _from_preview(found: dict[str, Any] | None, labels: dict[str, Any]) -> dict[str, Any] | None:
    if not found or not found["rows"]:
        return None
    columns = [_column(column["name"], labels, None, number=column["numeric"]) for column in found["columns"]]
    rows = [
        {
            "number": row["row"],
            "cells": [
                {"text": _cell(cell), "severity": (row["marks"].get(str(place)) or {}).get("severity")}
                for place, cell in enumerate(row["cells"])
            ],
        }
        for row in found["rows"]
    ]
    return {"columns": columns, "rows": rows, "total": found["total"]}


def _column(name: str, labels: dict[str, Any], told: str | None, *, number: bool) -> dict[str, Any]:
    known = labels.get(name, {})
    # A year or a code of digits is no amount: it stays at the left and has no unit.
    is_amount = number and known.get("tipe") not in ("year", "period", "text")
    return {
        "name": name,
        "label": told or known.get("label") or name,
        "number": is_amount,
        "unit": (known.get("satuan") or "") if is_amount else "",
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return text[:10] if text.endswith("T00:00:00") else text


def column_words(column: dict[str, Any]) -> str:
    """See ``sd_column_words``."""
    kind = str(column.get("tipe") or "")
    parts = [str(tk.h.satudata_list_label("tipe_kolom", kind)) if kind else ""]
    if column.get("satuan"):
        parts.append(_("unit {unit}").format(unit=column["satuan"]))
    if column.get("daftar"):
        parts.append(_("from the list {list}").format(list=_list_title(str(column["daftar"]))))
    if column.get("minimal") is not None:
        parts.append(_("at least {bound}").format(bound=_bound(column["minimal"], kind)))
    if column.get("maksimal") is not None:
        parts.append(_("at most {bound}").format(bound=_bound(column["maksimal"], kind)))
    if column.get("wajib"):
        parts.append(_("always filled"))
    if column.get("kunci"):
        parts.append(_("key"))
    if column.get("tanda_kosong"):
        parts.append(_("no value: {marks}").format(marks=", ".join(map(str, column["tanda_kosong"]))))
    return ", ".join(part for part in parts if part)


def _bound(bound: Any, kind: str) -> str:
    """A bound as figures are written here; a year is no amount."""
    return str(bound) if kind == "year" else str(tk.h.sd_number(bound))


def _list_title(key: str) -> str:
    """What people call a reference list; its key if the portal does not have it."""
    lists = tk.get_action("satudata_reference_list")({"ignore_auth": True}, {})
    return next((str(one["title"]) for one in lists if one["key"] == key), key.replace("_", " "))
