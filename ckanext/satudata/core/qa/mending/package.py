"""An XLSX file as a package of parts: which of its cells hold formulas, and whether lines can be taken out of a sheet.

Everything is judged by the bytes of the parts; the file was proven harmless when it was read.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ckanext.satudata.core.qa.table.sheet_xml import place_of, sheet_parts

# A sheet's XML beyond this is not mended in place: it is held as a whole. Bytes.
PART = 192 << 20
# What refers to rows by their number, or lies at them.
_TIED = re.compile(
    rb"<(?:\w+:)?(?:drawing|legacyDrawing|tableParts|conditionalFormatting|dataValidations|hyperlinks|autoFilter"
    rb"|rowBreaks|extLst|oleObjects|controls|sortState|protectedRanges|scenarios|dataConsolidate)\b"
)
_NAME = re.compile(rb"<(?:\w+:)?definedName\b([^>]*)>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_SIGNED = "_xmlsignatures/"


@dataclass
class Package:
    """The parts of the workbook at ``path``; ``sheets``: the member of each sheet by its name."""

    path: Path
    sheets: dict[str, str]
    _xml: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _formulas: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict[str, "frozenset[tuple[int, int]]"])

    @classmethod
    def of(cls, path: Path) -> Package | None:
        """The package, or ``None`` where it cannot be mended in place: signed, too large, or written in an unusual
        way (an encoding other than UTF-8, a document type).
        """
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            parts = sheet_parts(archive)
            unusual = any(_is_unusual(archive, part) for part in parts.values())
        if unusual or len(set(names)) != len(names) or any(name.startswith(_SIGNED) for name in names):
            return None
        return cls(path, parts)

    def xml(self, sheet: str) -> bytes:
        """The XML of a sheet; the last one asked for is kept."""
        if sheet not in self._xml:
            with zipfile.ZipFile(self.path) as archive:
                self._xml = {sheet: archive.read(self.sheets[sheet])}
        return self._xml[sheet]

    def formulas(self, sheet: str) -> frozenset[tuple[int, int]]:
        """Row and position (both from 1) of every cell of a sheet that holds a formula."""
        if sheet not in self._formulas:
            xml = self.xml(sheet)
            self._formulas[sheet] = frozenset(_formula_cells(xml)) if _FORMULA.search(xml) else frozenset()
        return self._formulas[sheet]

    def can_drop(self, sheet: str, rows: set[int]) -> bool:
        """Whether these lines can go and those below move up, with nothing left that refers to the old places."""
        if _TIED.search(self.xml(sheet)) or self._is_named(sheet):
            return False
        return all(name == sheet and row in rows for name in self.sheets for row, _ in self.formulas(name))

    def _is_named(self, sheet: str) -> bool:
        """Whether a name of the workbook means cells of the sheet; what is printed does not count."""
        with zipfile.ZipFile(self.path) as archive:
            workbook = archive.read("xl/workbook.xml")
        for attributes, refers in _NAME.findall(workbook):
            if b"_xlnm.Print_" not in attributes and sheet.encode() in refers.replace(b"''", b"'"):
                return True
        return False


def _is_unusual(archive: zipfile.ZipFile, part: str) -> bool:
    if archive.getinfo(part).file_size > PART:
        return True
    with archive.open(part) as stream:
        start = stream.read(4096)
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")) or b"<!DOCTYPE" in start:
        return True
    said = re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w-]+)", start)
    return said is not None and said[1].lower() not in (b"utf-8", b"us-ascii")


def _formula_cells(xml: bytes) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    row = column = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        local = name.rpartition(":")[2]
        if local == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif local == "c":
            column += 1
            if "r" in attributes:
                row, column = place_of(attributes["r"])[0], place_of(attributes["r"])[1] + 1
        elif local == "f":
            found.append((row, column))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found
