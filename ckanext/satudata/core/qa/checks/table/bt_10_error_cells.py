"""BT-10: no cell holds an error of the spreadsheet instead of a value."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, Sample, mark
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_ERROR = r"^(?:#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!)|Err:\d{3})$"


@check(
    id="BT-10",
    title=Text("Tidak ada sel berisi galat rumus", "No cell holds a formula's error"),
    meaning=Text(
        "#REF!, #N/A, #DIV/0! dan sejenisnya bukan data: rumusnya gagal. Rumus yang hasilnya tidak tersimpan tampak "
        "kosong di program lain.",
        "#REF!, #N/A, #DIV/0! and the like are no data: a formula failed. A formula without a stored result is empty "
        "in every other program.",
    ),
    bad="Ciparay | #REF!",
    good="Ciparay | 1474",
    principle="interoperabilitas",
    dimension="akurasi",
    severity="error",
    sop=("QC-02", "QC-03"),
    reads="parts",
    words={
        "error": Words(
            Text("Sel berisi galat rumus", "Cells with a formula's error"),
            Text(
                "{count} sel di kolom “{column}” berisi galat seperti {value}, bukan nilai.",
                "{count} cells of column “{column}” hold an error such as {value} instead of a value.",
            ),
            Text(
                "Perbaiki rumusnya, atau tempel nilainya saja (Tempel Khusus › Nilai).",
                "Mend the formula, or paste the value only (Paste Special › Values).",
            ),
        ),
        "no_result": Words(
            Text("Rumus tanpa hasil", "Formulas without a result"),
            Text(
                "{count} sel di kolom “{column}” berisi rumus yang hasilnya tidak tersimpan di file.",
                "{count} cells of column “{column}” hold formulas whose result is not stored in the file.",
            ),
            Text(
                "Buka filenya di Excel atau LibreOffice, tunggu sampai terhitung, simpan, lalu unggah lagi.",
                "Open the file in Excel or LibreOffice, let it calculate, save it, and upload it again.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    table = asked.table
    # One look at all columns; most tables have no such cell.
    hit = table.rows.select(
        pl.col(column.id).str.contains(r"^\s*(?:#[A-Z]|Err:)").any() for column in table.columns
    ).row(0)
    for column, any_error in zip(table.columns, hit, strict=True):
        if any_error:
            found = mark(table, column.id, cells.plain(column.id).str.contains(_ERROR), variant="error")
            if found is not None:
                yield found
    without = table.sheet.without_result if table.sheet is not None else ()
    for column in table.columns:
        rows = tuple(row for row, position in without if position == column.position)
        if rows:
            name = column.name or f"kolom {column.position}"
            samples = tuple(Sample(row, name, "") for row in rows[:SAMPLES])
            yield Found(name, rows, samples, "no_result")
