"""BT-07: no total row among the data."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import Bound, Column
from ckanext.satudata.core.qa.findings import Found, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.propose import running_number
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, Table, TableColumn
from ckanext.satudata.core.text import Text

_LABEL = r"(?i)^(?:grand\s*|sub\s*)?(?:jumlah|total|jml)(?:\s+(?:total|keseluruhan|seluruhnya|semua))?\s*:?$"


@check(
    id="BT-07",
    title=Text("Tidak ada baris jumlah di antara data", "No total row among the data"),
    meaning=Text(
        "Baris jumlah di dalam tabel membuat setiap penjumlahan menjadi dua kali lipat.",
        "A total row inside the table doubles every sum that is made from it.",
    ),
    bad="Aceh 9646 / … / INDONESIA 357197",
    good="Hanya provinsi; jumlah Indonesia dihitung dari datanya",
    principle="interoperabilitas",
    dimension="akurasi",
    severity="warning",
    sop=("QC-02", "QE-02"),
    parameters={"least_rows": 4},
    words={
        "label": Words(
            Text("Baris jumlah di dalam tabel", "Total row inside the table"),
            Text(
                "{count} baris bernama “{value}” di antara data.", "{count} rows named “{value}” stand among the data."
            ),
            Text("Keluarkan baris jumlah dari tabel.", "Take total rows out of the table."),
        ),
        "sum": Words(
            Text("Baris jumlah di dalam tabel", "Total row inside the table"),
            Text(
                "Baris {row} (“{value}”) sama dengan jumlah semua baris lain di kolom {columns}.",
                "Row {row} (“{value}”) equals the sum of all other rows in {columns}.",
            ),
            Text(
                "Keluarkan baris itu dari tabel; jumlahnya dapat dihitung dari datanya.",
                "Take it out; it can be worked out.",
            ),
        ),
        "parent": Words(
            Text("Baris wilayah induk di antara wilayah anaknya", "Parent region among its children"),
            Text(
                "Baris {row} berkode {value}, induk dari semua kode lain di tabel ini.",
                "Row {row} has code {value}, the parent of every other code in the table.",
            ),
            Text(
                "Keluarkan baris itu bila isinya jumlah dari wilayah anaknya.", "Take it out if it sums its children."
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    told: set[int] = set()
    texts = [there for column, there in asked.dictionary.pairs if column.type == "text"][:3]
    for there in texts:
        hit = asked.table.rows.filter(cells.plain(there.id).str.contains(_LABEL))
        if 0 < hit.height < asked.table.height / 2:
            told |= set(hit[ROW].to_list())
            samples = tuple(Sample(row, there.name, value) for row, value in hit.select(ROW, there.id).head(20).rows())
            yield Found(there.name, hit[ROW], samples, "label")
    for found in (
        _sum(asked.table, asked.dictionary, texts, asked.parameters["least_rows"]),
        _parent(asked.table, asked.dictionary),
    ):
        if found is not None and not told & set(found.rows):
            told |= set(found.rows)
            yield found


def _sum(table: Table, dictionary: Bound, texts: list[TableColumn], least: int) -> Found | None:
    """The first or last row equals the sum of the others in every column of figures that is not zero."""
    figures = [
        there
        for column, there in dictionary.of_type("integer", "number")
        if not running_number(table, there) and _is_added(column, there)
    ]
    if table.height <= least or not figures:
        return None
    numbers = {
        there.id: cells.values(table.rows, there.id, "number", dictionary.notation(there)).cast(
            pl.Float64, strict=False
        )
        for there in figures
    }
    rows = table.rows[ROW]
    for index in (table.height - 1, 0):
        equal: list[str] = []
        differs = False
        for there in figures:
            series = numbers[there.id]
            value, total = series[index], series.sum()
            if value is None or not value or series.drop_nulls().len() <= least:
                continue
            if abs(total - 2 * value) <= 1e-6 * abs(value):
                equal.append(there.name)
            else:
                differs = True
        if equal and not differs:
            row = int(rows[index])
            label = next(
                (str(table.rows[there.id][index]).strip() for there in texts if table.rows[there.id][index]), ""
            )
            sample = Sample(row, texts[0].name if texts else "", label)
            return Found(None, (row,), (sample,), "sum", {"columns": ", ".join(equal)})
    return None


def _is_added(column: Column, there: TableColumn) -> bool:
    """Whether the column's figures may be summed: as the dictionary says, else as its header suggests."""
    if column.additive is not None:
        return column.additive
    return re.search(r"(?i)lat|lon|koordinat|persen|kode", there.name) is None


def _parent(table: Table, dictionary: Bound) -> Found | None:
    """One row whose region code begins all others and is shorter than all of them."""
    for _, there in dictionary.coded("wilayah"):
        codes = table.rows.select(ROW, code=pl.col(there.id).str.replace_all(r"\D", ""))
        lengths = codes["code"].str.len_chars()
        shortest = codes.filter(lengths == lengths.min())
        if shortest.height != 1 or table.height < 4:
            continue
        parent = shortest["code"][0]
        if parent and codes.filter(~pl.col("code").str.starts_with(parent)).is_empty():
            row = int(shortest[ROW][0])
            return Found(there.name, (row,), (Sample(row, there.name, parent),), "parent")
    return None
