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
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"BZh", "BZ2"),
)
_DATABASES = (
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x00\x01\x00\x00Standard Jet DB", "Access"),
    (b"\x00\x01\x00\x00Standard ACE DB", "Access"),
    (b"PAR1", "Parquet"),
    (b"$FL2", "SPSS"),
    (b"$FL3", "SPSS"),
    (b"<stata_dta>", "Stata"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|script|meta|div|center)\b", re.IGNORECASE)
_HTML_TABLE = re.compile(rb"<(?:table|tr|td)\b|urn:schemas-microsoft-com:office:excel", re.IGNORECASE)
# Sheets of Excel before 1997, which stood in no container.
_OLD_SHEETS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
# What nothing but JSON begins with; [Kecamatan] and {a;b} may be the first cells of a text.
_JSON = re.compile(rb'\[\s*(?:[{\["]|\]\s*$|$)|\{\s*(?:"|\}\s*$|$)')
_SPACE = b" \t\r\n\x0b\x0c"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(path: Path) -> str:
    """``text``, ``json``, ``zip``, ``gz`` or ``ole``; raises :class:`Unreadable` for what cannot be a table."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return "zip"
    if start.startswith(_OLE):
        return _ole(path)
    if start.startswith(b"\x1f\x8b"):
        return "gz"
    body = start
    for bom in _BOMS:
        body = body.removeprefix(bom)
    # A web page in UTF-16 is a web page too; zero bytes do not matter for recognising it.
    body = body.replace(b"\x00", b"").lstrip(_SPACE)
    _refuse_binary(start)
    _refuse_text(body)
    return "json" if _JSON.match(body) else "text"


def _refuse_binary(start: bytes) -> None:
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
    if start[257:262] == b"ustar":
        raise Unreadable("archive", type="TAR")
    for magic, name in _DATABASES:
        if start.startswith(magic):
            raise Unreadable("database", type=name)
    if start.startswith(b"\x00\x00\x27\x0a\x00"):
        raise Unreadable("map", type="shapefile")
    if start.startswith(_OLD_SHEETS):
        raise Unreadable("old_workbook")


def _refuse_text(body: bytes) -> None:
    if body.startswith(b"%PDF-"):
        raise Unreadable("pdf")
    if body.startswith(b"{\\rtf"):
        raise Unreadable("document", type="RTF")
    if _HTML.match(body):
        raise Unreadable(_page(body))
    if body.startswith(b"MIME-Version:"):
        raise Unreadable("html_sheet")
    if body.startswith((b"<?xml", b"<!--", b"<Workbook")):
        if re.search(rb"<html\b", body, re.IGNORECASE):
            raise Unreadable(_page(body))
        sheet = b"urn:schemas-microsoft-com:office:spreadsheet" in body or b"opendocument.spreadsheet" in body
        raise Unreadable("xml_sheet" if sheet or b"Excel.Sheet" in body else "xml")
    if body.startswith((b"<kml", b"<gml")):
        raise Unreadable("xml")


def _page(body: bytes) -> str:
    """A table saved as a web page is mended otherwise than a page that came instead of the file."""
    return "html_sheet" if _HTML_TABLE.search(body) else "html"


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
