"""BT-12: no merged cells among the data."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_NO_SHEET = NotApplicable(
    Text("Hanya lembar kerja yang mempunyai sel gabungan.", "Only spreadsheets have merged cells.")
)


@check(
    id="BT-12",
    title=Text("Tidak ada sel gabungan di antara data", "No merged cells among the data"),
    meaning=Text(
        "Sel gabungan hanya berisi nilai di baris pertamanya; baris di bawahnya kosong bagi mesin. Nama dan kode yang "
        "digabung ke bawah diulang sistem di tiap baris; angka tidak, karena dapat berarti jumlah.",
        "A merged cell has its value in its first row only; for machines the rows below are empty. Names and codes "
        "merged downwards are repeated in each row; figures are not, for they may be sums.",
    ),
    bad="“Ciparay” digabung di baris 2–15",
    good="“Ciparay” ditulis di setiap baris 2 sampai 15",
    principle="interoperabilitas",
    dimension="keterbandingan",
    severity="warning",
    sop=("QC-02", "IN-02"),
    reads="shape",
    words={
        "words": Words(
            Text("Sel gabungan ke bawah", "Cells merged downwards"),
            Text(
                "{count} sel gabungan di kolom “{column}”; isinya, misalnya “{value}”, diulang di tiap barisnya.",
                "{count} merged cells in column “{column}”; their text, such as “{value}”, is repeated in each row.",
            ),
            Text(
                "Pisahkan sel gabungan dan tulis isinya di setiap baris.",
                "Unmerge the cells and write their text into each row.",
            ),
        ),
        "figures": Words(
            Text("Angka di sel gabungan", "Figures in merged cells"),
            Text(
                "{count} sel gabungan di kolom “{column}” berisi angka, misalnya {value}; angkanya hanya dihitung di "
                "baris pertama.",
                "{count} merged cells of column “{column}” hold a figure, such as {value}; it counts for the first "
                "row only.",
            ),
            Text(
                "Tulis angka untuk setiap baris, atau jadikan satu baris bila angkanya memang untuk bersama.",
                "Write a figure for each row, or make it one row if the figure is for all of them.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    sheet = asked.table.sheet
    if sheet is None:
        return _NO_SHEET
    found: list[Found] = []
    for column in asked.table.columns:
        for variant, repeated in (("words", True), ("figures", False)):
            areas = [one for one in sheet.merged_data if one.position == column.position and one.repeated is repeated]
            if areas:
                name = column.name or f"kolom {column.position}"
                rows = tuple(row for one in areas for row in range(one.first, one.last + 1))
                samples = tuple(Sample(one.first, name, one.text) for one in areas[:SAMPLES])
                found.append(Found(name, rows, samples, variant, count=len(areas)))
    return found
