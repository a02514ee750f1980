"""ODS files that claim to repeat without end, or reach out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.core.qa.hostile.parts import ODS_ROWS, ods_cell, ods_number, opendocument
from tests.core.qa.hostile.recipe import Bait, Hostile, baited, of_bytes
from tests.core.qa.hostile.recipes.sheets import PROLOGS

NUMBERS = ("0", "-1", "1048576", "2147483648", "18446744073709551616", "abc", "")


def recipes() -> Iterator[Hostile]:
    for number in NUMBERS:
        empty = f'<table:table-cell table:number-columns-repeated="{number}"/>'
        yield _document(f"an empty cell repeated “{number}” times before a value", _and_row(empty, ods_cell("x")))
        filled = ods_cell("x", f'office:value-type="string" table:number-columns-repeated="{number}"')
        yield _document(f"a value repeated “{number}” times", _and_row(filled))
        cells = ods_cell("x") + ods_number("1")
        rows = f'<table:table-row table:number-rows-repeated="{number}">{cells}</table:table-row>'
        # a million true rows: read, and that takes its time
        yield _document(f"a row repeated “{number}” times", ODS_ROWS + rows, heavy=number == "1048576")
        blank = f'<table:table-row table:number-rows-repeated="{number}"><table:table-cell/></table:table-row>'
        yield _document(f"an empty row repeated “{number}” times", ODS_ROWS + blank + ODS_ROWS)
        spanned = ods_cell("x", f'office:value-type="string" table:number-columns-spanned="{number}"')
        yield _document(f"a cell over “{number}” columns", _and_row(spanned))
    for name, (prolog, use) in PROLOGS.items():
        yield _document(name, _and_row(ods_cell(use), ods_number("1")), prolog)
    values = {
        "a number that is text": 'office:value-type="float" office:value="satu"',
        "a number without end": f'office:value-type="float" office:value="{"9" * 5_000}"',
        "a date that is none": 'office:value-type="date" office:date-value="kemarin"',
        "a date far away": 'office:value-type="date" office:date-value="99999-99-99"',
        "a time that is none": 'office:value-type="time" office:time-value="PTxxH"',
        "a truth that is none": 'office:value-type="boolean" office:boolean-value="mungkin"',
        "an unknown type": 'office:value-type="aneh"',
        "a formula of another file": "table:formula=\"of:='file://<<file>>'#A1\" office:value-type='float'",
        "a formula of the web": 'table:formula="of:=WEBSERVICE(&quot;<<url>>&quot;)" office:value-type="string"',
    }
    for name, attributes in values.items():
        yield _document(name, _and_row(ods_cell("a"), ods_cell("x", attributes)))
    blanks = ods_cell('<text:s text:c="2147483647"/>x')
    yield _document("blanks without end", _and_row(blanks))
    yield _document("50,000 elements deep", ODS_ROWS + "<text:p>" * 50_000 + "</text:p>" * 50_000)
    yield _document("5,000 paragraphs in a cell", _and_row(ods_cell("a</text:p><text:p>" * 5_000)))
    yield of_bytes("ods: without content", opendocument(changed={"content.xml": ""}), name="tabel.ods")
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        "</manifest:manifest>"
    )
    yield of_bytes("ods: encrypted", opendocument(changed={"META-INF/manifest.xml": manifest}), name="tabel.ods")


def _and_row(*cells: str) -> str:
    """The rows of a good table and one more."""
    return f"{ODS_ROWS}<table:table-row>{''.join(cells)}</table:table-row>"


def _document(identity: str, rows: str, prolog: str = "", *, heavy: bool = False) -> Hostile:
    def write(path: Path, bait: Bait) -> None:
        filled = baited(rows.encode(), bait).decode(), baited(prolog.encode(), bait).decode()
        path.write_bytes(opendocument(*filled))

    return Hostile(f"ods: {identity}", write, "tabel.ods", heavy=heavy)
