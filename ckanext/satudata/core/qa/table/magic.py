"""What a file really is, by its first bytes and never by its name."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from ckanext.satudata.core.qa.table.unreadable import Unreadable

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
_ARCHIVES = (
    (b"\x1f\x8b", "GZ"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"BZh", "BZ2"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|script|meta|div|center)\b", re.IGNORECASE)
_SPACE = b" \t\r\n\x0b\x0c"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(path: Path) -> str:
    """``text``, ``zip`` or ``ole``; raises :class:`Unreadable` for everything that cannot be a table."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return "zip"
    if start.startswith(_OLE):
        return _ole(path)
    _refuse_known(start)
    return "text"


def _refuse_known(start: bytes) -> None:
    body = start
    for bom in _BOMS:
        body = body.removeprefix(bom)
    # A web page in UTF-16 is a web page too; zero bytes do not matter for recognising it.
    body = body.replace(b"\x00", b"").lstrip(_SPACE)
    if body.startswith(b"%PDF-"):
        raise Unreadable("pdf")
    for magic, name in _IMAGES:
        if start.startswith(magic):
            raise Unreadable("image", type=name)
    if start.startswith(b"BM") and b"\x00\x00\x00\x00" in start[:14]:
        raise Unreadable("image", type="BMP")
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        raise Unreadable("image", type="WEBP")
    for magic, name in _ARCHIVES:
        if start.startswith(magic):
            raise Unreadable("archive", type=name)
    if body.startswith(b"{\\rtf"):
        raise Unreadable("document", type="RTF")
    if _HTML.match(body):
        raise Unreadable("html")
    if body.startswith((b"<?xml", b"<!--")):
        raise Unreadable("html" if re.search(rb"<html\b", body, re.IGNORECASE) else "xml")
    if re.match(rb'[{\[]\s*(?:[{\["]|$)', body):
        raise Unreadable("json")


def _ole(path: Path) -> str:
    """An old Office file. A modern workbook with a password is wrapped in one too and says so in its directory."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise Unreadable("password")
        if content.find("WordDocument".encode("utf-16-le")) >= 0:
            raise Unreadable("document", type="Word")
        if content.find("PowerPoint Document".encode("utf-16-le")) >= 0:
            raise Unreadable("document", type="PowerPoint")
    return "ole"
