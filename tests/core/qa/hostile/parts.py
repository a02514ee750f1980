"""The parts of a small workbook as bytes, so that recipes can exchange or add single ones; and archives of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>12</v></c></row>'
    '<row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3"><v>7</v></c></row>'
)
STRINGS = "<si><t>nama</t></si><si><t>jumlah</t></si><si><t>Cileunyi</t></si><si><t>Arjasari</t></si>"


def sheet(rows: str = ROWS, before: str = "", behind: str = "", prolog: str = "") -> str:
    """A worksheet's XML: ``rows`` within its data, ``before`` and ``behind`` around them, ``prolog`` in front."""
    inside = f"{before}<sheetData>{rows}</sheetData>{behind}"
    return f'{XML}{prolog}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}</worksheet>'


def row(number: str, *cells: str) -> str:
    """A row of a worksheet."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def strings(items: str = STRINGS, attributes: str = 'count="4" uniqueCount="4"', prolog: str = "") -> str:
    """The table of shared strings."""
    return f'{XML}{prolog}<sst xmlns="{MAIN}" {attributes}>{items}</sst>'


def book(sheets: str = '<sheet name="Data" sheetId="1" r:id="rId1"/>', behind: str = "", prolog: str = "") -> str:
    """The workbook's own part."""
    return f'{XML}{prolog}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>{behind}</workbook>'


def relations(more: str = "", first: str = "worksheets/sheet1.xml", mode: str = "") -> str:
    """What the workbook's parts are and where they lie."""
    return (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{first}"{mode}/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/styles" Target="styles.xml"/>{more}</Relationships>'
    )


def styles(formats: str = "", cells: str = '<xf numFmtId="0"/><xf numFmtId="14"/>', prolog: str = "") -> str:
    """Number formats; style 1 is a date."""
    return f'{XML}{prolog}<styleSheet xmlns="{MAIN}">{formats}<cellXfs count="2">{cells}</cellXfs></styleSheet>'


def workbook(changed: Mapping[str, str | bytes | None] | None = None) -> bytes:
    """A small XLSX; ``changed`` exchanges or adds members, ``None`` leaves one out."""
    members: dict[str, str | bytes | None] = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType='
        '"application/xml"/><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": book(),
        "xl/_rels/workbook.xml.rels": relations(),
        "xl/sharedStrings.xml": strings(),
        "xl/styles.xml": styles(),
        "xl/worksheets/sheet1.xml": sheet(),
        **(changed or {}),
    }
    return archive({name: content for name, content in members.items() if content is not None})


def opendocument(rows: str | None = None, prolog: str = "", changed: Mapping[str, str | bytes] | None = None) -> bytes:
    """A small ODS; ``rows`` are those of its one table."""
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    rows = ODS_ROWS if rows is None else rows
    content = (
        f"{XML}{prolog}<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Data">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    members: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": f'{XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
        'manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type='
        '"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
    }
    return archive({**members, **(changed or {})})


def ods_cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    """One cell of an ODS."""
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def ods_number(value: str) -> str:
    """One cell with a number."""
    return ods_cell(value, f'office:value-type="float" office:value="{value}"')


ODS_ROWS = "".join(
    f"<table:table-row>{ods_cell(name)}{ods_number(value) if value.isdigit() else ods_cell(value)}</table:table-row>"
    for name, value in (("nama", "jumlah"), ("Cileunyi", "12"), ("Arjasari", "7"))
)


def archive(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()
