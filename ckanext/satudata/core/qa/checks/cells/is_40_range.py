"""IS-40: figures lie within the bounds the data dictionary declares."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import Column
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_FIGURES = ("integer", "number", "year")


@check(
    id="IS-40",
    title=Text("Angka di dalam batas yang dinyatakan", "Figures are within the declared bounds"),
    meaning=Text(
        "Kamus data dapat menyebut nilai terkecil dan terbesar sebuah kolom; persentase, misalnya, dari 0 sampai 100.",
        "The data dictionary may name the least and the greatest value of a column: 0 to 100 for a percentage.",
    ),
    bad="Persentase: 4567 (batas 0 sampai 100)",
    good="Persentase: 45.67",
    principle="standar_data",
    dimension="akurasi",
    severity="error",
    sop=("QC-03", "QE-02"),
    reads="parts",
    words={
        "": Words(
            Text("Angka di luar batas", "Figures out of bounds"),
            Text(
                "{count} sel kolom {column} di luar batas {limits_id}. Contoh: {value} di baris {row}.",
                "{count} cells of {column} are out of bounds ({limits_en}). Example: {value} in row {row}.",
            ),
            Text(
                "Periksa angkanya; bila memang benar, ubah batas di kamus data.",
                "Check the figure; if it is right, change the bounds in the data dictionary.",
            ),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    bounded = [
        (column, there)
        for column, there in asked.dictionary.of_type(*_FIGURES)
        if column.minimum is not None or column.maximum is not None
    ]
    if not bounded:
        return NotApplicable(Text("Kamus data tidak menyebut batas angka.", "The data dictionary names no bounds."))
    found: list[Found | None] = []
    for column, there in bounded:
        how = asked.dictionary.notation(there) if column.type != "year" else None
        amount = cells.amounts(asked.table, there.id, column.type, how)
        outside = _outside(amount, column)
        words = {"limits_id": _limits(column, "paling sedikit", "paling banyak", "sampai"),
                 "limits_en": _limits(column, "at least", "at most", "to")}  # fmt: skip
        found.append(mark(asked.table, there.id, outside, parameters=words))
    return [one for one in found if one is not None]


def _outside(amount: pl.Series, column: Column) -> pl.Series:
    outside = pl.Series([False]).new_from_index(0, amount.len())
    if column.minimum is not None:
        outside = outside | (amount < column.minimum).fill_null(False)
    if column.maximum is not None:
        outside = outside | (amount > column.maximum).fill_null(False)
    return outside


def _limits(column: Column, least: str, most: str, to: str) -> str:
    if column.minimum is None:
        return f"{most} {column.maximum:g}"
    return f"{least} {column.minimum:g}" if column.maximum is None else f"{column.minimum:g} {to} {column.maximum:g}"
