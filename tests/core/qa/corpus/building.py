"""From the readable source of a table to the file an office would send."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml

from tests.core.qa.xlsx import letters, write_xlsx

TABLES = Path(__file__).parent / "tables"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


def sources() -> list[Path]:
    """The truth files of all tables, by name."""
    return sorted(TABLES.glob("*.yaml"))


def build(source: Path, folder: Path) -> Path:
    """Write the table of a truth file into ``folder``; returns the file."""
    told: dict[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    if "sheets" in told:
        return _workbook(folder / f"{source.stem}.xlsx", told["sheets"])
    how: dict[str, Any] = told.get("write", {})
    text = source.with_suffix(".csv").read_text("utf-8")
    if not how.get("final_newline", True):
        text = text.removesuffix("\n")
    path = folder / f"{source.stem}.csv"
    path.write_bytes(text.replace("\n", _ENDS[how.get("line_ends", "LF")]).encode(how.get("encoding", "utf-8")))
    return path


def _workbook(path: Path, sheets: Mapping[str, Mapping[str, Any]]) -> Path:
    parts = {name: _sheet(sheet) for name, sheet in sheets.items()}
    return write_xlsx(path, parts, [name for name, sheet in sheets.items() if sheet.get("hidden")])


def _sheet(sheet: Mapping[str, Any]) -> str:
    """Cells as the README tells: ``'001`` is a text, ``=SUM(A1:A2)|3`` a formula and what it last came to."""
    rows = list(csv.reader(io.StringIO(sheet["cells"])))
    hidden: Sequence[int] = sheet.get("hidden_rows", ())
    lines = "".join(_row(number, row, number in hidden) for number, row in enumerate(rows, 1))
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.get("merged", ()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{lines}</sheetData>{f'<mergeCells>{merged}</mergeCells>' if merged else ''}</worksheet>"
    )


def _row(number: int, row: Sequence[str], hidden: bool) -> str:
    cells = "".join(_cell(f"{letters(column)}{number}", text) for column, text in enumerate(row) if text)
    return f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if hidden else ""}>{cells}</row>'


def _cell(place: str, text: str) -> str:
    if text.startswith("="):
        formula, _, value = text[1:].partition("|")
        kind = ' t="e"' if value.startswith("#") else ""
        return f'<c r="{place}"{kind}><f>{escape(formula)}</f>{f"<v>{escape(value)}</v>" if value else ""}</c>'
    if _NUMBER.fullmatch(text):
        return f'<c r="{place}"><v>{text}</v></c>'
    text = escape(text.removeprefix("'"))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
