"""SU-01: every figure has a unit."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import units
from ckanext.satudata.core.qa.findings import Found, NotApplicable, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="SU-01",
    title=Text("Setiap angka mempunyai satuan", "Every figure has a unit"),
    meaning=Text(
        "Satuan (orang, unit, persen, rupiah …) tertulis di kolom satuan, di judul kolom, atau di kamus data. Tanpa "
        "satuan orang lain tidak tahu apa yang dihitung.",
        "The unit (persons, per cent, rupiah …) stands in a column of units, in the header, or in the data dictionary. "
        "Without it nobody knows what was counted.",
    ),
    bad="kecamatan | kerugian | 2000000000",
    good="kecamatan | kerugian | satuan: 2000000000 | RUPIAH",
    principle="standar_data",
    dimension="keterbandingan",
    severity="warning",
    sop=("SD-01", "SD-03"),
    words={
        "": Words(
            Text("Satuan belum disebut", "The unit is not stated"),
            Text(
                "{count} kolom angka tanpa satuan: {columns}.",
                "{count} columns of figures without a unit: {columns}.",
            ),
            Text(
                "Isi satuan tiap kolom angka di kamus data, atau tambahkan kolom “satuan”.",
                "State the unit of each column in the data dictionary, or add a column “satuan”.",
            ),
        ),
        "sheet": Words(
            Text("Satuan belum disebut di tabel", "The table states no unit"),
            Text(
                "{count} kolom angka tanpa satuan: {columns}. Mungkin satuannya ada di lembar {sheets}.",
                "{count} columns of figures without a unit: {columns}. Sheet {sheets} may state it.",
            ),
            Text("Isi satuannya di kamus data.", "State it in the data dictionary."),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    if not shape.figures:
        return no_column("angka", "figures")
    if asked.about.unit or any(_filled(asked, there.id) for there in shape.units):
        return []
    known = units.known_units(asked.lists)
    if any(units.in_title(text, known) for text in (*shape.texts("title"), *shape.texts("note"), asked.about.title)):
        return []
    bare = [
        there.name or f"kolom {there.position}"
        for column, there in shape.figures
        if not column.unit and units.in_header(" ".join((*there.levels[:-1], there.name)), known) is None
    ]
    if not bare:
        return []
    forms = list(asked.source.facts.get("sheets_without_table", ())) if asked.source is not None else []
    shown = ", ".join(bare[:6]) + (" …" if len(bare) > 6 else "")
    where = {"columns": shown, **({"sheets": ", ".join(map(str, forms))} if forms else {})}
    return [Found(bare[0] if len(bare) == 1 else None, (), (), "sheet" if forms else "", where, count=len(bare))]


def _filled(asked: Asked, column: str) -> bool:
    return bool((asked.table.rows[column].str.strip_chars() != "").any())
