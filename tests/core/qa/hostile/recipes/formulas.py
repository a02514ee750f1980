"""Cells that a spreadsheet would run when a person opens what we wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tests.core.qa.hostile.recipe import Bait, Hostile, of_bytes
from tests.core.qa.xlsx import sheet_xml, write_xlsx

PAYLOADS = {
    "a sum": "=1+1",
    "a command": "=cmd|' /C calc'!A0",
    "with plus": "+cmd|' /C calc'!A0",
    "with minus": "-2+3+cmd|' /C calc'!A0",
    "with at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a link": '=HYPERLINK("http://127.0.0.1/?x="&A1,"klik")',
    "a web service": '=WEBSERVICE("http://127.0.0.1/x")',
    "an import": '=IMPORTXML("http://127.0.0.1/x","//a")',
    "DDE": '=DDE("cmd";"/C calc";"x")',
    "behind a tab": "\t=1+1",
    "behind blanks": "   =1+1",
    "behind a no-break space": "\u00a0=1+1",
    "behind a line end": "\n=1+1",
    "behind a return": "\r=1+1",
    "behind a quote": '"=1+1',
    "behind a semicolon": "x;=1+1",
    "behind a tab inside": "x\t=1+1",
    "behind a line end inside": "x\n=1+1",
    "behind a bar": "x|=1+1",
    "full-width": "＝1+1",
    "full-width at": "＠SUM(1)",
    "full-width plus": "＋1+1",
    "full-width minus": "－1+1",
    "behind an invisible blank": "\u200b=1+1",
    "behind a byte order mark": "\ufeff=1+1",
    "a percent formula": "%0A=1+1",
    "a number that is none": "-1+1",
    "a very long one": "=" + "1+" * 4_000 + "1",
}


def recipes() -> Iterator[Hostile]:
    for name, payload in PAYLOADS.items():
        rows = [["kode", "nama", "jumlah"], ["11", payload, "1"], ["12", "Arjasari", payload], [payload, "a", "2"]]
        header = [[payload, "nama", "jumlah"], ["11", "Cileunyi", "1"], ["12", "Arjasari", "2"]]
        yield of_bytes(f"formula in a cell: {name}", as_csv(rows))
        yield of_bytes(f"formula in the header: {name}", as_csv(header))
        yield _workbook(f"formula in a workbook: {name}", rows)


def as_csv(rows: list[list[str]]) -> str:
    """The rows as RFC 4180 has them."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _workbook(identity: str, rows: list[list[str]]) -> Hostile:
    def write(path: Path, _bait: Bait) -> None:
        write_xlsx(path, {"Data": sheet_xml(rows)})

    return Hostile(identity, write, "tabel.xlsx")
