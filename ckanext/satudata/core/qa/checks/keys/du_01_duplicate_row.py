"""DU-01: no row twice."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.propose import running_number
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text


def _compared(asked: Asked) -> list[str]:
    return [there.id for there in asked.table.columns if not running_number(asked.table, there)]


@check(
    id="DU-01",
    title=Text("Tidak ada baris ganda", "No row stands twice"),
    meaning=Text(
        "Baris yang sama persis biasanya tersalin dua kali. Kolom nomor urut tidak ikut dibandingkan.",
        "Two equal rows were usually copied twice. Running numbers are not compared.",
    ),
    bad="32.04.05 | Cileunyi | 2021 | 995 di baris 10 dan baris 45",
    good="Satu baris saja",
    principle="standar_data",
    dimension="akurasi",
    severity="error",
    sop=("QC-04",),
    reads="repeats",
    repeats=_compared,
    words={
        "": Words(
            Text("Baris ganda", "Duplicate rows"),
            Text(
                "{count} baris sama persis dengan baris sebelumnya. Contoh: baris {row} sama dengan baris {first}.",
                "{count} rows repeat an earlier one. Example: row {row} equals row {first}.",
            ),
            Text("Hapus salinannya.", "Remove the copies."),
        ),
        "numbered": Words(
            Text("Baris ganda dengan nomor berbeda", "Rows that differ in their number only"),
            Text(
                "{count} baris hanya berbeda nomor urutnya dari baris lain. Contoh: baris {row} dan baris {first}.",
                "{count} rows differ from another one in their running number only. Example: rows {row} and {first}.",
            ),
            Text(
                "Hapus salinannya, atau jelaskan bila memang dua kejadian.",
                "Remove copies, or say that they are two events.",
            ),
            severity="warning",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    compared = _compared(asked)
    numbered = len(compared) < len(asked.table.columns)
    if not compared or not asked.table.height:
        return
    # A 64-bit hash first; only rows whose hash repeats are compared as text.
    again = cells.row_hashes(asked.table, compared).is_duplicated()
    if not again.any():
        return
    rows = asked.table.rows.filter(again).select(ROW, *[cells.plain(column) for column in compared])
    marked = rows.with_columns(first=pl.col(ROW).min().over(compared))
    copies = marked.filter(pl.col(ROW) != pl.col("first"))
    if copies.is_empty():
        return
    samples = tuple(
        Sample(row, "", "", None, {"first": first}) for row, first in copies.select(ROW, "first").head(SAMPLES).rows()
    )
    yield Found(None, copies[ROW], samples, "numbered" if numbered else "")
