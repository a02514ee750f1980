"""The figures somebody puts their name to: a total for each period, the highest and the lowest, how much is covered.

Worked out from the judged table as it would be published, by its data dictionary. Figures that may not be added up
(shares, averages, indices) are never added: then only the highest and the lowest are told.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.workflow.pages.tables import dictionary

# A sign-off page waits for this on the spot; a longer table is described by its rows and columns only.
MOST_ROWS = 50_000
MOST_PERIODS = 6
ADDED_UP = "jumlah"  # the only measure of the reference list whose values may be summed


@dataclass(frozen=True)
class Columns:
    """Which columns of the table tell what; ``period`` and ``place`` are ``None`` when it has none."""

    amount: str
    unit: str
    period: str | None = None
    place: str | None = None


@dataclass
class _Sums:
    total: Decimal = Decimal(0)
    places: dict[str, Decimal] = field(default_factory=dict[str, Decimal])


def of_dataset(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """The key figures of the first judged table of a dataset, ``None`` when it has none.

    ``{"resource_id", "name": of the file, "rows": int, "columns": int, "key": see :func:`worked_out` or ``None``}``
    """
    for resource in package.get("resources", ()):
        try:
            table = tk.get_action("satudata_qa_files")({"ignore_auth": True}, {"resource_id": resource["id"]})
        except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
            continue
        if table:
            return {
                "resource_id": resource["id"],
                "name": tk.h.resource_display_name(resource),
                "rows": table["count"],
                "columns": len(table["columns"]),
                "key": _key_figures(package, resource, table),
            }
    return None


def _key_figures(
    package: Mapping[str, Any], resource: Mapping[str, Any], table: Mapping[str, Any]
) -> dict[str, Any] | None:
    if not 0 < table["count"] <= MOST_ROWS or _has_total_rows(resource["id"]):
        return None
    columns = chosen(dictionary(dict(resource)), table["columns"], str(package.get("sds_satuan") or ""))
    if columns is None:
        return None
    with Path(table["rows"]).open(encoding="utf-8", newline="") as file:
        return worked_out(csv.DictReader(file), columns, added_up=package.get("sds_ukuran") == ADDED_UP)


def _has_total_rows(resource_id: str) -> bool:
    """Whether the check found total rows among the data: a sum would count everything twice."""
    try:
        report = tk.get_action("satudata_qa_show")({"ignore_auth": True}, {"resource_id": resource_id})["report"]
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return True
    return report is None or any(str(one.get("check")) == "BT-07" for one in report["findings"])


def chosen(described: Sequence[Mapping[str, Any]], written: Sequence[Mapping[str, Any]], unit: str) -> Columns | None:
    """The columns to look at; ``None`` when no column holds amounts, or several do and none has the dataset's unit.

    ``described``: the data dictionary; ``written``: columns of the judged table with the types their cells allowed.
    """
    types = {str(column["kolom"]): str(column["type"]) for column in written}
    known = [column for column in described if str(column.get("kolom")) in types]
    amounts = [
        column
        for column in known
        if column.get("tipe") in ("integer", "number")
        and types[str(column["kolom"])] in ("integer", "number")
        and not column.get("kunci")
        and not column.get("daftar")
    ]
    same_unit = [column for column in amounts if unit and _same(column.get("satuan"), unit)]
    if len(amounts) > 1 and len(same_unit) != 1:
        return None
    amount = (same_unit or amounts or [None])[0]
    if amount is None:
        return None
    periods = [column for column in known if column.get("tipe") in ("year", "period")]
    names = [column for column in known if column.get("tipe") in ("text", "", None) and not _is_code(column)]
    keys = [column for column in names if column.get("kunci")] or names
    return Columns(
        amount=str(amount["kolom"]),
        unit=str(amount.get("satuan") or unit),
        period=str(periods[0]["kolom"]) if len(periods) == 1 else None,
        # A table with two breakdowns has no "place" of its own: its rows are told apart by both.
        place=str(keys[0]["kolom"]) if len(keys) == 1 and len(periods) <= 1 else None,
    )


def _same(one: Any, other: str) -> bool:
    return str(one or "").strip().casefold() == other.strip().casefold()


def _is_code(column: Mapping[str, Any]) -> bool:
    return str(column.get("kolom") or "").casefold().startswith(("kode", "id_", "no_")) or column.get("kolom") in (
        "id",
        "no",
        "nomor",
    )


def worked_out(rows: Iterable[Mapping[str, str]], columns: Columns, *, added_up: bool) -> dict[str, Any] | None:
    """Go through the rows once.

    ``{"unit", "added_up": bool, "periods": [{"period", "total"}] (the latest last; one without name when the table
    has no period), "latest": period or ``""``, "total", "change": from the period before or ``None``, "highest",
    "lowest": ``{"name", "value"}`` of the latest period or ``None``, "places": int, "left_out": earlier periods not
    shown}``, numbers as ``int`` or ``float``. Totals are ``None`` unless ``added_up``.
    """
    periods: dict[str, _Sums] = {}
    for row in rows:
        value = _number(row.get(columns.amount))
        if value is None:
            continue
        sums = periods.setdefault((row.get(columns.period) or "") if columns.period else "", _Sums())
        sums.total += value
        if columns.place is not None:
            name = row.get(columns.place) or ""
            sums.places[name] = sums.places.get(name, Decimal(0)) + value if added_up else value
    if not periods:
        return None
    ordered = sorted(periods)
    latest = periods[ordered[-1]]
    shown = ordered[-MOST_PERIODS:]
    return {
        "unit": columns.unit,
        "added_up": added_up,
        "periods": [{"period": one, "total": _plain(periods[one].total) if added_up else None} for one in shown],
        "latest": ordered[-1],
        "before": ordered[-2] if len(ordered) > 1 else "",
        "total": _plain(latest.total) if added_up else None,
        "change": _plain(latest.total - periods[ordered[-2]].total) if added_up and len(ordered) > 1 else None,
        "highest": _extreme(latest.places, highest=True),
        "lowest": _extreme(latest.places, highest=False),
        "places": len(latest.places),
        "left_out": len(ordered) - len(shown),
    }


def _extreme(places: Mapping[str, Decimal], *, highest: bool) -> dict[str, Any] | None:
    if len(places) < 2:
        return None
    name = (max if highest else min)(places, key=lambda one: places[one])
    return {"name": name, "value": _plain(places[name])}


def _number(text: str | None) -> Decimal | None:
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
