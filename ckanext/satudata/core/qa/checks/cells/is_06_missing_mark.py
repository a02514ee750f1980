"""IS-06: a missing value is an empty cell, not a dash."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.declared import is_declared
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-06",
    title=Text("Nilai yang tidak ada dibiarkan kosong", "Missing values are empty cells"),
    meaning=Text(
        "Tanda “-” atau “n/a” di kolom angka dapat berarti nol, belum dilaporkan, atau tidak ada. "
        "Sel kosong berarti tidak ada.",
        "“-” or “n/a” in a column of figures may mean zero, not reported, or not there. An empty cell means not there.",
    ),
    bad="KALIMANTAN UTARA | -",
    good="KALIMANTAN UTARA | (kosong), dan 0 bila memang nol",
    principle="standar_data",
    dimension="akurasi",
    severity="warning",
    sop=("QC-03", "AK-01"),
    reads="parts",
    words={
        "mark": Words(
            Text("Tanda untuk nilai yang tidak ada", "A mark stands for a missing value"),
            Text(
                "{count} sel kolom {column} berisi “{value}”, bukan angka.",
                "{count} cells of {column} hold “{value}” instead of a figure.",
            ),
            Text(
                "Kosongkan sel itu; tulis 0 hanya bila nilainya memang nol. Bila tanda itu memang dipakai, sebutkan di "
                "kamus data.",
                "Leave it empty; write 0 only if it is zero. If the mark is meant, name it in the data dictionary.",
            ),
        ),
        "empty": Words(
            Text("Sel kosong di kolom angka", "Empty cells among figures"),
            Text("{count} sel kolom {column} kosong.", "{count} cells of {column} are empty."),
            Text(
                "Bila nilainya nol, tulis 0. Bila memang tidak ada, biarkan kosong dan jelaskan di kamus data.",
                "Write 0 if it is zero. If there is no value, leave it and say so in the data dictionary.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    figures = asked.dictionary.of_type("integer", "number", "year", "date")
    if not figures:
        return no_column("angka atau tanggal", "figures or dates")
    found: list[Found | None] = []
    for column, there in figures:
        written = cells.is_missing(there.id) & ~cells.is_empty(there.id)
        found.append(mark(asked.table, there.id, written, proposal=pl.lit(""), variant="mark"))
        if not (column.required or column.key):  # those are IS-01's
            empty = cells.is_empty(there.id) & ~pl.lit(is_declared(asked.table, there.id))
            found.append(mark(asked.table, there.id, empty, variant="empty"))
    return [one for one in found if one is not None]
