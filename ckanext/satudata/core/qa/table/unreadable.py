"""Why a file cannot be judged, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata.core.text import Text


class Unreadable(Exception):  # noqa: N818 - an answer about a file, named as people say it
    """The file holds no table we can read. ``code`` is a key of :data:`WHY`; ``parameters`` fill its words."""

    def __init__(self, code: str, **parameters: Any) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


@dataclass(frozen=True)
class Why:
    """What is the matter with the file, and how its owner mends it."""

    problem: Text
    mend: Text
    # Filled in where the code was raised without it, so that a sentence never has a hole.
    defaults: dict[str, Any] = field(default_factory=dict[str, Any])


_SAVE_AS = Text(
    "Buka file aslinya di Excel atau LibreOffice, simpan sebagai CSV atau XLSX, lalu unggah lagi.",
    "Open the original in Excel or LibreOffice, save it as CSV or XLSX, and upload it again.",
)

WHY: dict[str, Why] = {
    "missing": Why(
        Text(
            "“{name}” tidak ada lagi ketika diperiksa.",
            "“{name}” was no longer there when it was checked.",
        ),
        Text("Unggah lagi filenya.", "Upload the file again."),
    ),
    "out_of_reach": Why(
        Text("“{name}” tidak dapat dibuka: {why}.", "“{name}” cannot be opened: {why}."),
        Text("Periksa nama file dan izin membacanya.", "Look at the name of the file and at who may read it."),
        {"why": "?"},
    ),
    "empty": Why(
        Text("“{name}” kosong, ukurannya nol.", "“{name}” is empty."),
        Text("Unggah file yang berisi tabel.", "Upload a file that holds a table."),
    ),
    "too_big": Why(
        Text(
            "“{name}” berukuran {size_mb} MB, lebih besar dari batas {limit_mb} MB.",
            "“{name}” has {size_mb} MB, more than the limit of {limit_mb} MB.",
        ),
        Text(
            "Bagi tabelnya, misalnya per tahun, lalu unggah sebagai beberapa file.",
            "Split the table, for instance by year, and upload several files.",
        ),
        {"size_mb": "?", "limit_mb": "?"},
    ),
    "pdf": Why(
        Text("“{name}” ternyata dokumen PDF, bukan tabel.", "“{name}” is a PDF document, not a table."),
        Text(
            "Mesin tidak dapat membaca tabel di dalam PDF. " + _SAVE_AS.id,
            "A machine cannot read a table inside a PDF. " + _SAVE_AS.en,
        ),
    ),
    "html": Why(
        Text("“{name}” ternyata halaman web, bukan tabel.", "“{name}” is a web page, not a table."),
        Text(
            "Biasanya yang tersimpan adalah halaman masuk atau halaman galat, bukan filenya. Unduh lagi filenya, "
            "buka sekali di Excel untuk memastikan isinya, lalu unggah.",
            "Usually a sign-in page or an error page was saved instead of the file. Fetch the file again, open it once "
            "in Excel to be sure, and upload it.",
        ),
    ),
    "html_sheet": Why(
        Text(
            "“{name}” berisi tabel yang disimpan sebagai halaman web, walaupun mungkin bernama .xls; mesin tidak "
            "dapat membacanya dengan pasti.",
            "“{name}” holds a table saved as a web page, whatever its name says; a machine cannot read it reliably.",
        ),
        Text(
            "Buka di Excel, pilih Simpan Sebagai, jenis “Buku Kerja Excel (.xlsx)” atau “CSV UTF-8”, lalu unggah "
            "hasilnya.",
            "Open it in Excel, choose Save As, “Excel Workbook (.xlsx)” or “CSV UTF-8”, and upload the result.",
        ),
    ),
    "xml_sheet": Why(
        Text(
            "“{name}” adalah lembar kerja dalam bentuk XML lama, yang tidak dibaca di sini.",
            "“{name}” is a spreadsheet in an old XML form, which is not read here.",
        ),
        Text(
            "Buka di Excel atau LibreOffice, simpan sebagai XLSX atau CSV, lalu unggah lagi.",
            "Open it in Excel or LibreOffice, save it as XLSX or CSV, and upload it again.",
        ),
    ),
    "old_workbook": Why(
        Text(
            "“{name}” ditulis oleh Excel yang lebih lama dari tahun 1997.",
            "“{name}” was written by an Excel older than 1997.",
        ),
        Text(
            "Buka di LibreOffice, simpan sebagai XLSX atau CSV, lalu unggah lagi.",
            "Open it in LibreOffice, save it as XLSX or CSV, and upload it again.",
        ),
    ),
    "database": Why(
        Text("“{name}” adalah file basis data ({type}), bukan tabel.", "“{name}” is a database file ({type})."),
        Text(
            "Ekspor tabelnya sebagai CSV dari program asalnya, lalu unggah CSV itu.",
            "Export the table as CSV from the program it comes from, and upload that.",
        ),
        {"type": "SQLite"},
    ),
    "map": Why(
        Text("“{name}” adalah data peta ({type}), bukan tabel.", "“{name}” holds map data ({type}), not a table."),
        Text(
            "Ekspor dari QGIS sebagai GeoJSON, atau atributnya saja sebagai CSV, lalu unggah lagi.",
            "Export it from QGIS as GeoJSON, or its attributes as CSV, and upload that.",
        ),
        {"type": "shapefile"},
    ),
    "image": Why(
        Text("“{name}” ternyata gambar ({type}).", "“{name}” is a picture ({type})."),
        Text(
            "Angka di dalam gambar tidak dapat dibaca mesin. " + _SAVE_AS.id,
            "A machine cannot read figures in a picture. " + _SAVE_AS.en,
        ),
        {"type": "?"},
    ),
    "document": Why(
        Text("“{name}” ternyata dokumen {type}, bukan tabel.", "“{name}” is a {type} document, not a table."),
        Text(
            "Salin tabelnya ke Excel atau LibreOffice, simpan sebagai CSV atau XLSX, lalu unggah lagi.",
            "Copy the table into Excel or LibreOffice, save it as CSV or XLSX, and upload it again.",
        ),
        {"type": "Word"},
    ),
    "archive": Why(
        Text(
            "“{name}” adalah arsip ({type}) tanpa tabel yang dapat dibaca.",
            "“{name}” is an archive ({type}) without a table that can be read.",
        ),
        Text(
            "Buka arsipnya, lalu unggah tabelnya sebagai CSV atau XLSX, atau kemas lagi sebagai ZIP.",
            "Open the archive and upload its tables as CSV or XLSX, or pack them again as ZIP.",
        ),
        {"type": "ZIP"},
    ),
    "broken_archive": Why(
        Text("Arsip “{name}” rusak dan tidak dapat dibuka.", "Archive “{name}” is damaged and cannot be opened."),
        Text(
            "Buat arsipnya sekali lagi, atau unggah tabelnya tanpa arsip.",
            "Make the archive again, or upload the table without one.",
        ),
    ),
    "nested_archive": Why(
        Text(
            "Ada arsip di dalam arsip di dalam “{name}”; yang dibuka paling banyak {limit} lapis.",
            "“{name}” holds archives within archives; at most {limit} layers are opened.",
        ),
        Text(
            "Unggah tabelnya langsung, atau dalam satu arsip saja.",
            "Upload the tables themselves, or in one archive.",
        ),
        {"limit": "2"},
    ),
    "too_many_members": Why(
        Text(
            "Arsip “{name}” berisi {members} file; batasnya {limit}.",
            "Archive “{name}” holds {members} files; the limit is {limit}.",
        ),
        Text(
            "Bagi menjadi beberapa arsip, atau gabungkan tabel yang kolomnya sama.",
            "Split it into several archives, or join tables with the same columns.",
        ),
        {"members": "?", "limit": "?"},
    ),
    "xml": Why(
        Text("“{name}” adalah berkas XML, bukan tabel.", "“{name}” is an XML file, not a table."),
        _SAVE_AS,
    ),
    "json": Why(
        Text(
            "“{name}” adalah berkas JSON yang tidak berisi daftar rekaman, jadi tidak dapat dijadikan tabel.",
            "“{name}” is a JSON file without a list of records; no table can be made of it.",
        ),
        Text(
            'Simpan datanya sebagai daftar rekaman, [{{"kolom": "nilai"}}, …], atau sebagai CSV, lalu unggah lagi.',
            'Save the data as a list of records, [{{"column": "value"}}, …], or as CSV, and upload it again.',
        ),
    ),
    "broken_json": Why(
        Text(
            "JSON di “{name}” salah tulis di baris {line}, huruf ke-{column}.",
            "The JSON in “{name}” is wrong in line {line}, character {column}.",
        ),
        Text(
            "Ekspor ulang dari program asalnya; jangan menyunting JSON dengan tangan.",
            "Export it again from the program it comes from; do not edit JSON by hand.",
        ),
        {"line": "?", "column": "?"},
    ),
    "json_too_big": Why(
        Text(
            "JSON “{name}” berukuran {size_mb} MB; batas untuk JSON {limit_mb} MB.",
            "JSON file “{name}” has {size_mb} MB; the limit for JSON is {limit_mb} MB.",
        ),
        Text(
            "Simpan datanya sebagai CSV; CSV boleh jauh lebih besar.",
            "Save the data as CSV, which may be much larger.",
        ),
        {"size_mb": "?", "limit_mb": "?"},
    ),
    "json_nested": Why(
        Text(
            "JSON di “{name}” bersarang terlalu dalam untuk dijadikan tabel.",
            "The JSON in “{name}” is nested too deeply to be a table.",
        ),
        Text("Simpan datanya sebagai CSV, lalu unggah lagi.", "Save the data as CSV and upload it again."),
    ),
    "binary": Why(
        Text(
            "Isi “{name}” bukan teks dan bukan lembar kerja yang dikenal.",
            "“{name}” holds neither text nor a known kind of spreadsheet.",
        ),
        _SAVE_AS,
    ),
    "password": Why(
        Text("“{name}” dikunci dengan kata sandi.", "“{name}” is locked with a password."),
        Text(
            "Buka filenya, hapus kata sandinya (Berkas › Info › Proteksi), simpan, lalu unggah lagi.",
            "Open the file, remove the password (File › Info › Protect), save it, and upload it again.",
        ),
    ),
    "broken_workbook": Why(
        Text("“{name}” rusak dan tidak dapat dibuka.", "“{name}” is damaged and cannot be opened."),
        Text(
            "Buka di Excel atau LibreOffice, simpan ulang sebagai XLSX, lalu unggah lagi.",
            "Open it in Excel or LibreOffice, save it again as XLSX, and upload it again.",
        ),
    ),
    "zip_bomb": Why(
        Text(
            "“{name}” mengembang menjadi lebih dari {limit_mb} MB bila dibuka, tidak wajar untuk sebuah tabel.",
            "“{name}” grows to more than {limit_mb} MB when opened, which is not usual for a table.",
        ),
        Text(
            "Salin tabelnya ke lembar kerja baru, simpan sebagai XLSX atau CSV, lalu unggah lagi.",
            "Copy the table into a new workbook, save it as XLSX or CSV, and upload it again.",
        ),
        {"limit_mb": "?"},
    ),
    "too_many_cells": Why(
        Text(
            "Lembar “{sheet}” memakai area {rows} baris × {columns} kolom, melebihi batas {limit_cells} sel.",
            "Sheet “{sheet}” uses an area of {rows} rows × {columns} columns; the limit is {limit_cells} cells.",
        ),
        Text(
            "Salin tabelnya saja ke lembar baru, atau simpan sebagai CSV, lalu unggah lagi.",
            "Copy only the table to a new sheet, or save it as CSV, and upload it again.",
        ),
        {"sheet": "?", "rows": "?", "columns": "?", "limit_cells": "?"},
    ),
    "too_many_columns": Why(
        Text(
            "Tabel ini mempunyai {columns} kolom; batasnya {limit}.",
            "This table has {columns} columns; the limit is {limit}.",
        ),
        Text(
            "Susun ulang: satu hal per kolom, dan satu baris untuk tiap wilayah dan periode.",
            "Rearrange it: one thing per column, and one row for each region and period.",
        ),
        {"columns": "?", "limit": "?"},
    ),
    "line_too_long": Why(
        Text(
            "Baris {line} lebih panjang dari {limit_mb} MB; ini bukan tabel yang wajar.",
            "Line {line} is longer than {limit_mb} MB; that is no usual table.",
        ),
        _SAVE_AS,
        {"line": "?", "limit_mb": "?"},
    ),
    "broken_encoding": Why(
        Text(
            "Huruf di baris {line} rusak: pengodean teksnya bukan UTF-8 dan bukan Windows.",
            "The characters in line {line} are broken: the text is neither UTF-8 nor Windows-1252.",
        ),
        Text(
            "Simpan ulang dari Excel dengan pilihan “CSV UTF-8”, lalu unggah lagi.",
            "Save it again from Excel as “CSV UTF-8” and upload it again.",
        ),
        {"line": "?"},
    ),
    "no_rows": Why(
        Text("Tidak ada baris data di “{name}”.", "There is no row of data in “{name}”."),
        Text(
            "Pastikan tabelnya berisi paling sedikit satu judul kolom dan satu baris data.",
            "See that the table holds at least a header line and one row of data.",
        ),
    ),
    "no_table": Why(
        Text("Lembar “{table}” tidak ada di “{name}”.", "There is no sheet “{table}” in “{name}”."),
        Text("Pilih lembar yang ada di file itu.", "Choose a sheet the file has."),
        {"table": "?"},
    ),
    "out_of_time": Why(
        Text(
            "Pemeriksaan “{name}” dihentikan setelah {seconds} detik.",
            "Checking “{name}” was stopped after {seconds} seconds.",
        ),
        Text(
            "Bagi tabelnya menjadi beberapa file, atau simpan sebagai CSV, lalu unggah lagi.",
            "Split the table into several files, or save it as CSV, and upload it again.",
        ),
        {"seconds": "?"},
    ),
    "out_of_memory": Why(
        Text(
            "“{name}” terlalu besar untuk diperiksa: memori {memory_mb} MB tidak cukup.",
            "“{name}” is too large to be checked: {memory_mb} MB of memory are not enough.",
        ),
        Text(
            "Bagi tabelnya menjadi beberapa file, atau simpan sebagai CSV, lalu unggah lagi.",
            "Split the table into several files, or save it as CSV, and upload it again.",
        ),
        {"memory_mb": "?"},
    ),
    "stopped": Why(
        Text(
            "Pemeriksaan “{name}” terhenti karena kesalahan sistem, bukan karena file Anda.",
            "Checking “{name}” stopped because of an error of the system, not of your file.",
        ),
        Text(
            "Periksa ulang. Bila terulang, beri tahu pengelola portal dan sebutkan nama filenya.",
            "Check it again. If it happens again, tell the portal's operator the name of the file.",
        ),
    ),
}


def sentences(code: str, parameters: dict[str, Any], language: str = "id") -> tuple[str, str]:
    """What is wrong and how to mend it, in ``language``; unknown codes speak as ``stopped``."""
    why = WHY.get(code, WHY["stopped"])
    values = {"name": "file", **why.defaults, **parameters}
    return why.problem.render(language, **values), why.mend.render(language, **values)
