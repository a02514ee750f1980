"""KR-03: a column that looks like region codes is declared as one."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import NO_DICTIONARY, Found, NotApplicable
from ckanext.satudata.core.qa.propose import propose
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="KR-03",
    title=Text("Kolom kode dinyatakan daftarnya", "Columns of codes name their list"),
    meaning=Text(
        "Kode Kemendagri dan BPS mirip tetapi tidak sama. Kamus data harus menyebut daftar yang dipakai.",
        "Kemendagri and BPS codes look alike and are not the same. The data dictionary has to name the list.",
    ),
    bad="kode_kabupaten: daftar kosong",
    good="kode_kabupaten: daftar wilayah_kemendagri, edisi 2430/2025",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="question",
    sop=("KR-03",),
    words={
        "": Words(
            Text("Daftar kode belum disebut", "The list of codes is not named"),
            Text(
                "Kolom {column} tampaknya berisi kode wilayah ({list}), tetapi kamus data tidak menyebut daftarnya.",
                "Column {column} seems to hold region codes ({list}), but the data dictionary names no list.",
            ),
            Text("Pilih daftar kodenya di kamus data.", "Choose the list in the data dictionary."),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    if not asked.dictionary.given:
        return NO_DICTIONARY
    proposed = {
        there.id: proposal.column.list
        for proposal, there in zip(propose(asked.table, asked.lists), asked.table.columns, strict=True)
        if (proposal.column.list or "").startswith("wilayah")
    }
    return [
        Found(column.name, parameters={"list": proposed[there.id]}, count=1)
        for column, there in asked.dictionary.pairs
        if there.id in proposed and not column.list
    ]
