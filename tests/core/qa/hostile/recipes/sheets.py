"""Workbooks whose XML lies, loops, reaches out or grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.core.qa.hostile.parts import OFFICE, ROWS, book, relations, row, sheet, strings, styles, workbook
from tests.core.qa.hostile.recipe import Bait, Hostile, baited, of_bytes

SHEET, SHARED, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
LINKS, STYLES = "xl/_rels/workbook.xml.rels", "xl/styles.xml"
LAUGHS = (
    "<!DOCTYPE a [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
PROLOGS = {
    "a billion laughs": (LAUGHS, "&l9;"),
    "an entity of 100,000 letters": (f"<!DOCTYPE a [<!ENTITY b '{'x' * 100_000}'>]>", "&b;" * 1_000),
    "an entity that is itself": ("<!DOCTYPE a [<!ENTITY b '&b;'>]>", "&b;"),
    "a file as entity": ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file://<<file>>'>]>", "&b;"),
    "an address as entity": ("<!DOCTYPE a [<!ENTITY b SYSTEM '<<url>>/x'>]>", "&b;"),
    "a DTD elsewhere": ("<!DOCTYPE a SYSTEM '<<url>>/x.dtd'>", "&b;"),
    "a DTD in a file": ("<!DOCTYPE a SYSTEM 'file://<<file>>'>", "&b;"),
    "a parameter entity": ("<!DOCTYPE a [<!ENTITY % b SYSTEM '<<url>>/x.dtd'> %b;]>", "x"),
    "a style sheet": ("<?xml-stylesheet type='text/xsl' href='<<url>>/x.xsl'?>", "x"),
    "an inclusion": ("", "<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='file://<<file>>' parse='text'/>"),
    "an unknown entity": ("", "&tidakada;"),
    "a character that is none": ("", "&#0;&#xFFFFFFFF;&#xD800;&#x110000;"),
}


def recipes() -> Iterator[Hostile]:
    yield from _reaching_out()
    yield from _areas()
    yield from _books()
    yield from _xml()
    yield from _extras()
    yield from _large()


def book_with(identity: str, changed: Mapping[str, str | bytes | None], *answers: str) -> Hostile:
    """A workbook with some of its parts exchanged or left out, the bait filled in."""

    def write(path: Path, bait: Bait) -> None:
        filled = {
            name: None if part is None else baited(part.encode() if isinstance(part, str) else part, bait)
            for name, part in changed.items()
        }
        path.write_bytes(workbook(filled))

    return Hostile(f"workbook: {identity}", write, "tabel.xlsx", frozenset(answers))


def _reaching_out() -> Iterator[Hostile]:
    for name, (prolog, use) in PROLOGS.items():
        cell = f'<row r="4"><c r="A4" t="inlineStr"><is><t>{use}</t></is></c><c r="B4"><v>1</v></c></row>'
        yield book_with(f"{name} in a sheet", {SHEET: sheet(ROWS + cell, prolog=prolog)})
        yield book_with(f"{name} in the shared strings", {SHARED: strings(f"<si><t>{use}</t></si>" * 4, prolog=prolog)})
        yield book_with(f"{name} in the workbook", {BOOK: book(behind=f"<x>{use}</x>", prolog=prolog)})
        yield book_with(f"{name} in the styles", {STYLES: styles(f"<x>{use}</x>", prolog=prolog)})
    targets = {
        "a path up": "../../../../../../<<file>>",
        "a path from the root": "<<file>>",
        "a file's address": "file://<<file>>",
        "an address": "<<url>>/sheet1.xml",
        "a share": "\\\\127.0.0.1\\share\\sheet1.xml",
        "nothing": "",
        "a directory": "worksheets/",
        "the workbook itself": "workbook.xml",
        "the shared strings": "sharedStrings.xml",
        "a part that is not there": "worksheets/sheet9.xml",
        "5,000 letters": "a" * 5_000,
    }
    for name, target in targets.items():
        yield book_with(f"its sheet lies at {name}", {LINKS: relations(first=target)})
        outside = relations(first=target, mode=' TargetMode="External"')
        yield book_with(f"its sheet lies outside at {name}", {LINKS: outside})


def _areas() -> Iterator[Hostile]:
    for area in ("A1:XFD1048576", "B3:A1", "A0:B0", "A1:ZZZZZZ99999999999", "-A1:B2", "A1", "", ":", "A1:B2:C3", "A1:"):
        yield book_with(f"the sheet says it has “{area}”", {SHEET: sheet(before=f'<dimension ref="{area}"/>')})
        merged = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'
        yield book_with(f"“{area}” is merged", {SHEET: sheet(behind=merged)})
    many = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 20_001))
    yield book_with("20,000 merged areas", {SHEET: sheet(behind=f'<mergeCells count="20000">{many}</mergeCells>')})
    same = '<mergeCell ref="A1:B3"/>' * 2_000
    yield book_with("one area merged 2,000 times", {SHEET: sheet(behind=f"<mergeCells>{same}</mergeCells>")})
    corner = ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield book_with("a cell in the last corner", {SHEET: sheet(corner)}, "too_many_cells")
    below = ROWS + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    yield book_with("a cell in the last row", {SHEET: sheet(below)})
    right = ROWS + '<row r="4"><c r="A4"><v>1</v></c><c r="XFD4"><v>1</v></c></row>'
    yield book_with("a cell in the last column", {SHEET: sheet(right)})
    yield book_with(
        "columns without end", {SHEET: sheet(before='<cols><col min="1" max="4294967295" hidden="1"/></cols>')}
    )
    yield book_with("columns backwards", {SHEET: sheet(before='<cols><col min="9" max="-3" hidden="1"/></cols>')})
    for count in ("4294967295", "-1", "18446744073709551616", "abc", "0"):
        counts = f'count="{count}" uniqueCount="{count}"'
        yield book_with(f"says it has {count} strings", {SHARED: strings(attributes=counts)})


def _books() -> Iterator[Hostile]:
    names = ("", "a" * 500, "../../x", "=1+1", "&lt;b>x&lt;/b>", "\u202eatad", "{0}{sheet}", "a&#10;b", "'", "&#xFFFE;")
    for number, name in enumerate(names):
        listed = f'<sheet name="{name}" sheetId="1" r:id="rId1"/>'
        yield book_with(f"a sheet with an odd name ({number})", {BOOK: book(listed)})
    lists = {
        "no sheet": "",
        "a sheet without a part": '<sheet name="Data" sheetId="1"/>',
        "a sheet of an unknown part": '<sheet name="Data" sheetId="1" r:id="rId77"/>',
        "a sheet that is the styles": '<sheet name="Data" sheetId="1" r:id="rId3"/>',
        "3,000 sheets that are one": "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(3_000)),
        "two sheets of one name": '<sheet name="Data" sheetId="1" r:id="rId1"/>' * 2,
        "only a hidden sheet": '<sheet name="Data" sheetId="1" state="veryHidden" r:id="rId1"/>',
        "a sheet of no known state": '<sheet name="Data" sheetId="1" state="aneh" r:id="rId1"/>',
        "a sheet numbered -1": '<sheet name="Data" sheetId="-1" r:id="rId1"/>',
    }
    for name, sheets in lists.items():
        yield book_with(name, {BOOK: book(sheets)})
    for part in (SHEET, SHARED, BOOK, LINKS, STYLES, "[Content_Types].xml", "_rels/.rels"):
        yield book_with(f"without {part}", {part: None})
        yield book_with(f"{part} is empty", {part: ""})
        yield book_with(f"{part} is noise", {part: bytes(range(256)) * 20})
        yield book_with(f"{part} is cut off", {part: sheet()[: len(sheet()) // 2]})


def _xml() -> Iterator[Hostile]:
    texts: dict[str, str | bytes] = {
        "in UTF-16": sheet().replace("UTF-8", "UTF-16").encode("utf-16"),
        "in an unknown encoding": sheet().replace("UTF-8", "X-ANEH"),
        "with invalid UTF-8": sheet().encode().replace(b"12", b"\xff\xfe"),
        "with zero bytes": sheet().encode().replace(b"12", b"1\x002"),
        "with 100,000 attributes": sheet(before="<x " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>"),
        "with an attribute of 2 MB": sheet(before=f'<x a="{"b" * (2 << 20)}"/>'),
        "with an element of 100,000 letters": sheet(before=f"<{'x' * 100_000}/>"),
        "50,000 elements deep": sheet(before="<x>" * 50_000 + "</x>" * 50_000),
        "50,000 elements deep and never closed": sheet(before="<x>" * 50_000),
        "with another namespace": sheet().replace("spreadsheetml", "lainml"),
        "without a namespace": sheet().replace(" xmlns=", " xmlnz="),
        "with prefixes": sheet().replace("<row", "<x:row").replace("</row", "</x:row"),
        "with a comment that never ends": sheet(before="<!-- "),
        "with CDATA that never ends": sheet(before="<![CDATA["),
        "with two roots": sheet() + sheet(),
        "with the same attribute twice": sheet(before='<x a="1" a="2"/>'),
        "with closing tags crossed": sheet(before="<x><y></x></y>"),
        "with rows outside": sheet(behind=ROWS),
    }
    for name, text in texts.items():
        yield book_with(f"a sheet {name}", {SHEET: text})


def _extras() -> Iterator[Hostile]:
    link = f'<Relationship Id="rId9" Type="{OFFICE}/%s" Target="%s" TargetMode="External"/>'
    macros = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b'Auto_Open Shell("calc")' * 300
    outer = "xl/externalLinks/externalLink1.xml"
    names = "<definedNames><definedName name='_xlnm.Auto_Open'>[1]!x</definedName></definedNames>"
    endless = "[" * 20_000 + "yyyy"
    extras: dict[str, dict[str, str | bytes | None]] = {
        "macros": {"xl/vbaProject.bin": macros},
        "sheets of Excel 4 macros": {
            "xl/macrosheets/sheet1.xml": sheet(),
            LINKS: relations(link % ("xlMacrosheet", "macrosheets/sheet1.xml")),
        },
        "a link to another workbook": {
            outer: "<externalLink/>",
            LINKS: relations(link % ("externalLink", "file://<<file>>")),
            BOOK: book(behind='<externalReferences><externalReference r:id="rId9"/></externalReferences>'),
        },
        "a connection to the web": {
            "xl/connections.xml": '<connections><connection refreshOnLoad="1"><webPr url="<<url>>"/></connection>'
            "</connections>"
        },
        "a picture elsewhere": {
            SHEET: sheet(behind='<picture r:id="rId1"/>'),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(link % ("image", "<<url>>/x.png")),
        },
        "a template elsewhere": {"_rels/.rels": relations(link % ("attachedTemplate", "<<url>>/x.dotm"))},
        "a name that runs": {BOOK: book(behind=names)},
        "DDE": {outer: '<externalLink><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'},
        "an object": {
            "xl/embeddings/oleObject1.bin": macros,
            SHEET: sheet(behind='<oleObjects><oleObject progId="Package" r:id="rId1"/></oleObjects>'),
        },
        "a link that runs": {
            SHEET: sheet(behind='<hyperlinks><hyperlink ref="A2" location="javascript:x()"/></hyperlinks>')
        },
        "a format that is markup": {STYLES: styles('<numFmts><numFmt numFmtId="200" formatCode="&lt;b>"/></numFmts>')},
        "a format that never ends": {
            STYLES: styles(f'<numFmts><numFmt numFmtId="14" formatCode="{endless}"/></numFmts>')
        },
    }
    for name, changed in extras.items():
        yield book_with(name, changed)
    binary = workbook({BOOK: None, "xl/workbook.bin": bytes(range(256)) * 8})
    yield of_bytes("workbook: binary parts that are noise", binary, name="tabel.xlsb")


def _large() -> Iterator[Hostile]:
    makers: dict[str, Callable[[], dict[str, str | bytes | None]]] = {
        "a million sheets that are one": lambda: {BOOK: book('<sheet name="S" sheetId="1" r:id="rId1"/>' * 1_000_000)},
        "200,000 links": lambda: {LINKS: relations(f'<Relationship Id="x" Type="{OFFICE}/x" Target="x"/>' * 200_000)},
        "a million strings": lambda: {SHARED: strings("<si><t>a</t></si>" * 1_000_000)},
        "a string of 100 MB": lambda: {SHARED: strings(f"<si><t>{'x' * (100 << 20)}</t></si>" * 1)},
        "a million elements deep": lambda: {SHEET: sheet(before="<x>" * 1_000_000)},
        "100,000 references to a long string": lambda: {
            SHARED: strings(f"<si><t>{'x' * 100_000}</t></si>"),
            SHEET: sheet("".join(row(str(n), f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(1, 100_001))),
        },
        "300 columns by 90,000 rows by two corners": lambda: {
            SHEET: sheet(ROWS + row("90000", '<c r="KN90000"><v>1</v></c>'))
        },
    }  # fmt: skip
    for name, make in makers.items():

        def write(path: Path, _bait: Bait, make: Callable[[], dict[str, str | bytes | None]] = make) -> None:
            path.write_bytes(workbook(make()))

        yield Hostile(f"large workbook: {name}", write, "tabel.xlsx", heavy=True)
