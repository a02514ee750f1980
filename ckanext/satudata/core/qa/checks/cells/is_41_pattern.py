"""IS-41: values have the form the data dictionary declares."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import Table
from ckanext.satudata.core.text import Text


@check(
    id="IS-41",
    title=Text("Nilai berbentuk seperti yang dinyatakan", "Values have the declared form"),
    meaning=Text(
        "Kamus data dapat menyebut pola isi sebuah kolom, misalnya nomor dokumen atau kode.",
        "The data dictionary may name a pattern for the values of a column, such as codes or numbers of documents.",
    ),
    bad="Kode desa: 3204052001 (pola 32.04.05.2001)",
    good="Kode desa: 32.04.05.2001",
    principle="standar_data",
    dimension="keterbandingan",
    severity="error",
    sop=("QC-03",),
    reads="parts",
    words={
        "": Words(
            Text("Bentuk nilai tidak sesuai pola", "Values do not fit the pattern"),
            Text(
                "{count} sel kolom {column} tidak sesuai pola {pattern}. Contoh: “{value}” di baris {row}.",
                "{count} cells of {column} do not fit the pattern {pattern}. Example: “{value}” in row {row}.",
            ),
            Text("Tulis nilai dalam bentuk yang dinyatakan di kamus data.", "Write the value in the declared form."),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    formed = [(column, there) for column, there in asked.dictionary.pairs if column.pattern]
    if not formed:
        return NotApplicable(Text("Kamus data tidak menyebut pola.", "The data dictionary names no pattern."))
    found: list[Found | None] = []
    for column, there in formed:
        wrong = ~_fits(asked.table, there.id, column.pattern)
        if wrong.any():
            wrong = wrong & ~cells.missing(asked.table, there.id)
        found.append(mark(asked.table, there.id, wrong, parameters={"pattern": column.pattern}))
    return [one for one in found if one is not None]


def _fits(table: Table, column: str, pattern: str) -> pl.Series:
    cell = table.rows.select(cells.trimmed(table, column)).to_series()
    try:
        return cell.str.contains(f"^(?:{pattern})$")
    except pl.exceptions.ComputeError:  # what only Python's expressions can say (looking around, back references)
        whole = re.compile(pattern)
        values = [value for value in cell.unique().to_list() if whole.fullmatch(value)]
        return cell.is_in(values)
