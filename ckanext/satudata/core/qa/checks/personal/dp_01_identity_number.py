"""DP-01: no NIK and no KK number in a table to be published."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, personal
from ckanext.satudata.core.qa.findings import SAMPLES, Found, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text


@check(
    id="DP-01",
    title=Text("Tidak ada NIK atau nomor KK", "No NIK and no KK numbers"),
    meaning=Text(
        "Nomor induk kependudukan dan nomor kartu keluarga adalah data pribadi (UU 27/2022) dan tidak boleh "
        "terbit. Sistem "
        "mengenalinya dari kode wilayah dan tanggal di dalamnya; nilainya disamarkan di laporan ini.",
        "Identity and family card numbers are personal data (UU 27/2022) and must not be published. They are "
        "recognised by "
        "the region code and the date inside; this report hides their digits.",
    ),
    bad="NIK 3299************",
    good="Kolom NIK dihapus; tiap orang diberi nomor urut",
    principle="interoperabilitas",
    dimension="aksesibilitas",
    severity="error",
    sop=("AX-01",),
    conceals=True,
    words={
        "nik": Words(
            Text("Kolom berisi NIK", "The column holds NIK numbers"),
            Text(
                "{count} sel kolom {column} berisi NIK, misalnya {value} di baris {row}.",
                "{count} cells of {column} hold NIK numbers, such as {value} in row {row}.",
            ),
            Text(
                "Hapus kolom itu sebelum mengajukan. Bila file ini pernah dibagikan, beri tahu walidata.",
                "Remove the column before submitting. If the file was shared already, tell the walidata.",
            ),
        ),
        "kk": Words(
            Text("Kolom berisi nomor KK", "The column holds KK numbers"),
            Text(
                "{count} sel kolom {column} berisi nomor kartu keluarga, misalnya {value} di baris {row}.",
                "{count} cells of {column} hold family card numbers, such as {value} in row {row}.",
            ),
            Text(
                "Hapus kolom itu sebelum mengajukan. Bila file ini pernah dibagikan, beri tahu walidata.",
                "Remove the column before submitting. If the file was shared already, tell the walidata.",
            ),
        ),
        "inside": Words(
            Text("Nomor kependudukan di dalam teks", "Identity numbers inside of texts"),
            Text(
                "{count} sel kolom {column} memuat nomor yang tampaknya NIK atau nomor KK: {value} di baris {row}.",
                "{count} cells of {column} contain what seems to be a NIK or KK number: {value} in row {row}.",
            ),
            Text("Hapus nomor itu dari teksnya.", "Take the number out of the text."),
        ),
        "damaged": Words(
            Text("NIK yang rusak", "Damaged NIK numbers"),
            Text(
                "{count} sel kolom {column} berisi NIK yang rusak karena dibaca sebagai angka, misalnya {value}.",
                "{count} cells of {column} hold NIK numbers damaged by a spreadsheet, such as {value}.",
            ),
            Text("Hapus kolom itu; isinya tetap data pribadi.", "Remove the column; it still is personal data."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    found: list[Found] = []
    for there in asked.table.columns:
        kind = asked.dictionary.shape.personal.get(there.id)
        if kind not in (*personal.NUMBERS, "inside"):
            continue
        cell = cells.plain(there.id)
        bare = cell.str.replace_all(r"[\s.'’`\-]", "")
        number = cell.str.contains(personal.INSIDE) if kind == "inside" else bare.str.contains(r"^\d{16}$")
        damaged = cell.str.contains(personal.DAMAGED)
        for variant, mask in ((kind, number), ("damaged", damaged)):
            hit = asked.table.rows.filter(mask).select(ROW, cell.alias("value"))
            if hit.height:
                name = there.name or f"kolom {there.position}"
                found.append(Found(name, hit[ROW], _samples(hit, kind, name), variant))
    return found


def _samples(hit: pl.DataFrame, kind: str, column: str) -> tuple[Sample, ...]:
    cover = personal.mask_numbers if kind == "inside" else personal.masked
    return tuple(Sample(row, column, cover(value)) for row, value in hit.head(SAMPLES).rows())
