"""Whether a file that comes with a decision is what its name says, and nothing that runs.

Only documents and pictures are taken. That the bytes fit the ending keeps web pages, scripts and programs out; known
ways of hiding one in a document are refused besides. It is no virus scanner.
"""

from __future__ import annotations

import mmap
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

from ckanext.satudata.core.text import Text

# Ending → how a browser is told what it is.
TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip",
}
NAME_LENGTH = 120
# Every scanner knows this test file; who sends it wants to see it refused.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"
# A PDF that starts programs or runs scripts.
ACTIVE_PDF = (b"/JavaScript", b"/Launch")

WRONG_TYPE = Text(
    "Jenis file “{ending}” tidak diterima. Yang diterima: {allowed}.",
    "Files “{ending}” are not taken. Taken are: {allowed}.",
)
NOT_WHAT_IT_SAYS = Text(
    "Isi file ini bukan {ending}. Simpan ulang dalam format itu, jangan hanya ganti nama.",
    "This file is no {ending} inside. Save it in that format; renaming is not enough.",
)
ACTIVE = Text(
    "File ini memuat program atau makro, jadi tidak diterima. Simpan ulang tanpa makro, atau cetak ke PDF.",
    "This file holds a program or macros, so it is not taken. Save it without macros, or print it to PDF.",
)
EMPTY = Text("File ini kosong.", "This file is empty.")


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters, without the dot; empty when it has none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """A name fit to be shown and to be saved under: no path, no control or direction marks, not too long."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    stem, dot, ending = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*;%]', "_", visible)).strip().rstrip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = stem.strip(" .")[: NAME_LENGTH - len(ending) - 1] or "berkas"
    return f"{stem}.{ending.lower()}" if ending else stem


def wrong_with(path: Path, ending: str) -> Text | None:
    """What is wrong with the bytes of a file of that ending; ``None`` when nothing is."""
    if path.stat().st_size == 0:
        return EMPTY
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(EICAR) >= 0:
            return ACTIVE
        if not LOOKS[ending](content, path):
            return NOT_WHAT_IT_SAYS
        if ending == "pdf" and any(content.find(mark) >= 0 for mark in ACTIVE_PDF):
            return ACTIVE
    return ACTIVE if _has_macros(path, ending) else None


def _starts(*marks: bytes) -> Callable[[mmap.mmap, Path], bool]:
    return lambda content, _path: any(content[: len(mark)] == mark for mark in marks)


def _pdf(content: mmap.mmap, _path: Path) -> bool:
    return content[:5] == b"%PDF-" and content.rfind(b"%%EOF") >= 0


def _office(main: str) -> Callable[[mmap.mmap, Path], bool]:
    return lambda _content, path: {"[Content_Types].xml", main} <= set(_members(path))


def _open_document(kind: str) -> Callable[[mmap.mmap, Path], bool]:
    def check(content: mmap.mmap, path: Path) -> bool:
        # The format puts its name first and uncompressed, so that it is found without unpacking.
        return content[30 : 30 + 8 + len(kind)] == b"mimetype" + kind.encode() and "content.xml" in _members(path)

    return check


LOOKS: dict[str, Callable[[mmap.mmap, Path], bool]] = {
    "pdf": _pdf,
    "jpg": _starts(b"\xff\xd8\xff"),
    "jpeg": _starts(b"\xff\xd8\xff"),
    "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "docx": _office("word/document.xml"),
    "xlsx": _office("xl/workbook.xml"),
    "odt": _open_document(TYPES["odt"]),
    "ods": _open_document(TYPES["ods"]),
    "zip": lambda content, path: content[:4] in (b"PK\x03\x04", b"PK\x05\x06") and zipfile.is_zipfile(path),
}


def _has_macros(path: Path, ending: str) -> bool:
    if ending in ("docx", "xlsx"):
        return any(name.lower().endswith("vbaproject.bin") for name in _members(path))
    if ending in ("odt", "ods"):
        return any(name.startswith(("Basic/", "Scripts/")) for name in _members(path))
    return False


def _members(path: Path) -> list[str]:
    """The names in an archive; none when it is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []
