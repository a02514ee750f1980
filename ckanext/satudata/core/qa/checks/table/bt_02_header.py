"""BT-02: one header line, every column with a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.findings import Found, Sample
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="BT-02",
    title=Text("Judul kolom lengkap dan tidak berulang", "Column headers are complete and unique"),
    meaning=Text(
        "Tabel dimulai dengan satu baris judul; tiap kolom punya nama sendiri, tanpa spasi di tepi.",
        "The table starts with one header line; each column has its own name, without blanks at its ends.",
    ),
    bad="Kecamatan | Jumlah | Jumlah | (kosong)",
    good="Kecamatan | Jumlah laki-laki | Jumlah perempuan",
    principle="interoperabilitas",
    dimension="keterbandingan",
    severity="error",
    sop=("QC-02", "IN-02"),
    reads="shape",
    words={
        "missing": Words(
            Text("Tidak ada baris judul kolom", "There is no header line"),
            Text(
                "Baris pertama tabel sudah berisi angka, bukan nama kolom.", "The first line holds figures, not names."
            ),
            Text(
                "Tambahkan satu baris judul di atas data, satu nama untuk tiap kolom.",
                "Add one header line above the data.",
            ),
        ),
        "blank": Words(
            Text("Kolom tanpa judul", "Column without a header"),
            Text(
                "Kolom ke-{position} berisi data tetapi tidak berjudul.",
                "Column {position} holds data but has no header.",
            ),
            Text("Tulis judul untuk kolom itu, atau hapus kolomnya.", "Give the column a header, or remove it."),
        ),
        "repeated": Words(
            Text("Judul kolom berulang", "Column header used twice"),
            Text("Judul “{column}” dipakai oleh {count} kolom.", "“{column}” is the header of {count} columns."),
            Text("Beri nama yang berbeda untuk tiap kolom.", "Give each column a name of its own."),
        ),
        "space": Words(
            Text("Spasi di tepi judul kolom", "Blank at the end of a column header"),
            Text("Judul “{value}” diawali atau diakhiri spasi.", "Header “{value}” begins or ends with a blank."),
            Text("Tulis “{proposal}”.", "Write “{proposal}”."),
            severity="warning",
        ),
        "levels": Words(
            Text("Judul kolom bertingkat", "Header of several lines"),
            Text(
                "Judul kolom ditulis dalam {lines} baris (baris {first}–{last}).",
                "The header takes {lines} lines ({first}–{last}).",
            ),
            Text(
                "Jadikan satu baris judul, misalnya “Jumlah laki-laki”, “Jumlah perempuan”.",
                "Make it one line, for instance “Total male”, “Total female”.",
            ),
            severity="warning",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    if asked.table.header_rows is None:
        yield Found(variant="missing", count=1, rows=(asked.table.first_row,))
        return
    first, last = asked.table.header_rows
    if last > first:
        lines = {"lines": last - first + 1, "first": first, "last": last}
        yield Found(variant="levels", rows=tuple(range(first, last + 1)), parameters=lines, count=1)
    names = Counter(same_name(column.name) for column in asked.table.columns if column.name)
    told: set[str] = set()
    for column in asked.table.columns:
        if not column.name:
            yield Found(f"kolom {column.position}", (last,), (), "blank", {"position": column.position}, count=1)
            continue
        name = same_name(column.name)
        if names[name] > 1 and name not in told:
            told.add(name)
            yield Found(column.name, (last,), (), "repeated", count=names[name])
        if column.raw != column.raw.strip():
            sample = Sample(last, column.name, column.raw, column.name)
            yield Found(column.name, (last,), (sample,), "space", count=1)
