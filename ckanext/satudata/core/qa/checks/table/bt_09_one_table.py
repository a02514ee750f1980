"""BT-09: one sheet, one table."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import Found
from ckanext.satudata.core.qa.registry import Words, check
from ckanext.satudata.core.qa.table.model import Source, Table
from ckanext.satudata.core.text import Text

_NUMBERED = re.compile(r" \[\d+\]$")


@check(
    id="BT-09",
    title=Text("Satu lembar berisi satu tabel", "One sheet holds one table"),
    meaning=Text(
        "Beberapa tabel di satu lembar membuat mesin sulit tahu mana judul dan mana data. Sistem memisahkannya dan "
        "memeriksa masing-masing.",
        "Several tables on one sheet make it hard for machines to tell headers from data. They were taken apart, and "
        "each was checked.",
    ),
    bad="Tabel 1 di A1:D20, Tabel 2 di F1:H20 pada lembar yang sama",
    good="Lembar “Penduduk” berisi Tabel 1, lembar “Luas” berisi Tabel 2",
    principle="interoperabilitas",
    dimension="keterbandingan",
    severity="warning",
    scope="file",
    sop=("QC-02", "IN-02"),
    words={
        "sheet": Words(
            Text("Beberapa tabel di satu lembar", "Several tables on one sheet"),
            Text(
                "Lembar “{sheet}” berisi {count} tabel: {areas}.",
                "Sheet “{sheet}” holds {count} tables: {areas}.",
            ),
            Text(
                "Pindahkan tiap tabel ke lembar atau file sendiri. Bila tabelnya sama dan hanya tahunnya lain, "
                "gabungkan dengan kolom tahun.",
                "Move each table to a sheet or file of its own. If they differ only in the year, join them with a "
                "column for it.",
            ),
        ),
        "files": Words(
            Text("Beberapa file di dalam arsip", "Several files in the archive"),
            Text("Arsip ini berisi {count} file tabel: {members}.", "This archive holds {count} files: {members}."),
            Text(
                "Tidak perlu apa-apa bila memang begitu; satu file per sumber data lebih mudah dipakai.",
                "Nothing to do if that is right; one file for each resource is easier to use.",
            ),
            severity="info",
        ),
    },
)
def run(source: Source) -> Iterable[Found]:
    members: list[str] = source.facts.get("members", [])
    if len(members) > 1:
        shown = ", ".join(members[:10]) + (" …" if len(members) > 10 else "")
        yield Found(variant="files", parameters={"members": shown}, count=len(members))
    sheets: dict[str, list[Table]] = {}
    for table in source.tables:
        if table.sheet is not None and table.sheet.tables > 1:
            sheets.setdefault(_NUMBERED.sub("", table.name), []).append(table)
    for name, tables in sheets.items():
        areas = [table.sheet.area for table in tables if table.sheet is not None]
        shown = ", ".join(areas[:10]) + (" …" if len(areas) > 10 else "")
        if len(areas) > 1:
            yield Found(variant="sheet", parameters={"sheet": name, "areas": shown}, count=len(areas))
