"""KD-01: the columns are those of the file before."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ckanext.satudata.core.qa.about import not_told
from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="KD-01",
    title=Text("Judul kolom sama dengan file sebelumnya", "Headers are those of the file before"),
    meaning=Text(
        "Aplikasi yang membaca data ini mencari kolom menurut judulnya. Judul yang berubah dari file ke file memutus "
        "aplikasi itu dan membuat deret tidak dapat disambung.",
        "Programs that read these data find the columns by their headers. Headers that change from file to file "
        "break them "
        "and the series.",
    ),
    bad="2022: jumlah_penduduk; 2023: Penduduk (jiwa)",
    good="2022: jumlah_penduduk; 2023: jumlah_penduduk",
    principle="interoperabilitas",
    dimension="keterbandingan",
    severity="warning",
    sop=("IN-02", "KK-01"),
    words={
        "gone": Words(
            Text("Kolom hilang dari file sebelumnya", "A column of the file before is gone"),
            Text(
                "Kolom “{column}” ada di file sebelumnya, sekarang tidak ada{near_id}.",
                "Column “{column}” was in the file before and is not there now{near_en}.",
            ),
            Text("Pakai judul yang sama seperti sebelumnya.", "Use the header of the file before."),
        ),
        "new": Words(
            Text("Kolom baru", "New column"),
            Text(
                "Kolom “{column}” tidak ada di file sebelumnya.",
                "Column “{column}” was not in the file before.",
            ),
            Text("Jelaskan kolom itu di kamus data.", "Describe it in the data dictionary."),
            severity="question",
        ),
        "order": Words(
            Text("Urutan kolom berubah", "The order of columns changed"),
            Text(
                "Kolomnya sama dengan file sebelumnya, tetapi urutannya berubah.",
                "The columns are those of the file before, in another order.",
            ),
            Text("Bila bisa, pakai urutan sebelumnya.", "Keep the former order if you can."),
            severity="info",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    before = {same_name(name): name for name in asked.about.header_before if name}
    if not before:
        return not_told("header_before")
    # A column without a header is BT-02's matter.
    # The caller tells the header of one table; the other sheets have none to be compared with.
    now = {same_name(there.name): there.name for there in asked.table.columns if there.name}
    if not set(before) & set(now) and asked.source is not None and len(asked.source.tables) > 1:
        return not_told("header_before")
    gone = [name for key, name in before.items() if key not in now]
    new = {key: name for key, name in now.items() if key not in before}
    found = [Found(name, (), (), "gone", _near(name, new), count=1) for name in gone]
    header = (asked.table.header_rows[1],) if asked.table.header_rows is not None else ()
    found += [Found(name, header, (), "new", count=1) for name in new.values()]
    if not found and list(before) != list(now):
        found.append(Found(None, header, (), "order", count=1))
    return found


def _near(name: str, new: dict[str, str]) -> dict[str, str]:
    close = get_close_matches(same_name(name), new, 1, 0.5)
    if not close:
        return {"near_id": "", "near_en": ""}
    return {
        "near_id": f"; mungkin sekarang “{new[close[0]]}”",
        "near_en": f"; it may be “{new[close[0]]}” now",
    }
