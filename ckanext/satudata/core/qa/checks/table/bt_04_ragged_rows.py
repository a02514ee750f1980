"""BT-04: every record has as many cells as the table has columns."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import SAMPLES, Found, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text


@check(
    id="BT-04",
    title=Text("Jumlah sel tiap baris sama", "Every row has the same number of cells"),
    meaning=Text(
        "Baris yang kurang atau lebih selnya membuat nilai berpindah kolom.",
        "A row with fewer or more cells than the header puts values into the wrong column.",
    ),
    bad="Ciparay,2021,1,474 (koma ribuan memecah angka menjadi dua sel)",
    good='Ciparay,2021,1474 atau Ciparay,2021,"1,474"',
    principle="interoperabilitas",
    dimension="akurasi",
    severity="error",
    sop=("QC-02",),
    reads="parts",
    words={
        "short": Words(
            Text("Baris kekurangan sel", "Rows with too few cells"),
            Text("{count} baris mempunyai kurang dari {columns} sel.", "{count} rows have fewer than {columns} cells."),
            Text(
                "Lengkapi baris itu; sel tanpa nilai tetap diberi pemisah.",
                "Complete these rows; an empty cell needs its separator.",
            ),
        ),
        "long": Words(
            Text("Baris kelebihan sel", "Rows with too many cells"),
            Text("{count} baris mempunyai lebih dari {columns} sel.", "{count} rows have more than {columns} cells."),
            Text(
                "Biasanya ada pemisah di dalam nilai. Beri tanda kutip pada nilai itu, atau simpan ulang dari Excel.",
                "Usually a value holds a separator. Put the value in quotes, or save the file again from Excel.",
            ),
        ),
        "open_quote": Words(
            Text("Tanda kutip tidak ditutup", "Quote not closed"),
            Text(
                "{count} baris membuka tanda kutip yang tidak pernah ditutup.",
                "{count} rows open a quote that is never closed.",
            ),
            Text(
                "Hapus tanda kutip itu atau tutup di sel yang sama.", "Remove the quote, or close it in the same cell."
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    width = max((column.position for column in asked.table.columns), default=0)
    for kind in ("short", "long", "open_quote"):
        rows = asked.table.irregular.filter(pl.col("kind") == kind)
        if rows.height:
            samples = tuple(
                Sample(row, "", f"{cells} sel") for row, cells in rows.select(ROW, "cells").head(SAMPLES).rows()
            )
            yield Found(None, rows[ROW], samples, kind, {"columns": width})
