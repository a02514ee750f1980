"""IS-02: every value fits the type of its column."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_NAMES = {
    "integer": ("bilangan bulat, misalnya 1474", "a whole number such as 1474"),
    "number": ("bilangan, misalnya 63,5", "a number such as 63.5"),
    "date": ("tanggal, misalnya 2023-03-31 atau 31/03/2023", "a date such as 2023-03-31"),
    "year": ("tahun empat angka, misalnya 2023", "a year of four digits such as 2023"),
    "period": ("periode, misalnya 2023-03 atau Triwulan I 2023", "a period such as 2023-03 or 2023-Q1"),
    "boolean": ("ya atau tidak", "yes or no"),
}


@check(
    id="IS-02",
    title=Text("Isi sel sesuai tipe kolom", "Values fit the type of their column"),
    meaning=Text(
        "Kolom angka berisi angka, kolom tanggal berisi tanggal, menurut kamus data.",
        "A column of numbers holds numbers, a column of dates holds dates, as the data dictionary says.",
    ),
    bad="Jumlah: 12 unit",
    good="Jumlah: 12 (satuannya ditulis di kamus data)",
    principle="standar_data",
    dimension="akurasi",
    severity="error",
    sop=("QC-03",),
    from_dictionary=True,
    reads="parts",
    words={
        "": Words(
            Text("Isi tidak sesuai tipe kolom", "Values of the wrong type"),
            Text(
                "{count} sel kolom {column} bukan {type_id}. Contoh: “{value}” di baris {row}.",
                "{count} cells of {column} are not {type_en}. Example: “{value}” in row {row}.",
            ),
            Text(
                "Tulis nilainya sesuai tipe kolom, atau ubah tipe kolom di kamus data.",
                "Correct the values, or the type.",
            ),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    typed = [(column, there) for column, there in asked.dictionary.pairs if column.type != "text"]
    if not typed:
        return no_column("bertipe angka atau tanggal", "numbers or dates")
    found: list[Found | None] = []
    for column, there in typed:
        how = asked.dictionary.notation(there) if column.type in ("integer", "number") else None
        fit = cells.fits(asked.table, there.id, column.type, how)
        if fit.all():
            continue
        wrong = ~fit & ~cells.missing(asked.table, there.id)
        if how is not None and ("mixed" in (how.dot, how.comma) or "ambiguous" in (how.dot, how.comma)):
            # Digits with dots or commas are the matter of IS-04, which knows what to propose.
            wrong = wrong & ~asked.table.rows[there.id].str.strip_chars().str.contains(r"^[+-]?[0-9][0-9.,]*$")
        name_id, name_en = _NAMES[column.type]
        # The figure that stands among other signs ("12 unit", "12,5%") is what was probably meant.
        figure = cells.plain(there.id).str.extract(r"^(?:Rp\.?\s*)?([+-]?\d+(?:[.,]\d+)?)\s*(?:%|[A-Za-z².]+)$")
        proposal = figure if column.type in ("integer", "number") else pl.lit(None, dtype=pl.String)
        found.append(
            mark(
                asked.table,
                there.id,
                wrong,
                proposal=proposal,
                parameters={"type": column.type, "type_id": name_id, "type_en": name_en},
            )
        )
    return [one for one in found if one is not None]
