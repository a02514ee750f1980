"""BT-13: the header stands once, and no other header stands among the data."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, Table
from ckanext.satudata.core.text import Text

_FIGURE = r"^[+-]?\d[\d.,]*\s*%?$"
# A column counts as figures when so much of what it holds are figures.
_MOST = 0.8


@check(
    id="BT-13",
    title=Text("Judul kolom hanya satu kali", "The header stands once"),
    meaning=Text(
        "Judul kolom yang muncul lagi di tengah tabel berarti halaman cetak disalin apa adanya, atau ada tabel lain "
        "di bawahnya.",
        "A header that comes again among the data means that printed pages were copied, or that another table follows.",
    ),
    bad="Baris 41: No | Kecamatan | Jumlah (lagi)",
    good="Judul kolom hanya di baris pertama",
    principle="interoperabilitas",
    dimension="keterbandingan",
    severity="warning",
    sop=("QC-02", "IN-02"),
    parameters={"least_rows": 3},
    words={
        "again": Words(
            Text("Judul kolom berulang di tengah tabel", "Header repeated among the data"),
            Text("{count} baris mengulang judul kolom.", "{count} rows repeat the header."),
            Text("Hapus baris yang mengulang judul.", "Remove the rows that repeat the header."),
        ),
        "other": Words(
            Text("Judul tabel lain di tengah data", "Another header among the data"),
            Text(
                "Baris {row} tampak seperti judul kolom tabel lain: “{value}”.",
                "Row {row} looks like the header of another table: “{value}”.",
            ),
            Text(
                "Pindahkan tabel yang kedua ke file sendiri.",
                "Move the second table to a file of its own.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    table = asked.table
    lines = table.lines_left_out("repeated_header")
    again = [line.first for line in lines]
    named = [column for column in table.columns if column.name]
    if len(named) > 1:
        same = table.rows.filter(
            pl.all_horizontal(cells.plain(column.id) == " ".join(column.raw.split()) for column in named)
        )
        again += same[ROW].to_list()
    if again:
        sample = Sample(min(again), "", " | ".join(table.header)[:200])
        yield Found(None, tuple(sorted(again)), (sample,), "again", count=len(again))
    other = _others(table, asked.parameters["least_rows"]).filter(
        ~pl.col(ROW).is_in(pl.Series(again, dtype=pl.Int64).implode())
    )
    if other.height:
        samples = tuple(
            Sample(int(row[0]), "", " | ".join(cell for cell in row[1:] if cell)[:200])
            for row in other.head(SAMPLES).rows()
        )
        yield Found(None, other[ROW], samples, "other")


def _parted(table: Table, ids: list[str]) -> bool:
    """Whether there is a line left out, or one of a single cell: without it there is no row behind one."""
    rows = table.rows[ROW]
    if int(rows[-1]) - int(rows[0]) + 1 != rows.len():
        return True
    filled = pl.sum_horizontal((cells.plain(name) != "").cast(pl.Int64) for name in ids)
    return bool(table.rows.select((filled < 2).any()).item())


def _others(table: Table, least: int) -> pl.DataFrame:
    """Rows with words in the columns of figures, behind a blank line or a line of one cell."""
    nothing = table.rows.clear()
    if table.height <= least:
        return nothing
    ids = [column.id for column in table.columns]
    if not _parted(table, ids):
        return nothing
    shares = table.rows.select(
        (cells.plain(name).str.contains(_FIGURE).sum() / (~cells.is_missing(name)).sum()).alias(name) for name in ids
    ).row(0, named=True)
    figures = [name for name, share in shares.items() if share is not None and share >= _MOST]
    if not figures:
        return nothing
    words = pl.sum_horizontal(
        (~cells.plain(name).str.contains(_FIGURE) & ~cells.is_missing(name)).cast(pl.Int64) for name in figures
    )
    filled = pl.sum_horizontal((cells.plain(name) != "").cast(pl.Int64) for name in ids)
    parted = (pl.col(ROW) - pl.col(ROW).shift(1) > 1) | (filled.shift(1) < 2)
    # The row below the words holds figures again.
    below = words.shift(-1).fill_null(1) == 0
    return table.rows.filter((words >= max(1, (len(figures) + 1) // 2)) & (filled > 1) & parted & below)
