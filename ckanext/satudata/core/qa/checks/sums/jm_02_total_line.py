"""JM-02: the line of totals equals the sum of the rows above it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import Column
from ckanext.satudata.core.qa.findings import Found, NotApplicable, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.area import is_total_label
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.text import Text

# Figures nobody adds up.
_NOT_ADDED = re.compile(
    r"(?i)persen|%|rasio|indeks|rata|tingkat|laju|kepadatan|angka (?:harapan|melek|partisipasi|kematian)|harga|ipm|tpt"
    r"|tpak|per kapita|skor|nilai tukar|umur|usia|kode|lat|lon"
)


@check(
    id="JM-02",
    title=Text("Baris jumlah sama dengan isi tabel", "The line of totals fits the table"),
    meaning=Text(
        "Baris “Jumlah” di bawah tabel sama dengan penjumlahan semua barisnya. Bila tidak, ada baris yang "
        "hilang, salah "
        "ketik, atau terhitung dua kali.",
        "The line “Jumlah” below the table equals the sum of its rows. If not, a row is missing, mistyped or "
        "counted twice.",
    ),
    bad="12 / 13 / Jumlah 27",
    good="12 / 13 / Jumlah 25",
    principle="standar_data",
    dimension="akurasi",
    severity="warning",
    sop=("QE-02",),
    parameters={"tolerance": 1e-6},
    words={
        "": Words(
            Text("Baris jumlah tidak sama dengan isi tabel", "The line of totals does not fit"),
            Text(
                "Baris {row} menulis {value} untuk kolom {column}, tetapi penjumlahan barisnya {sum} (selisih "
                "{difference}).",
                "Row {row} says {value} for {column}, but its rows add up to {sum} (difference {difference}).",
            ),
            Text(
                "Cari baris yang hilang atau salah ketik, lalu keluarkan baris jumlah dari tabel.",
                "Find the row that is missing or mistyped, then take the line of totals out of the table.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    figures = [there for column, there in asked.dictionary.shape.figures if _is_added(column, there)]
    lines = [line for line in asked.table.outside if line.kind == "total" and line.cells]
    if len(lines) != 1 or not figures or "rata" in lines[0].text.lower():
        return NotApplicable(
            Text("Tabel ini tidak mempunyai satu baris jumlah.", "The table has no single line of totals.")
        )
    totals = _aligned(asked, lines[0].cells, figures)
    inside = _subtotals(asked)
    found: list[Found] = []
    for there, text in totals.items():
        column = next(one for one in figures if one.id == there)
        value = _number(asked, column, text)
        kept = asked.dictionary.shape.numbers(column).filter(~inside)
        numbers = kept.drop_nulls()
        if value is None or numbers.len() < 2 or _unread(asked, column) or _is_average(value, numbers):
            continue
        summed = float(numbers.sum())
        if abs(summed - value) <= asked.parameters["tolerance"] * max(1.0, abs(value)):
            continue
        note = {"sum": f"{summed:.12g}", "difference": f"{value - summed:.12g}"}
        found.append(Found(column.name, (lines[0].first,), (Sample(lines[0].first, column.name, text, None, note),)))
    return found


def _is_added(column: Column, there: TableColumn) -> bool:
    """Whether the column's figures may be summed: as the dictionary says, else as its header suggests."""
    return column.additive if column.additive is not None else not _NOT_ADDED.search(there.name)


def _aligned(asked: Asked, line: tuple[str, ...], figures: list[TableColumn]) -> dict[str, str]:
    """The cell of the line below each column of figures. A sheet's line begins at its first used column."""
    best: dict[str, str] = {}
    for offset in sorted({0, asked.table.columns[0].position - 1}):
        under = {
            there.id: line[there.position - 1 - offset]
            for there in figures
            if 0 <= there.position - 1 - offset < len(line)
        }
        filled = {column: text for column, text in under.items() if re.search(r"\d", text)}
        if len(filled) > len(best):
            best = filled
    return best


def _number(asked: Asked, there: TableColumn, text: str) -> float | None:
    """The total, read the way the column is written."""
    frame = pl.DataFrame({there.id: [text]})
    how = asked.dictionary.notation(there)
    plain = cells.values(frame, there.id, "number", how)[0]
    if plain is None and re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text.strip()):
        plain = re.sub(r"\D", "", text)
    return float(plain) if plain is not None else None


def _unread(asked: Asked, there: TableColumn) -> bool:
    """Whether some cell could not be taken for a figure: then the sum is not to be trusted, the total may be."""
    unread = pl.lit(asked.dictionary.shape.numbers(there).is_null()) & ~cells.is_missing(there.id)
    return bool(asked.table.rows.select(unread.any()).item())


def _is_average(value: float, numbers: pl.Series) -> bool:
    """A total between the smallest and the largest of several rows is no sum of positive figures."""
    low, high = numbers.min(), numbers.max()
    assert isinstance(low, float)
    assert isinstance(high, float)
    return numbers.len() > 2 and low >= 0 and low <= value <= high and float(numbers.sum()) > 1.5 * high


def _subtotals(asked: Asked) -> pl.Series:
    """Rows of the table that are totals themselves: they must not be counted again."""
    texts = [there for column, there in asked.dictionary.pairs if column.type == "text"][:3]
    inside = pl.Series(ROW, [False], dtype=pl.Boolean).new_from_index(0, asked.table.height)
    for there in texts:
        values = asked.table.rows[there.id].str.strip_chars()
        labels = [value for value in values.unique().to_list() if is_total_label(value)]
        inside = inside | values.is_in(labels)
    return inside
