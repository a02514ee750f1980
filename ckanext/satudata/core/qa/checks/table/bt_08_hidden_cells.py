"""BT-08: nothing in the table is hidden."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text

_NO_SHEET = NotApplicable(
    Text("Hanya lembar kerja yang dapat menyembunyikan baris.", "Only spreadsheets can hide rows.")
)


@check(
    id="BT-08",
    title=Text("Tidak ada baris atau kolom tersembunyi", "No hidden rows or columns"),
    meaning=Text(
        "Baris dan kolom yang disembunyikan di Excel tetap ada di dalam file: ikut terbaca dan ikut terbit.",
        "Rows and columns hidden in Excel are still in the file: they are read, and published.",
    ),
    bad="Kolom NIK disembunyikan; tiga kecamatan tersaring",
    good="Semua baris dan kolom tampak; yang tidak untuk dibagikan sudah dihapus",
    principle="interoperabilitas",
    dimension="akurasi",
    severity="warning",
    sop=("QC-02",),
    reads="shape",
    words={
        "rows": Words(
            Text("Baris data tersembunyi", "Hidden rows"),
            Text(
                "{count} baris data tersembunyi di lembar ini, tetapi ikut terbaca dan ikut terbit.",
                "{count} rows of data are hidden on this sheet, but they are read and published.",
            ),
            Text(
                "Tampilkan lagi (Data › Bersihkan saringan), lalu hapus baris yang memang tidak dibagikan.",
                "Show them again (Data › Clear filter), and remove the rows that are not to be shared.",
            ),
            severity="question",
        ),
        "column": Words(
            Text("Kolom tersembunyi", "Hidden column"),
            Text(
                "Kolom “{column}” tersembunyi di lembar ini, tetapi ikut terbaca dan ikut terbit.",
                "Column “{column}” is hidden on this sheet, but it is read and published.",
            ),
            Text(
                "Hapus kolom itu bila isinya tidak untuk dibagikan; bila boleh, tampilkan lagi.",
                "Remove the column if it is not to be shared; if it is, show it again.",
            ),
        ),
        "unseen": Words(
            Text("Yang tersembunyi tidak dapat dilihat", "What is hidden cannot be seen"),
            Text(
                "Di jenis file ini baris tersembunyi, dan nol yang hanya tampil karena format, tidak dapat dilihat.",
                "In this kind of file hidden rows, and zeros that only a number format shows, cannot be seen.",
            ),
            Text("Simpan sebagai XLSX agar keduanya ikut diperiksa.", "Save it as XLSX to have both checked."),
            severity="info",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    sheet = asked.table.sheet
    if sheet is None:
        return _NO_SHEET
    if not sheet.seen:
        return [Found(variant="unseen", count=1)]
    found: list[Found] = []
    rows = asked.table.rows[ROW]
    hidden = [rows.filter(rows.is_between(first, last)) for first, last in sheet.hidden_rows]
    if any(part.len() for part in hidden):
        found.append(Found(None, pl.concat(hidden), (), "rows"))
    names = {column.position: column.name or f"kolom {column.position}" for column in asked.table.columns}
    found += [
        Found(names[position], (), (), "column", count=1) for position in sheet.hidden_columns if position in names
    ]
    return found
