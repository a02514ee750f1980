"""How a series goes on: the file of a new period beside those of the last ones, by the totals of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.satudata.core.compare.columns import columns, same_name
from ckanext.satudata.publication.comparing import judged, process
from ckanext.satudata.publication.copies import finding, periods
from ckanext.satudata.publication.subject import DatasetSubject

BEFORE = 3  # so many earlier periods stand beside the new one
LARGE = 200_000  # rows of a table; beside such a one only the last period is added up
NO_ROWS = {"kind": None, "offset": 0, "limit": 0}


def shown(dataset_id: str) -> dict[str, Any]:
    """See :func:`satudata_series_show`."""
    found = finding.open_copy(dataset_id)
    if found is None or found.kind != periods.PERIOD:
        return {"kind": found.kind if found is not None else None, "files": []}
    snapshot = DatasetSubject().snapshot(found.copy_id)
    new = periods.added(found, snapshot)
    known = {str(one["id"]) for one in new}
    old = [one for one in snapshot["resources"] if str(one["id"]) not in known]
    measure = str(snapshot["fields"].get("sds_ukuran") or "")
    return {"kind": found.kind, "files": [_file(one, old, measure) for one in new]}


def _file(new: Mapping[str, Any], old: Sequence[Mapping[str, Any]], measure: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "resource_id": new["id"],
        "name": str(new.get("name") or new.get("url") or new["id"]),
        "periode": new.get("periode"),
        "status_angka": new.get("status_angka"),
        "beside": [],
        "columns_added": [],
        "columns_missing": [],
        "figures": [],
        "state": "not_judged",
    }
    table = judged.table(new)
    if not table:
        return told
    beside = _beside(new, table, old)
    if not beside:
        return {**told, "state": "first"}
    last = beside[-1][1]
    names, before = _names(table), _names(last)
    told["columns_added"] = [name for key, name in names.items() if key not in before]
    told["columns_missing"] = [name for key, name in before.items() if key not in names]
    told["beside"] = [{"resource_id": one["id"], "periode": one.get("periode")} for one, _ in beside]
    try:
        told["figures"] = _figures(new, table, beside, measure)
    except process.Failed:
        return {**told, "state": "failed"}
    return {**told, "state": "compared"}


def _beside(
    new: Mapping[str, Any], table: Mapping[str, Any], old: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], dict[str, Any]]]:
    """The last periods before the new one, in order: of each the file whose columns are most like those of the new."""
    wanted = set(_names(table))
    best: dict[str, tuple[int, Mapping[str, Any], dict[str, Any]]] = {}
    for one in old:
        period = str(one.get("periode") or "")
        earlier = judged.table(one) if period and period != str(new.get("periode") or "") else {}
        alike = len(wanted & set(_names(earlier))) if earlier else 0
        if alike and alike > best.get(period, (0,))[0]:
            best[period] = (alike, one, earlier)
    order = sorted(best)
    until = [period for period in order if period < str(new.get("periode") or "~")] or order
    return [best[period][1:] for period in until[-BEFORE:]]


def _names(table: Mapping[str, Any]) -> dict[str, str]:
    return {same_name(str(column["kolom"])): str(column["kolom"]) for column in table.get("columns") or []}


def _figures(
    new: Mapping[str, Any],
    table: Mapping[str, Any],
    beside: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    measure: str,
) -> list[dict[str, Any]]:
    """``[{"column", "label", "unit", "before": [total of each earlier period], "after", "percent"}]``."""
    totals = [_totals(one, new, (earlier, table), measure) for one, earlier in _small(beside)]
    left_out = len(beside) - len(totals)
    described = {same_name(str(one.get("kolom") or "")): one for one in judged.dictionary(new)}
    found: list[dict[str, Any]] = []
    for name, total in totals[-1].items():
        said = described.get(same_name(name), {})
        before = [None] * left_out + [one.get(name, {}).get("before") for one in totals]
        found.append(
            {
                "column": name,
                "label": str(said.get("label") or name),
                "unit": str(said.get("satuan") or ""),
                "before": before,
                "after": total["after"],
                "percent": _percent(before[-1], total["after"]),
            }
        )
    return found


def _small(
    beside: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """A reviewer waits for the page: of large tables only the last period is added up."""
    return beside[-1:] if any(int(earlier.get("count") or 0) > LARGE for _, earlier in beside) else beside


def _totals(
    old: Mapping[str, Any], new: Mapping[str, Any], tables: tuple[Mapping[str, Any], Mapping[str, Any]], measure: str
) -> dict[str, dict[str, Any]]:
    diff = columns(judged.dictionary(old), judged.dictionary(new))
    answer = process.compared(judged.order(old, new, tables, diff, measure), [NO_ROWS])[0]
    return {str(total["column"]): total for total in answer["totals"]}


def _percent(before: str | None, after: str | None) -> str | None:
    """By how much it went up or down, in per cent with one decimal; ``None`` where that says nothing."""
    try:
        was, is_now = Decimal(str(before)), Decimal(str(after))
        return str(((is_now - was) / abs(was) * 100).quantize(Decimal("0.1"))) if was else None
    except InvalidOperation:
        return None
