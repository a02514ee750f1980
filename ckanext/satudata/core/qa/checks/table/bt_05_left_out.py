"""BT-05: lines that are not data stand outside the table; each kind is named."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import SAMPLES, Found, Sample
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import Outside, Table
from ckanext.satudata.core.text import Text

_KINDS = (
    *("title", "column_numbers", "units", "total", "note", "signature", "beside", "repeated_key"),
    *("blank", "empty_column"),
)


@check(
    id="BT-05",
    title=Text("Tabel hanya berisi data", "The table holds nothing but data"),
    meaning=Text(
        "Judul laporan, nomor kolom, baris satuan, baris jumlah dan catatan kaki bukan data. Sistem "
        "melewatinya dan menyebutkannya di sini.",
        "Titles, column numbers, units, totals and footnotes are no data. They are skipped, and named here.",
    ),
    bad="JUMLAH DTKS KOTA X / PER 31 MARET 2023 / (kosong) / NO | KECAMATAN …",
    good="Baris pertama: no | kecamatan …; judul dan tanggal ditulis di metadata",
    principle="interoperabilitas",
    dimension="keterbandingan",
    severity="warning",
    sop=("QC-02", "IN-02"),
    reads="shape",
    words={
        "title": Words(
            Text("Baris judul di atas tabel", "Title lines above the table"),
            Text(
                "{count} baris di atas judul kolom dilewati, misalnya “{value}”.",
                "{count} lines above the header were skipped, such as “{value}”.",
            ),
            Text(
                "Pindahkan keterangan itu ke metadata dataset; mulai file dengan judul kolom.",
                "Move them to the metadata; start the file with the header.",
            ),
        ),
        "total": Words(
            Text("Baris jumlah di bawah tabel", "Total line below the table"),
            Text("{count} baris jumlah dilewati: “{value}”.", "{count} total lines were skipped: “{value}”."),
            Text(
                "Hapus baris jumlah dari file; jumlah dapat dihitung dari datanya.",
                "Remove total lines; they can be worked out from the data.",
            ),
        ),
        "note": Words(
            Text("Catatan di bawah tabel", "Notes below the table"),
            Text(
                "{count} baris catatan dilewati, misalnya “{value}”.",
                "{count} lines of notes were skipped, such as “{value}”.",
            ),
            Text("Tulis sumber dan catatan di metadata.", "Write source and notes into the metadata."),
            severity="info",
        ),
        "column_numbers": Words(
            Text("Baris nomor kolom", "Line of column numbers"),
            Text(
                "Baris {row} hanya berisi nomor kolom dan dilewati.",
                "Line {row} only numbers the columns and was skipped.",
            ),
            Text("Hapus baris itu.", "Remove the line."),
        ),
        "units": Words(
            Text("Baris satuan di bawah judul kolom", "Line of units below the header"),
            Text(
                "Baris {row} hanya berisi satuan (“{value}”) dan dilewati; satuannya diusulkan untuk kamus data.",
                "Line {row} holds nothing but units (“{value}”) and was skipped; they are proposed for the dictionary.",
            ),
            Text("Hapus baris itu; tulis satuan di kamus data.", "Remove the line; put units into the dictionary."),
        ),
        "signature": Words(
            Text("Tempat tanda tangan di bawah tabel", "Signatures below the table"),
            Text(
                "{count} baris untuk tanda tangan dilewati.",
                "{count} lines for signatures were skipped.",
            ),
            Text(
                "Hapus dari file data; nama dan NIP pejabat tidak perlu ikut terbit.",
                "Remove them from the data file; names of officials need not be published.",
            ),
        ),
        "beside": Words(
            Text("Tulisan di samping tabel", "Words beside the table"),
            Text(
                "Di samping tabel ada tulisan yang dilewati: “{value}”.",
                "Words beside the table were skipped: “{value}”.",
            ),
            Text("Pindahkan keterangan itu ke metadata.", "Move them to the metadata."),
        ),
        "repeated_key": Words(
            Text("Nama berulang di satu rekaman", "A name twice in one record"),
            Text(
                "{count} rekaman memakai nama yang sama dua kali ({value}); hanya nilai terakhir yang terbaca.",
                "{count} records use a name twice ({value}); only the last value is read.",
            ),
            Text("Beri nama yang berbeda, lalu ekspor ulang.", "Use different names and export the data again."),
            severity="error",
        ),
        "blank": Words(
            Text("Baris kosong", "Blank lines"),
            Text("{count} baris kosong dilewati.", "{count} blank lines were skipped."),
            Text("Hapus baris kosong di dalam tabel.", "Remove blank lines from the table."),
            severity="info",
        ),
        "empty_column": Words(
            Text("Kolom kosong tanpa judul", "Empty columns without header"),
            Text(
                "{count} kolom tidak berjudul dan tidak berisi (kolom ke-{columns}).",
                "{count} columns have neither header nor value (column {columns}).",
            ),
            Text("Hapus kolom itu dari file.", "Remove these columns."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found]:
    for kind in _KINDS:
        lines = _lines(asked.table, kind)
        if not lines:
            continue
        count = sum(line.last - line.first + 1 for line in lines)
        if kind == "empty_column":
            shown = ", ".join(
                str(line.first) if line.first == line.last else f"{line.first}–{line.last}" for line in lines
            )
            yield Found(None, (), (), kind, {"columns": shown}, count=count)
            continue
        rows = tuple(row for line in lines for row in range(line.first, line.last + 1))
        samples = tuple(Sample(line.first, "", line.text) for line in lines[:SAMPLES])
        yield Found(None, rows, samples, kind, count=count)


def _lines(table: Table, kind: str) -> list[Outside]:
    lines = [line for line in table.lines_left_out(kind) if not line.text.lower().startswith("sep=")]
    blank = table.lines_left_out("blank")
    header = table.header_rows[0] if table.header_rows is not None else table.first_row
    if kind == "title" and lines:  # the blank lines between titles and header belong to the block
        return sorted([*lines, *(line for line in blank if line.first < header)], key=lambda line: line.first)
    if kind == "blank":  # before the header or after the data they disturb nobody
        return [line for line in blank if table.first_row < line.first < table.last_row]
    return lines
