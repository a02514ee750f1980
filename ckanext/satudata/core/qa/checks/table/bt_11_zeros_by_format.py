"""BT-11: the zeros of a code are in the cell, not only in its number format."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import Found, NotApplicable, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text

_NO_SHEET = NotApplicable(
    Text("Hanya lembar kerja yang mempunyai format angka.", "Only spreadsheets have number formats.")
)


@check(
    id="BT-11",
    title=Text("Nol di depan kode tersimpan di selnya", "Leading zeros are stored in the cell"),
    meaning=Text(
        "Format seperti 00000 hanya menampilkan nol; di dalam file tersimpan bilangan, dan program lain membaca 32, "
        "bukan 00032. Sistem ini membaca kode seperti yang tampak.",
        "A format such as 00000 only shows zeros; the file stores a number, and other programs read 32 instead of "
        "00032. Here the code is read as it is shown.",
    ),
    bad="Bilangan 32 dengan format 00000, tampak 00032",
    good="Teks 00032",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="warning",
    sop=("QC-02", "KR-01"),
    reads="shape",
    words={
        "": Words(
            Text("Nol hanya ada di format angka", "Zeros are only in the number format"),
            Text(
                "Kode di kolom “{column}” tampak seperti {value}, tetapi yang tersimpan bilangan tanpa nol di depan.",
                "Codes of column “{column}” look like {value}, but numbers without their zeros are stored.",
            ),
            Text(
                'Ubah kolom itu menjadi teks: sisipkan kolom, isi rumus =TEXT(A2;"{format}"), lalu tempel nilainya.',
                'Turn the column into text: insert a column, use =TEXT(A2,"{format}"), and paste its values.',
            ),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    table = asked.table
    if table.sheet is None:
        return _NO_SHEET
    columns = {column.position: column for column in table.columns}
    found: list[Found] = []
    for position, shown, row in table.sheet.codes:
        column = columns[position]
        # Only where a zero in front is really shown: 2021 with the format 0000 is 2021 everywhere.
        padded = table.rows.filter((pl.col(ROW) >= row) & pl.col(column.id).str.contains(r"^0\d"))
        if padded.height:
            name = column.name or f"kolom {position}"
            sample = Sample(int(padded[ROW][0]), name, str(padded[column.id][0]))
            found.append(Found(name, padded[ROW], (sample,), parameters={"format": shown}))
    return found
