"""Why a file is not mended, in words. Standard library only."""

from __future__ import annotations

from ckanext.satudata.core.text import Text

WORDS = {
    "open_quote": Text(
        'File ini memuat tanda kutip (") yang tidak ditutup, jadi batas selnya tidak pasti. Perbaiki tanda kutip itu '
        "dahulu, lalu unggah lagi.",
        "A quotation mark in this file is never closed, so nobody knows where its cells end. Mend that first, then "
        "upload it again.",
    ),
    "stale": Text(
        "File ini tidak sama lagi dengan yang diperiksa. Tidak ada yang diubah. Buka lagi laporan pemeriksaannya.",
        "The file is no longer the one that was checked. Nothing was changed. Open its report again.",
    ),
    "encoding": Text(
        "Nilai yang baru memuat huruf yang tidak dapat ditulis dengan pengodean file ini. Pilih juga “Tulis ulang "
        "sebagai CSV baku”.",
        "A new value holds letters that the file's encoding cannot write. Choose “Write it as a plain CSV” as well.",
    ),
    "only_csv": Text(
        "Baris di lembar ini tidak dapat dikeluarkan tanpa merusak rumus, gambar, atau tabel lain di dalamnya. Pilih "
        "“Simpan sebagai CSV”, atau jangan pilih jenis itu.",
        "Lines of this sheet cannot be taken out without breaking formulas, pictures or other tables on it. Choose "
        "“Save as CSV”, or leave these kinds out.",
    ),
    "nothing": Text("Tidak ada yang dipilih untuk diperbaiki.", "Nothing was chosen to be mended."),
    "too_large": Text(
        "Lembar ini terlalu besar untuk diperbaiki di dalam XLSX. Pilih “Simpan sebagai CSV”.",
        "This sheet is too large to be mended within the XLSX. Choose “Save as CSV”.",
    ),
}


class RefusedError(Exception):
    """The file is not mended; nothing was written. ``code`` is a key of :data:`WORDS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def why(code: str, language: str = "id") -> str:
    """The sentence for a code."""
    return WORDS[code].render(language)
