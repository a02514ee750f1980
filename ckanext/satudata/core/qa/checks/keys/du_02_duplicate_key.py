"""DU-02: the key columns name each row once."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.propose import running_number
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text


def _keys(asked: Asked) -> list[str]:
    return [there.id for column, there in asked.dictionary.pairs if column.key]


@check(
    id="DU-02",
    title=Text("Kunci tidak berulang", "Keys are unique"),
    meaning=Text(
        "Kolom kunci (misalnya wilayah dan tahun) bersama-sama menamai satu baris saja.",
        "The key columns (region and year, for instance) together name one row only.",
    ),
    bad="32.04.05 | 2021 | 995 dan 32.04.05 | 2021 | 1002",
    good="Satu nilai untuk 32.04.05 tahun 2021",
    principle="standar_data",
    dimension="akurasi",
    severity="error",
    sop=("QC-04",),
    from_dictionary=True,
    reads="repeats",
    repeats=_keys,
    words={
        "": Words(
            Text("Kunci berulang dengan isi berbeda", "One key, different values"),
            Text(
                "{count} baris memakai kunci ({columns}) yang sudah dipakai. Contoh: baris {row} dan "
                "baris {first}, {value}.",
                "{count} rows use a key ({columns}) that is taken. Example: rows {row} and {first}, {value}.",
            ),
            Text("Tentukan mana yang benar dan hapus yang lain.", "Decide which one is right and remove the other."),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    keys = [there for column, there in asked.dictionary.pairs if column.key]
    if not keys:
        return NotApplicable(Text("Kamus data tidak menyebut kolom kunci.", "The data dictionary names no key."), None)
    if not asked.table.height:
        return []
    ids = [there.id for there in keys]
    plain = [cells.plain(column) for column in ids]
    again = cells.row_hashes(asked.table, ids).is_duplicated()
    if not again.any():
        return []
    rest = [there.id for there in asked.table.columns if not running_number(asked.table, there)]
    whole = pl.struct([cells.plain(column) for column in rest]).hash()
    rows = asked.table.rows.filter(again).select(ROW, *plain, whole=whole)
    filled = pl.all_horizontal([pl.col(column) != "" for column in ids])
    marked = rows.filter(filled).with_columns(first=pl.col(ROW).min().over(ids))
    # A row that is a full copy of an earlier one is DU-01's matter.
    copies = marked.filter(pl.col(ROW) != pl.col(ROW).min().over([*ids, "whole"]))
    repeated = marked.filter((pl.col(ROW) != pl.col("first")) & ~pl.col(ROW).is_in(copies[ROW].implode()))
    if repeated.is_empty():
        return []
    names = ", ".join(there.name for there in keys)
    samples = tuple(
        Sample(row[ROW], names, " | ".join(row[column] for column in ids), None, {"first": row["first"]})
        for row in repeated.head(SAMPLES).rows(named=True)
    )
    return [Found(None, repeated[ROW], samples, "", {"columns": names})]
