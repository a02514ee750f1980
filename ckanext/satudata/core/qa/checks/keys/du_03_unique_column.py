"""DU-03: a column declared unique holds no value twice."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="DU-03",
    title=Text("Nilai yang harus unik tidak berulang", "Unique values stand once"),
    meaning=Text(
        "Kamus data dapat menyatakan bahwa isi sebuah kolom tidak boleh berulang, misalnya nomor izin.",
        "The data dictionary may say that no value of a column stands twice: numbers of permits, for instance.",
    ),
    bad="Nomor izin 503/12 di baris 4 dan di baris 9",
    good="Nomor izin 503/12 di satu baris saja",
    principle="standar_data",
    dimension="akurasi",
    severity="error",
    sop=("QC-04",),
    from_dictionary=True,
    words={
        "": Words(
            Text("Nilai yang harus unik berulang", "A unique value stands more than once"),
            Text(
                "{count} sel kolom {column} berisi nilai yang ada di baris lain. Contoh: “{value}” di baris {row}.",
                "{count} cells of {column} hold a value other rows hold too. Example: “{value}” in row {row}.",
            ),
            Text(
                "Tentukan baris yang benar. Bila nilainya memang boleh berulang, ubah kamus data.",
                "Decide which row is right. If the value may stand twice, change the data dictionary.",
            ),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    unique = [there for column, there in asked.dictionary.pairs if column.unique]
    if not unique:
        return NotApplicable(
            Text("Kamus data tidak menyebut kolom yang harus unik.", "The data dictionary names no unique column.")
        )
    found: list[Found | None] = []
    for there in unique:
        cell = asked.table.rows.select(cells.trimmed(asked.table, there.id)).to_series()
        found.append(mark(asked.table, there.id, cell.is_duplicated() & ~cells.missing(asked.table, there.id)))
    return [one for one in found if one is not None]
