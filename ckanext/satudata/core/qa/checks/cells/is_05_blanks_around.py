"""IS-05: no blanks at the ends of a value, no runs of blanks inside."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, mark
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-05",
    title=Text("Tidak ada spasi berlebih", "No stray blanks"),
    meaning=Text(
        "“KOTA BANJAR ” dan “KOTA BANJAR” tampak sama bagi orang, tetapi berbeda bagi mesin.",
        "“KOTA BANJAR ” and “KOTA BANJAR” look the same to people and are different to machines.",
    ),
    bad="“Dinas Pemadam Kebakaran ”",
    good="“Dinas Pemadam Kebakaran”",
    principle="interoperabilitas",
    dimension="keterbandingan",
    severity="warning",
    sop=("QC-03",),
    reads="parts",
    words={
        "ends": Words(
            Text("Spasi di tepi nilai", "Blanks around values"),
            Text(
                "{count} sel kolom {column} diawali atau diakhiri spasi. Contoh: “{value}” di baris {row}.",
                "{count} cells of {column} begin or end with a blank. Example: “{value}” in row {row}.",
            ),
            Text("Hapus spasi di awal dan akhir.", "Remove the blanks at both ends."),
        ),
        "inside": Words(
            Text("Spasi ganda di dalam nilai", "Double blanks inside values"),
            Text(
                "{count} sel kolom {column} memuat spasi ganda, misalnya baris {row}.",
                "{count} cells of {column} hold double blanks, such as row {row}.",
            ),
            Text("Jadikan satu spasi.", "Make it one blank."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    for there in asked.table.columns:
        cell = pl.col(there.id)
        tidy = cells.plain(there.id).str.replace_all(r"[ \t\u{a0}]{2,}", " ")
        ends = mark(asked.table, there.id, cell != cell.str.strip_chars(), proposal=tidy, variant="ends")
        inside = cells.plain(there.id).str.contains(r"\S[ \t\u{a0}]{2,}\S")
        runs = mark(asked.table, there.id, inside, proposal=tidy, variant="inside")
        yield from (found for found in (ends, runs) if found is not None)
