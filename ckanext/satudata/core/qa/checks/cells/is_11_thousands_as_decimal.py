"""IS-11: counts hold no fractions: 30.243 houses are 30243."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, units
from ckanext.satudata.core.qa.dictionary import Column
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text

_FRACTION = r"^[+-]?[1-9]\d{0,2}[.,]\d{1,3}$"
_THREE = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"
_LOOKED_AT = 200
_COUNTED = re.compile(r"(?i)\b(?:jumlah|jml|banyak(?:nya)?|cacah|total)\b")
# What is measured rather than counted has fractions, whatever stands before it.
_MEASURED = re.compile(
    r"(?i)persen|%|rasio|indeks|rata|luas|panjang|produksi|volume|berat|nilai|tonase|harga|anggaran|pdrb|skor|lama|km|ha\b"
    r"|hektar|ton|kuintal|liter|meter|rupiah|rp|ribu|juta|miliar|laju|kepadatan|debit|suhu|tinggi"
)


@check(
    id="IS-11",
    title=Text("Cacahan adalah bilangan bulat", "Counts are whole numbers"),
    meaning=Text(
        "Jumlah orang, rumah, atau sekolah tidak mungkin pecahan. Bila tertulis 30.243, lembar kerja membaca "
        "titik ribuan "
        "sebagai desimal, dan nol di belakang hilang (1.490 menjadi 1.49).",
        "There are no fractions of persons, houses or schools. 30.243 is a dot for thousands that a spreadsheet "
        "took for a "
        "decimal point; zeros behind it are lost (1.490 becomes 1.49).",
    ),
    bad="Jumlah rumah: 30.243 | 22.846 | 16.009",
    good="Jumlah rumah: 30243 | 22846 | 16009",
    principle="interoperabilitas",
    dimension="akurasi",
    severity="question",
    sop=("QC-03",),
    parameters={"least": 2},
    words={
        "": Words(
            Text("Cacahan tertulis sebagai pecahan", "Counts written as fractions"),
            Text(
                "{count} sel di kolom {columns} seperti {value}: ribuan ({proposal}) atau desimal? Yang dicacah tidak "
                "mungkin pecahan.",
                "{count} cells of {columns} such as {value}: thousands ({proposal}) or a fraction? What is "
                "counted has no "
                "fractions.",
            ),
            Text("Bila ribuan, tulis {proposal} tanpa titik.", "If thousands, write {proposal} without a mark."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    groups = [[there for there, _ in group] for group in shape.wide.values()]
    groups += [
        [there]
        for column, there in asked.dictionary.pairs
        if there.id not in shape.wide_ids and (column.type == "number" or _undecided(asked, column, there))
    ]
    if not groups:
        return no_column("angka", "figures")
    return [found for group in groups if (found := _group(asked, group)) is not None]


def _group(asked: Asked, group: list[TableColumn]) -> Found | None:
    """Cells of columns that measure one thing, judged together: in a wide table one column holds too few of them."""
    parts = [
        asked.table.rows.select(
            ROW, text=cells.plain(there.id), column=pl.lit(there.name), counted=_counted(asked, there)
        )
        for there in group
        if not {asked.dictionary.notation(there).dot, asked.dictionary.notation(there).comma} & {"mixed", "thousands"}
    ]
    if not parts:
        return None
    frame = pl.concat(parts).filter(pl.col("counted"))
    fractions = frame.filter(pl.col("text").str.contains(r"^[+-]?\d+[.,]\d+$"))
    grouped = fractions.filter(pl.col("text").str.contains(_FRACTION))
    three = fractions.filter(pl.col("text").str.contains(_THREE))
    # Fractions of more digits, or below one, are real ones.
    if (
        three.height < asked.parameters["least"]
        or grouped.height < fractions.height
        or three.height < 0.6 * grouped.height
    ):
        return None
    samples = tuple(
        Sample(row, column, text, _thousands(text))
        for row, column, text in three.select(ROW, "column", "text").head(SAMPLES).rows()
    )
    names = ", ".join(dict.fromkeys(fractions["column"].to_list()))
    return Found(
        group[0].name if len(group) == 1 else None,
        fractions[ROW].unique(),
        samples,
        "",
        {"columns": names},
        count=fractions.height,
    )


def _undecided(asked: Asked, column: Column, there: TableColumn) -> bool:
    """Nothing but 1.474: too little to propose a type, so the column passes for text until somebody declares it."""
    if column.type != "text" or column.list:
        return False
    start = asked.table.rows[there.id].head(_LOOKED_AT).str.strip_chars()
    return bool((start.filter(start != "").str.contains(_THREE).mean() or 0) == 1.0)


def _thousands(text: str) -> str:
    whole, _, rest = text.replace(",", ".").partition(".")
    return whole + rest.ljust(3, "0")


def _counted(asked: Asked, there: TableColumn) -> pl.Expr:
    """Whether each row of the column counts things: by its header, its unit, or the words beside it."""
    known = units.known_units(asked.lists)
    column = next((column for column, found in asked.dictionary.pairs if found.id == there.id), None)
    name = " ".join((*there.levels, there.name)).replace("_", " ")
    said = (column.unit if column is not None else "") or units.in_header(name, known) or ""
    entry = units.unit(said, known) if said else None
    if entry is not None:
        return pl.lit(entry.properties.get("kind") == "count" and entry.properties.get("factor") == "1")
    if _COUNTED.search(name):
        return pl.lit(not _MEASURED.search(name))
    texts = [
        other for known_column, other in asked.dictionary.pairs if known_column.type == "text" and other.id != there.id
    ]
    if there.id not in asked.dictionary.shape.wide_ids or not texts:
        return pl.lit(value=False)
    beside = cells.plain(texts[0].id)
    return beside.str.contains(_COUNTED.pattern) & ~beside.str.contains(_MEASURED.pattern)
