"""The mended workbook: the changed cells of its sheets written anew, every other byte of them as it stands.

A changed cell keeps its style and gets its text, or its number where the change makes one. Lines that go are cut out,
and the places of the lines below are counted anew; :meth:`Package.can_drop` has said that nothing else names them.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape

from ckanext.satudata.core.qa.mending.changes import Change
from ckanext.satudata.core.qa.mending.kinds import KINDS, LINES
from ckanext.satudata.core.qa.mending.package import Package
from ckanext.satudata.core.qa.mending.refusing import RefusedError
from ckanext.satudata.core.qa.table.sheet_xml import place_of

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_ATTRIBUTE = re.compile(rb"""\s([\w:]+)\s*=\s*("[^"]*"|'[^']*')""")
_REFERENCE = re.compile(rb"""\bref=["']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)["']""")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?(?:/>|>\s*</(?:\w+:)?mergeCell>)")
_CHAIN = "xl/calcChain.xml"


@dataclass
class _Wanted:
    """What happens to one sheet: new texts by place, lines that go."""

    cells: dict[tuple[int, int], Change] = field(default_factory=dict[tuple[int, int], Change])
    gone: set[int] = field(default_factory=set[int])


def mend_workbook(path: Path, changes: Iterable[Change], out: Path) -> int:
    """Write the mended workbook of ``path`` to ``out``; returns how many changes were made.

    Raises :class:`RefusedError`: ``too_large`` for a workbook that cannot be mended in place, ``only_csv`` where
    lines cannot be cut out, ``stale`` when a cell of the list is not there.
    """
    package = Package.of(path)
    if package is None:
        raise RefusedError("too_large")
    wanted: dict[str, _Wanted] = {}
    made = 0
    for change in changes:
        sheet = wanted.setdefault(_sheet(package, change.table), _Wanted())
        made += 1
        if change.what == LINES:
            sheet.gone.add(change.row)
        else:
            sheet.cells[change.row, change.position] = change
    for name, sheet in wanted.items():
        if sheet.gone and not package.can_drop(name, sheet.gone):
            raise RefusedError("only_csv")
    parts = {package.sheets[name]: _mended(package.xml(name), sheet) for name, sheet in wanted.items()}
    _write(package, parts, out, without_chain=any(sheet.gone for sheet in wanted.values()))
    return made


def _sheet(package: Package, table: str) -> str:
    """The sheet of a table; the second one of a sheet is called ``Sheet [2]``."""
    name = table if table in package.sheets else table.rpartition(" [")[0]
    if name not in package.sheets:
        raise RefusedError("stale")
    return name


def _mended(xml: bytes, wanted: _Wanted) -> bytes:
    editing = _Editing(xml, wanted)
    new = editing.done()
    if wanted.cells.keys() - editing.seen:
        raise RefusedError("stale")
    if not wanted.gone:
        return new
    at = new.rfind(b"sheetData>") + len(b"sheetData>")
    gone = sorted(wanted.gone)
    head = re.sub(rb"<(?:\w+:)?dimension\b[^>]*/>", b"", new[:at], count=1)
    rest = _MERGE.sub(lambda found: _moved_area(found[0], gone), new[at:])
    rest = re.sub(rb"<((?:\w+:)?mergeCells)\b[^>]*>\s*</\1>", b"", rest)
    return head + re.sub(rb"(<(?:\w+:)?mergeCells\b)[^>]*>", rb"\1>", rest)


def _moved_area(merge: bytes, gone: list[int]) -> bytes:
    """A merged area after the lines went; nothing when all of it went."""
    found = _REFERENCE.search(merge)
    if found is None:
        return merge
    first, last = int(found[2]), int(found[4])
    kept = [row for row in range(first, last + 1) if row not in gone]
    if not kept or (len(kept) == 1 and found[1] == found[3]):
        return b""
    top, bottom = (row - bisect_left(gone, row) for row in (kept[0], kept[-1]))
    area = b'ref="%s%d:%s%d"' % (found[1], top, found[3], bottom)
    return merge[: found.start()] + area + merge[found.end() :]


class _Editing:
    """One way through the XML of a sheet; what is not touched is copied as bytes."""

    def __init__(self, xml: bytes, wanted: _Wanted) -> None:
        self.seen: set[tuple[int, int]] = set()
        self._xml = xml
        self._wanted = wanted
        self._gone = sorted(wanted.gone)
        self._out: list[bytes] = []
        self._copied = 0
        self._row = self._column = 0
        self._open: tuple[int, Change] | None = None  # where a changed cell begins
        self._cut: int | None = None  # where a line that goes begins
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def done(self) -> bytes:
        self._parser.Parse(self._xml, True)
        self._out.append(self._xml[self._copied :])
        return b"".join(self._out)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if self._row in self._wanted.gone:
                self._cut = self._parser.CurrentByteIndex
            elif self._gone:
                self._renumber(str(self._row))
        elif local == "c":
            self._column += 1
            if "r" in attributes:
                self._column = place_of(attributes["r"])[1] + 1
            change = self._wanted.cells.get((self._row, self._column))
            if change is not None:
                self.seen.add((self._row, self._column))
                self._open = self._parser.CurrentByteIndex, change
            elif self._gone and self._cut is None and "r" in attributes:
                self._renumber(attributes["r"])

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "c" and self._open is not None:
            begin, change = self._open
            self._open = None
            self._copy(begin, self._end_of(name), self._cell(begin, change))
        elif local == "row" and self._cut is not None:
            self._copy(self._cut, self._end_of(name), b"")
            self._cut = None

    def _copy(self, until: int, go_on: int, instead: bytes) -> None:
        self._out += (self._xml[self._copied : until], instead)
        self._copied = go_on

    def _end_of(self, name: str) -> int:
        """Behind the element that ends here; of one closed by itself expat tells the end already."""
        at = self._parser.CurrentByteIndex
        return self._behind(at) if self._xml.startswith(b"</" + name.encode(), at) else at

    def _behind(self, at: int) -> int:
        return _tag_end(self._xml, at)

    def _renumber(self, place: str) -> None:
        """Count a line's number anew in the tag that begins here."""
        moved = self._row - bisect_left(self._gone, self._row)
        if moved == self._row:
            return
        begin = self._parser.CurrentByteIndex
        end = self._behind(begin)
        letters = place.rstrip("0123456789")
        tag = re.sub(rb"""(\sr\s*=\s*)(["'])[^"']*["']""", rb"\g<1>\g<2>%s%d\g<2>" % (letters.encode(), moved),
                     self._xml[begin:end], count=1)  # fmt: skip
        self._copy(begin, end, tag)

    def _cell(self, begin: int, change: Change) -> bytes:
        tag = self._xml[begin : self._behind(begin)]
        name = re.match(rb"<([\w:.-]+)", tag)
        assert name is not None
        prefix = name[1].rpartition(b":")[0] + b":" if b":" in name[1] else b""
        kept = [(key, value) for key, value in _ATTRIBUTE.findall(tag) if key in (b"r", b"s")]
        if self._gone:
            moved = self._row - bisect_left(self._gone, self._row)
            kept = [(key, re.sub(rb"\d+", b"%d" % moved, value) if key == b"r" else value) for key, value in kept]
        attributes = b"".join(b" %s=%s" % pair for pair in kept)
        if KINDS[change.kind].number and _NUMBER.fullmatch(change.after):
            return b"<%sc%s><%sv>%s</%sv></%sc>" % (
                *(prefix, attributes, prefix, change.after.encode(), prefix, prefix),
            )
        text = escape(change.after).encode()
        return b'<%sc%s t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (
            *(prefix, attributes, prefix, prefix, text, prefix, prefix, prefix),
        )


def _tag_end(xml: bytes, at: int) -> int:
    """Behind the tag that begins at ``at``."""
    quote = 0
    for index in range(at, len(xml)):
        byte = xml[index]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == 0x3E:
            return index + 1
    raise RefusedError("stale")


def _write(package: Package, parts: Mapping[str, bytes], out: Path, *, without_chain: bool) -> None:
    """All parts of the package, the mended ones among them; the list of formulas goes with lines that held some."""
    with zipfile.ZipFile(package.path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if without_chain and info.filename == _CHAIN:
                continue
            entry = zipfile.ZipInfo(info.filename, info.date_time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = info.external_attr
            if info.filename in parts:
                new.writestr(entry, parts[info.filename])
            elif without_chain and info.filename in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
                new.writestr(entry, _unchained(old.read(info)))
            else:
                with old.open(info) as source, new.open(entry, "w", force_zip64=info.file_size > 1 << 31) as target:
                    while chunk := source.read(1 << 20):
                        target.write(chunk)


def _unchained(xml: bytes) -> bytes:
    return re.sub(rb"<(?:\w+:)?(?:Override|Relationship)\b[^>]*calcChain[^>]*/>", b"", xml)
