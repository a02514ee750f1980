"""What an XLSX file says about its cells and a reading library does not pass on.

Hidden rows and columns, error cells (``#REF!``), formulas whose result was never stored, and number formats that show
zeros in front. The XML is read as a stream by expat; a document type declaration (entities) is refused. Sheets in
which none of this can occur are not parsed at all: a search for a few byte sequences tells.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ckanext.satudata.core.qa.table.number_format import CodeFormat, code_format
from ckanext.satudata.core.qa.table.unreadable import Unreadable

_CHUNK = 1 << 20
_OVERLAP = 16
_START = 16_384
# Formulas without a result are listed one by one up to here, hidden rows as ranges up to the same number.
_LISTED = 100_000
_ERROR = 20  # characters of an error's name
# What the usual programs write where there is something to tell; a search for plain bytes costs next to nothing.
_MARKERS = (
    *(b"hidden", b' ht="0"', b' width="0"', b't="e"'),
    *(b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />", b"/></c>", b"/><v></v>"),
)
# A sheet written in another way (UTF-16, prefixes, single quotes, blanks between elements) is always parsed.
_UNUSUAL = re.compile(
    rb"^(?:\xff\xfe|\xfe\xff|\x00)|<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8)|<\w+:sheetData|\w\s+=|=\s|='|>\s+<(?:row|c|v|f)\b"
    rb"|<!DOCTYPE|<!--|<!\[CDATA",
    re.IGNORECASE,
)


@dataclass
class SheetDetails:
    """Details of one sheet; rows count from 1, columns from 0; ranges include both ends.

    ``seen`` is false where the kind of file (XLS, XLSB, ODS) does not let us look. ``errors`` and ``codes`` are keyed
    by column: rows with their error, and runs of rows whose numbers are shown by one :class:`CodeFormat`.
    """

    seen: bool = True
    hidden_rows: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    hidden_columns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict[int, "list[tuple[int, str]]"])
    without_result: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    codes: dict[int, list[tuple[int, int, CodeFormat]]] = field(
        default_factory=dict[int, "list[tuple[int, int, CodeFormat]]"]
    )


def sheet_details(path: Path) -> dict[str, SheetDetails]:
    """Details of every sheet of the XLSX file at ``path`` by the sheet's name.

    The archive must have been proven harmless (:func:`zipped.workbook_kind`). Raises :class:`Unreadable`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = sheet_parts(archive)
            formats = _code_formats(archive)
            return {name: _details(archive, part, formats) for name, part in parts.items()}
    # LookupError: a part that is not there, or a text in an encoding nobody knows
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, ValueError, OSError) as error:
        raise Unreadable("broken_workbook") from error


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise Unreadable("broken_workbook")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The member that holds each sheet, by the sheet's name."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def workbook(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets[attributes.get("name", "")] = link

    def relations(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(archive, "xl/workbook.xml", workbook)
    _parse(archive, "xl/_rels/workbook.xml.rels", relations)
    parts: dict[str, str] = {}
    for sheet, link in sheets.items():
        if link not in targets:
            continue
        part = posixpath.normpath(posixpath.join("/xl", targets[link].replace("\\", "/"))).lstrip("/")
        if part in archive.NameToInfo:
            parts[sheet] = part
    return parts


def _code_formats(archive: zipfile.ZipFile) -> dict[str, CodeFormat]:
    """Formats that show zeros, by the index of the cell style (``s="5"``) that uses them."""
    if "xl/styles.xml" not in archive.NameToInfo:
        return {}
    formats: dict[str, CodeFormat] = {}
    styles: dict[str, CodeFormat] = {}
    inside: list[str] = []
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        local = _local(name)
        inside.append(local)
        if local == "numFmt" and "dxf" not in inside:
            known = code_format(attributes.get("formatCode", ""))
            if known is not None:
                formats[attributes.get("numFmtId", "")] = known
        elif local == "xf" and "cellXfs" in inside:
            known = formats.get(attributes.get("numFmtId", ""))
            if known is not None:
                styles[str(count)] = known
            count += 1

    def end(_: str) -> None:
        inside.pop()

    _parse(archive, "xl/styles.xml", start, end)
    return styles


def _details(archive: zipfile.ZipFile, part: str, formats: dict[str, CodeFormat]) -> SheetDetails:
    if not _worth_parsing(archive, part, formats):
        return SheetDetails()
    reading = _Reading(formats)
    _parse(archive, part, reading.start, text=reading.text)
    reading.close()
    return reading.details


def _worth_parsing(archive: zipfile.ZipFile, part: str, formats: dict[str, CodeFormat]) -> bool:
    styles = [f' s="{style}"'.encode() for style in formats]
    with archive.open(part) as stream:
        rest = b""
        first = True
        while chunk := stream.read(_CHUNK):
            if first and _UNUSUAL.search(chunk[:_START]):
                return True
            first = False
            text = rest + chunk
            if any(marker in text for marker in _MARKERS) or any(style in text for style in styles):
                return True
            rest = text[-_OVERLAP:]
    return False


class _Reading:
    """Handlers that fill the details of one sheet. They run for every cell, so they do little for the usual one."""

    def __init__(self, formats: dict[str, CodeFormat]) -> None:
        self.details = SheetDetails()
        self._formats = formats
        self._row = 0
        self._column = -1
        self._cell: dict[str, str] = {}
        self._formula = self._error = False
        self._value: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.close()
            self._open(attributes)
        elif name == "f":
            self._formula, self._value = True, None
        elif name in ("v", "t"):
            if self._formula or self._error:
                self._value = []
        elif name == "row":
            self.close()
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = -1
            if len(attributes) > 1 and _is_hidden(attributes, "ht"):
                _extend(self.details.hidden_rows, self._row, self._row)
        elif name == "col" and _is_hidden(attributes, "width"):
            _extend(self.details.hidden_columns, int(attributes["min"]) - 1, int(attributes["max"]) - 1)

    def _open(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._column += 1
        place = attributes.get("r")
        if place is None or (self._formats and attributes.get("s") in self._formats):
            self._row, self._column = self._place()
            self._code()
        self._error = attributes.get("t") == "e"

    def _code(self) -> None:
        known = self._formats.get(self._cell.get("s", ""))
        if known is None or self._cell.get("t", "n") != "n":
            return
        runs = self.details.codes.setdefault(self._column, [])
        if runs and runs[-1][1] == self._row - 1 and runs[-1][2] == known:
            runs[-1] = (runs[-1][0], self._row, known)
        else:
            runs.append((self._row, self._row, known))

    def text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def close(self) -> None:
        """The last cell is over."""
        if self._formula or self._error:
            value = "".join(self._value or ()).strip()
            row, column = self._place()
            if self._error and value:
                self.details.errors.setdefault(column, []).append((row, value[:_ERROR]))
            elif not value and len(self.details.without_result) < _LISTED:
                self.details.without_result.append((row, column))
        self._formula, self._error, self._value = False, False, None

    def _place(self) -> tuple[int, int]:
        place = self._cell.get("r")
        return place_of(place) if place else (self._row, self._column)


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    if attributes.get("hidden", "0").lower() in ("1", "true"):
        return True
    try:
        return float(attributes.get(size, "1")) == 0
    except ValueError:
        return False


def _extend(ranges: list[tuple[int, int]], first: int, last: int) -> None:
    if ranges and ranges[-1][1] == first - 1:
        ranges[-1] = (ranges[-1][0], last)
    elif len(ranges) < _LISTED:
        ranges.append((first, last))


def place_of(place: str) -> tuple[int, int]:
    """``C12`` → row 12, column index 2; raises ``ValueError`` for anything else."""
    letters = place.rstrip("0123456789")
    if not letters or not letters.isascii() or not letters.isalpha() or len(letters) > 3 or letters == place:
        raise ValueError(place)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(place[len(letters) :]), column - 1


def numbers_in(ranges: list[tuple[int, int]], first: int, last: int) -> Iterator[int]:
    """The numbers from ``first`` to ``last`` that lie in ``ranges``."""
    for start, end in ranges:
        yield from range(max(start, first), min(end, last) + 1)
