"""Write the judged table: typed for the DataStore, disarmed for people, as it stands for the preview."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.datastore_fields import info_of
from ckanext.satudata.core.qa.declared import emptied
from ckanext.satudata.core.qa.dictionary import Bound, Column, from_dicts, position_name, same_name
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.personal import covered
from ckanext.satudata.core.qa.table.model import ROW, TableColumn

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.report import Report
    from ckanext.satudata.core.qa.table.model import Source

# Rows between two places the preview can jump to.
STEP = 500
_DATASTORE = {"integer": "integer", "number": "number", "date": "date", "boolean": "boolean"}
# Where a spreadsheet would begin a formula: first in the cell, or behind a mark at which its own settings split the
# line (Indonesian ones at semicolons). Blanks and invisible characters before it do not count.
_FORMULA = r"((?:^|[;\t|\r\n])[\s\x00-\x20\u200B-\u200F\u2060\uFEFF]*)([=+\-@＝＋－＠])"
_PLAIN_NUMBER = r"^[+-]?\d+(?:[.,]\d+)*%?$"


def laid_again(report: Report, source: Source) -> Bound:
    """The judged table of ``source``, with the dictionary it was judged by in ``report``."""
    judged = {table["name"] for table in report.tables if table["judged"]}
    table = next(there for there in source.tables if there.name in judged)
    # A header may hold a name twice, which is a finding; a dictionary may not.
    columns = {same_name(column["kolom"]): column for column in report.dictionary}
    return Bound(table, tuple(from_dicts(list(columns.values()))), report.dictionary_given)


def write_typed(bound: Bound, rows_out: Path | None, csv_out: Path | None) -> dict[str, Any]:
    """Write the typed CSV (and the one for people); returns ``{"rows": n, "columns": [{id, kolom, label, type,
    satuan, info}]}``, ``info`` as the DataStore keeps it (:func:`info_of`).

    A column in which a cell does not fit its type is written as text, so nothing is lost.
    """
    bound = replace(bound, table=emptied(bound.table, bound.columns if bound.given else None))
    declared = {there.id: column for column, there in bound.pairs}
    columns: list[dict[str, Any]] = []
    series: list[pl.Series] = []
    taken: set[str] = set()
    for there in bound.table.columns:
        column = declared.get(there.id, Column(position_name(there)))
        kind, plain = _typed(bound, column, there)
        name = position_name(there)
        series.append(plain.fill_null("").alias(there.id))
        field = datastore_id(name, taken)
        columns.append(
            {
                "id": field,
                "kolom": name,
                "label": column.label or name,
                "type": kind,
                "satuan": column.unit,
                "info": info_of(column, field),
            }
        )
    frame = pl.DataFrame(series)
    # No database takes a zero byte.
    frame = frame.with_columns(pl.all().str.replace_all("\x00", "", literal=True))
    header = pl.DataFrame([[column["kolom"].replace("\x00", "")] for column in columns])
    for path, disarm in ((rows_out, False), (csv_out, True)):
        if path is not None:
            _write(path, *((_disarmed(header), _disarmed(frame)) if disarm else (header, frame)))
    return {"rows": frame.height, "columns": columns}


def _typed(bound: Bound, column: Column, there: TableColumn) -> tuple[str, pl.Series]:
    kind, rows = column.type, bound.table.rows
    if kind in _DATASTORE or kind == "year":
        how = bound.notation(there) if kind in ("integer", "number") else None
        plain = cells.values(rows, there.id, kind, how)
        if not rows.select((pl.lit(plain.is_null()) & ~cells.is_missing(there.id)).any()).item():
            return _DATASTORE.get(kind, "integer"), plain
    text = cells.plain(there.id)
    if kind != "text":
        text = pl.when(~cells.is_missing(there.id)).then(text)
    return "text", rows.select(text).to_series()


def _disarmed(frame: pl.DataFrame) -> pl.DataFrame:
    """What a spreadsheet would run as a formula gets an apostrophe in front (CSV injection)."""
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA) & ~pl.col(name).str.contains(_PLAIN_NUMBER))
        .then(pl.col(name).str.replace_all(_FORMULA, "${1}'${2}"))
        .otherwise(name)
        .alias(name)
        for name in frame.columns
    )


def _write(path: Path, header: pl.DataFrame, frame: pl.DataFrame) -> None:
    with path.open("wb") as file:
        header.write_csv(file, include_header=False)
        frame.write_csv(file, include_header=False)


def datastore_id(name: str, taken: set[str]) -> str:
    """``name`` as a DataStore field: no quote, nothing that cannot be seen, no leading underscore or blank, at most 63
    bytes of UTF-8, not taken yet.
    """
    visible = "".join(letter for letter in " ".join(name.split()) if letter.isprintable() and letter != '"')
    base = " ".join(visible.split()).lstrip("_ ") or "kolom"
    number, suffix = 1, ""
    while True:
        room = 63 - len(suffix)
        candidate = base.encode("utf-8")[:room].decode("utf-8", "ignore").rstrip() + suffix
        if candidate.casefold() not in taken:
            taken.add(candidate.casefold())
            return candidate
        number += 1
        suffix = f"_{number}"


def write_cells(bound: Bound, path: Path, *, conceal: bool = False) -> dict[str, Any]:
    """Write the cells as they stand in the file with their physical rows; returns the index ``window.py`` reads by.
    With ``conceal`` personal data are hidden in them, as in the findings."""
    frame = covered(bound) if conceal else bound.table.rows
    places: list[list[int]] = []
    with path.open("wb") as file:
        for start in range(0, frame.height, STEP):
            part = frame.slice(start, STEP)
            places.append([int(part[ROW][0]), file.tell()])
            part.write_csv(file, include_header=False)
    return {
        "rows": frame.height,
        "step": STEP,
        "places": places,
        "columns": [position_name(there) for there in bound.table.columns],
    }
