"""What is said about a check that gave no report, and why a dataset may not be submitted yet."""

from __future__ import annotations

from ckanext.satudata.core.text import Reason, Text, reason

# Why a run ended without a report; keys are the codes in `satudata_qa_run.error`.
FAILED: dict[str, Text] = {
    "gone": Text(
        "File “{name}” tidak ditemukan di penyimpanan portal, mungkin terhapus saat diperiksa. Unggah lagi file itu.",
        "The file “{name}” is not in the portal's storage; it may have been removed during the check. Upload it again.",
    ),
    "superseded": Text(
        "File “{name}” atau kamus datanya berubah selama diperiksa. Pemeriksaan yang baru sedang berjalan.",
        "The file “{name}” or its data dictionary changed during the check. A new check is on its way.",
    ),
    "too_long": Text(
        "Pemeriksaan “{name}” melewati batas waktu. Bagi tabelnya menjadi beberapa file, misalnya per tahun.",
        "Checking “{name}” took longer than allowed. Split the table into several files, by year for example.",
    ),
    "killed": Text(
        "Pemeriksaan “{name}” dihentikan server, biasanya karena memori tidak cukup. Bagi tabelnya menjadi beberapa "
        "file, atau minta pengelola portal menaikkan batasnya.",
        "The server stopped the check of “{name}”, mostly for lack of memory. Split the table into several files, or "
        "ask the portal's administrator to raise the limit.",
    ),
    "crashed": Text(
        "Pemeriksaan “{name}” berhenti karena kesalahan di sistem, bukan di file Anda. Tekan Periksa ulang; bila "
        "terulang, beri tahu pengelola portal.",
        "The check of “{name}” stopped because of a fault in the system, not in your file. Press Check again; if it "
        "happens again, tell the portal's administrator.",
    ),
    "interrupted": Text(
        "Pemeriksaan “{name}” terputus sebelum selesai. Tekan Periksa ulang.",
        "The check of “{name}” was interrupted. Press Check again.",
    ),
}

LINK = Text("Tautan luar: file tidak diperiksa.", "External link: the file is not checked.")

_NOT_ASKED = Text("“{name}” belum diperiksa. Buka laporannya dan tekan Periksa.", "“{name}” has not been checked yet.")
_RUNNING = Text(
    "Pemeriksaan “{name}” masih berjalan. Tunggu sebentar, lalu muat ulang.",
    "“{name}” is still being checked. Wait a moment and reload.",
)
_OUTDATED = Text(
    "Aturan pemeriksaan atau keterangan dataset berubah sejak “{name}” diperiksa. Buka laporannya dan tekan Periksa "
    "ulang.",
    "The rules or the description of the dataset changed since “{name}” was checked. Open its report and press Check "
    "again.",
)
_UNREADABLE = Text("“{name}” tidak dapat dibaca sebagai tabel.", "“{name}” cannot be read as a table.")
# By what helps: mending alone, also an explanation, also somebody who sets it aside.
_ERRORS = {
    "mend": Text(
        "“{name}”: {count} hal di tabel harus diperbaiki. Lihat laporan pemeriksaan.",
        "“{name}”: {count} things in the table must be mended. See the quality report.",
    ),
    "explain": Text(
        "“{name}”: {count} hal di tabel harus diperbaiki, atau dijelaskan bila memang benar. Lihat laporan "
        "pemeriksaan.",
        "“{name}”: {count} things in the table must be mended, or explained where they are right. See the quality "
        "report.",
    ),
    "waive": Text(
        "“{name}”: {count} hal di tabel harus diperbaiki, atau dikesampingkan oleh yang berwenang. Lihat laporan "
        "pemeriksaan.",
        "“{name}”: {count} things in the table must be mended, or set aside by whoever may. See the quality report.",
    ),
}


def failed(code: str | None, name: str) -> Text:
    """The sentence for a run that failed, with the file's name filled in."""
    text = FAILED.get(code or "", FAILED["crashed"])
    return Text(text.render("id", name=name), text.render("en", name=name))


def not_asked(name: str, resource_id: str) -> Reason:
    """There is no check of the present file."""
    return reason("qa_not_checked", _NOT_ASKED, resource_id=resource_id, name=name)


def running(name: str, resource_id: str) -> Reason:
    """The check waits or runs."""
    return reason("qa_running", _RUNNING, resource_id=resource_id, name=name)


def outdated(name: str, resource_id: str) -> Reason:
    """The report rests on older rules."""
    return reason("qa_outdated", _OUTDATED, resource_id=resource_id, name=name)


def no_report(code: str | None, name: str, resource_id: str) -> Reason:
    """The check ended without a report; ``code`` as in :data:`FAILED`."""
    text = FAILED.get(code or "", FAILED["crashed"])
    return reason("qa_failed", text, resource_id=resource_id, name=name)


def unreadable(name: str, resource_id: str) -> Reason:
    """The file is no table."""
    return reason("qa_unreadable", _UNREADABLE, resource_id=resource_id, name=name)


def errors(name: str, count: int, resource_id: str, way: str) -> Reason:
    """``count`` findings are in the way; ``way``: ``mend``, ``explain`` or ``waive``, what helps besides mending."""
    return reason("qa_errors", _ERRORS[way], resource_id=resource_id, name=name, count=count)
