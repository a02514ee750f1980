"""DP-02: no private telephone, mail or bank account numbers in a table to be published."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, personal
from ckanext.satudata.core.qa.findings import SAMPLES, Found, Sample
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text

_PATTERNS = {
    "phone": r"^(?:\+?62|0)[\s.\-]?8\d(?:[\s.\-]?\d){6,10}$",
    "email": personal.EMAIL,
    "account": r"^[\d\s.\-]{8,24}$",
}


@check(
    id="DP-02",
    title=Text("Tidak ada nomor telepon, surel, atau rekening orang", "No private telephone, mail or account numbers"),
    meaning=Text(
        "Nomor ponsel, alamat surel, dan nomor rekening seseorang adalah data pribadi (UU 27/2022). Kontak "
        "kantor boleh "
        "terbit: telepon kantor dan surel .go.id tidak ditanyakan.",
        "Mobile numbers, mail addresses and bank accounts of persons are personal data (UU 27/2022). Those of "
        "offices may "
        "be published: landlines and addresses under .go.id are not asked about.",
    ),
    bad="Nama penerima | no_hp 0812********",
    good="Nama kantor | telepon kantor",
    principle="interoperabilitas",
    dimension="aksesibilitas",
    severity="question",
    sop=("AX-01",),
    conceals=True,
    words={
        "phone": Words(
            Text("Nomor ponsel di tabel", "Mobile numbers in the table"),
            Text(
                "{count} sel kolom {column} berisi nomor ponsel, misalnya {value} di baris {row}.",
                "{count} cells of {column} hold mobile numbers, such as {value} in row {row}.",
            ),
            Text(
                "Hapus bila milik orang; bila nomor layanan umum, jelaskan.",
                "Remove them if they are persons'; if they are public services, say so.",
            ),
        ),
        "email": Words(
            Text("Alamat surel di tabel", "Mail addresses in the table"),
            Text(
                "{count} sel kolom {column} berisi alamat surel yang bukan alamat kantor, misalnya {value} di "
                "baris {row}.",
                "{count} cells of {column} hold mail addresses that are no office's, such as {value} in row {row}.",
            ),
            Text(
                "Hapus bila milik orang; bila alamat layanan umum, jelaskan.",
                "Remove them if they are persons'; if they are public services, say so.",
            ),
        ),
        "account": Words(
            Text("Nomor rekening di tabel", "Bank account numbers in the table"),
            Text(
                "{count} sel kolom {column} berisi nomor rekening, misalnya {value} di baris {row}.",
                "{count} cells of {column} hold bank account numbers, such as {value} in row {row}.",
            ),
            Text("Hapus kolom itu sebelum mengajukan.", "Remove the column before submitting."),
            severity="error",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    kinds = asked.dictionary.shape.personal
    # Beside names or identity numbers they are surely those of persons.
    of_persons = bool({"nik", "kk", "person", "birth"} & set(kinds.values()))
    found: list[Found] = []
    for there in asked.table.columns:
        kind = kinds.get(there.id, "")
        if kind not in _PATTERNS:
            continue
        cell = cells.plain(there.id)
        mask = cell.str.contains(_PATTERNS[kind])
        if kind == "email" and not of_persons:
            mask = mask & ~cell.str.contains(personal.OFFICE_MAIL)
        hit = asked.table.rows.filter(mask).select(ROW, cell.alias("value"))
        if hit.is_empty():
            continue
        name = there.name or f"kolom {there.position}"
        samples = tuple(Sample(row, name, personal.masked(value)) for row, value in hit.head(SAMPLES).rows())
        found.append(Found(name, hit[ROW], samples, kind, severity="error" if of_persons else None))
    return found
