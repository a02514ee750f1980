"""BT-01: the file can be read at all. What cannot be read never gets here; the report then says why."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import Found
from ckanext.satudata.core.qa.registry import Words, check
from ckanext.satudata.core.qa.table.model import Source
from ckanext.satudata.core.text import Text


@check(
    id="BT-01",
    title=Text("File dapat dibaca", "File can be read"),
    meaning=Text(
        "Mesin dapat membuka file ini dan menemukan tabel di dalamnya. PDF, gambar, halaman web dan "
        "file berkata sandi tidak bisa.",
        "A machine can open the file and finds a table in it. PDFs, pictures, web pages and files "
        "with a password cannot be read.",
    ),
    bad="laporan.csv yang sebenarnya halaman web atau PDF",
    good="laporan.csv atau laporan.xlsx dengan satu tabel",
    principle="interoperabilitas",
    dimension="aksesibilitas",
    severity="error",
    scope="file",
    sop=("QC-02", "IN-01"),
    words={
        "sheets": Words(
            Text("Lembar tanpa tabel", "Sheets without a table"),
            Text(
                "{count} lembar tidak berisi tabel dan tidak diperiksa: {sheets}.",
                "{count} sheets hold no table and were not checked: {sheets}.",
            ),
            Text("Tidak perlu apa-apa bila memang begitu.", "Nothing to do if that is right."),
            severity="info",
        ),
        "members": Words(
            Text("File tanpa tabel di dalam arsip", "Files without a table in the archive"),
            Text(
                "{count} file di dalam arsip tidak diperiksa karena bukan tabel: {members}.",
                "{count} files of the archive were not checked because they are no tables: {members}.",
            ),
            Text("Tidak perlu apa-apa bila memang begitu.", "Nothing to do if that is right."),
            severity="info",
        ),
    },
)
def run(source: Source) -> Iterable[Found]:
    without: list[str] = source.facts.get("sheets_without_table", [])
    if without:
        yield Found(variant="sheets", parameters={"sheets": _listed(without)}, count=len(without))
    members: list[str] = source.facts.get("members_without_table", [])
    if members:
        yield Found(variant="members", parameters={"members": _listed(members)}, count=len(members))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
