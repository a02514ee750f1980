"""Spreadsheets are ZIP archives: look inside, within limits, before a library is given the file."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from struct import unpack

from ckanext.satudata.core.qa.table.model import MB, Limits
from ckanext.satudata.core.qa.table.unreadable import Unreadable

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# Cells that make the used rectangle large: beyond column Z, or beyond row 99,999.
_FAR_CELL = re.compile(rb"""r=["'](?:([A-Z]{2,3})(\d{1,7})|([A-Z])(\d{6,7}))["']""")
_CHUNK = 1 << 20


def workbook_kind(path: Path, limits: Limits) -> str:
    """``xlsx``, ``xlsb``, ``ods``, or ``zip`` for an archive of files; raises :class:`Unreadable` for documents, damage
    and bombs.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = _kind(archive, names)
            if kind != "zip":
                _unpack_within(archive, path, limits)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise Unreadable("broken_workbook") from error
    return kind


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(archive.getinfo(name).flag_bits & 0x1 for name in names):
        raise Unreadable("password")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "word/document.xml" in names:
        raise Unreadable("document", type="Word")
    if "ppt/presentation.xml" in names:
        raise Unreadable("document", type="PowerPoint")
    if "mimetype" in names:
        mimetype = archive.open("mimetype").read(100)
        if b"opendocument.spreadsheet" in mimetype:
            return "ods"
        if b"opendocument" in mimetype:
            raise Unreadable("document", type="OpenDocument")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise Unreadable("document", type="Numbers")
    if any(name.lower().endswith(".shp") for name in names):
        raise Unreadable("map", type="shapefile")
    return "zip"


def _unpack_within(archive: zipfile.ZipFile, path: Path, limits: Limits) -> None:
    """Unpack every member and count the bytes: what the directory declares may be a lie."""
    members = archive.infolist()
    limit = limits.inflated_bytes
    if len(members) > 10_000 or sum(member.file_size for member in members) > limit:
        raise Unreadable("zip_bomb", limit_mb=limit // MB)
    total = 0
    with path.open("rb") as file:
        for member in members:
            farthest = _Farthest(member.filename, limits) if _SHEET.fullmatch(member.filename) else None
            file.seek(member.header_offset)
            header = file.read(30)
            if len(header) < 30 or header[:4] != b"PK\x03\x04":
                raise Unreadable("broken_workbook")
            name_length, extra_length = unpack("<HH", header[26:30])
            file.seek(name_length + extra_length, 1)
            left = member.compress_size
            inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
            if inflate is None and member.compress_type != zipfile.ZIP_STORED:
                raise Unreadable("broken_workbook")
            while left > 0:
                packed = file.read(min(_CHUNK, left))
                if not packed:
                    raise Unreadable("broken_workbook")
                left -= len(packed)
                while packed:
                    plain = packed if inflate is None else inflate.decompress(packed, _CHUNK)
                    packed = b"" if inflate is None else inflate.unconsumed_tail
                    total += len(plain)
                    if total > limit:
                        raise Unreadable("zip_bomb", limit_mb=limit // MB)
                    if farthest is not None:
                        farthest.look(plain)


class _Farthest:
    """The rectangle a sheet's cells span: one stray cell in XFD1048576 would make a library reserve gigabytes."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name.rsplit("/", 1)[-1].removesuffix(".xml")
        self.limit = limits.cells
        self.rows, self.columns = 100_000, 26
        self.rest = b""

    def look(self, plain: bytes) -> None:
        text = self.rest + plain
        self.rest = text[-16:]
        for letters, row, letter, far_row in _FAR_CELL.findall(text):
            self.columns = max(self.columns, _column_number(letters or letter))
            self.rows = max(self.rows, int(row or far_row))
        # A small area never matters, so the starting values only have to lie below the limit.
        if self.rows * self.columns > self.limit and (self.rows > 100_000 or self.columns > 300):
            raise Unreadable(
                "too_many_cells", sheet=self.name, rows=self.rows, columns=self.columns, limit_cells=self.limit
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
