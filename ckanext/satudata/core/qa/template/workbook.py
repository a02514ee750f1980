"""Write the workbook of a template.

Sheets: *Data*, to be filled in; *Petunjuk* (instructions); ``_daftar``, hidden, with what the drop-down lists offer;
``_kamus``, hidden, with the data dictionary, so that it can be read back. Only *Data* is judged (see
:mod:`table.template_mark`).
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ckanext.satudata.core.qa.dictionary import Column
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.table.template_mark import cleaned, marked
from ckanext.satudata.core.qa.template import instructions
from ckanext.satudata.core.qa.template.choices import Choices, choices
from ckanext.satudata.core.qa.template.instructions import DATA_SHEET
from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from xlsxwriter import Workbook, Worksheet

INSTRUCTIONS, LISTS, DICTIONARY = "Petunjuk", "_daftar", "_kamus"
_LAST_ROW = 1_048_575
_SHADED_ROWS = 10_000  # rows in which a required cell turns yellow
_LARGEST = 999_999_999_999_999
_PROMPT, _PROMPT_TITLE = 255, 32  # letters a spreadsheet program shows
_LIST_HEAD = 3  # rows above the entries on the sheet of lists
_FORMATS = {"integer": "#,##0", "number": "General", "year": "0", "date": "yyyy-mm-dd"}
_REFUSED = Text("Isi tidak sesuai", "Not a valid entry")
_SEE = Text("Lihat lembar Petunjuk. {rule}", "See the sheet Petunjuk. {rule}")
# A template is the same file whenever it is made from the same dictionary.
_CREATED = dt.datetime(2025, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


def write_template(
    columns: Sequence[Column], lists: Lists, *, name: str, language: str = "id", regions: Sequence[str] = ()
) -> bytes:
    """The template for tables of ``columns`` as an XLSX file.

    ``name`` is what the table is called; ``regions``: codes of the area the data cover, which shorten lists of regions.
    Raises ``ValueError`` for no columns at all: there is nothing to fill in.
    """
    if not columns:
        raise ValueError("a template needs columns")
    import xlsxwriter

    offers = [choices(column, lists, regions) for column in columns]
    target = io.BytesIO()
    # Nothing a person wrote becomes a formula or a link.
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, plain) as book:
        book.set_properties({"title": cleaned(name)[:200], "created": _CREATED})
        data, guide = book.add_worksheet(DATA_SHEET), book.add_worksheet(INSTRUCTIONS)
        sources = _write_lists(book, offers)
        _write_data(book, data, columns, offers, sources, language)
        _write_guide(book, guide, instructions.instruction_rows(name, columns, offers, language), len(columns))
        _write_dictionary(book, columns)
        data.activate()
    return target.getvalue()


def _write_data(
    book: Workbook,
    sheet: Worksheet,
    columns: Sequence[Column],
    offers: Sequence[Choices | None],
    sources: Mapping[Choices, str],
    language: str,
) -> None:
    heads = {
        needed: book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "border": 1,
                "bg_color": "#FFF2CC" if needed else "#E7ECF3",
            }
        )
        for needed in (True, False)
    }
    kinds = {kind: book.add_format({"num_format": _FORMATS.get(kind, "@")}) for kind in ("text", *_FORMATS)}
    yellow = book.add_format({"bg_color": "#FFE699"})
    last = _letters(len(columns) - 1)
    for place, (column, offer) in enumerate(zip(columns, offers, strict=True)):
        needed = column.required or column.key
        sheet.set_column(place, place, max(12, min(40, len(column.name) + 4)), kinds[_format_of(column, offer)])
        sheet.write_string(0, place, cleaned(column.name), heads[needed])
        sheet.data_validation(1, place, _LAST_ROW, place, _validation(column, offer, sources, language))
        if needed:
            here = _letters(place)
            formula = f"=AND(COUNTA($A2:${last}2)>0,LEN(TRIM(${here}2))=0)"
            rule: dict[str, Any] = {"type": "formula", "criteria": formula, "format": yellow}
            sheet.conditional_format(1, place, _SHADED_ROWS, place, rule)
    sheet.freeze_panes(1, 0)


def _format_of(column: Column, offer: Choices | None) -> str:
    """Codes and everything that is chosen are text, so that no zero in front is lost."""
    if offer is not None and offer.offered and column.type not in _FORMATS:
        return "text"
    return column.type if column.type in _FORMATS else "text"


def _validation(column: Column, offer: Choices | None, sources: Mapping[Choices, str], language: str) -> dict[str, Any]:
    said = instructions.prompt(column, offer, language)
    refusal = _SEE.render(language, rule=instructions.rules(column, language))
    shown = {
        "input_title": _short(column.name, _PROMPT_TITLE),
        "input_message": _short(said, _PROMPT),
        "error_title": _REFUSED.render(language),
        "error_message": _short(refusal, _PROMPT),
        "ignore_blank": not (column.required or column.key),
    }
    return {**shown, **_rule(column, offer, sources)}


def _rule(column: Column, offer: Choices | None, sources: Mapping[Choices, str]) -> dict[str, Any]:
    # A mark for "no value" is none of the type: then a program asks, and does not refuse.
    severity = {"error_type": "warning" if column.missing else "stop"}
    if offer is not None and offer.offered:
        return {"validate": "list", "source": sources[offer], **severity}
    if column.type in ("integer", "year"):
        least, most = (1900, 2099) if column.type == "year" else (-_LARGEST, _LARGEST)
        return {"validate": "integer", "criteria": "between", **_bounds(column, least, most), **severity}
    if column.type == "number":
        return {"validate": "decimal", "criteria": "between", **_bounds(column, -_LARGEST, _LARGEST), **severity}
    if column.type == "date":
        days = {"minimum": dt.date(1900, 1, 1), "maximum": dt.date(2999, 12, 31)}
        return {"validate": "date", "criteria": "between", **days, **severity}
    return {"validate": "any"}


def _bounds(column: Column, least: float, most: float) -> dict[str, float]:
    return {
        "minimum": least if column.minimum is None else max(least, column.minimum),
        "maximum": most if column.maximum is None else min(most, column.maximum),
    }


def _write_guide(book: Workbook, sheet: Worksheet, rows: list[list[str]], columns: int) -> None:
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True, "bg_color": "#E7ECF3"})
    large = book.add_format({"bold": True, "font_size": 14})
    small = book.add_format({"font_size": 8, "font_color": "#7F7F7F"})
    wrapped = book.add_format({"valign": "top", "text_wrap": True})
    written = marked(rows)
    head = next(number for number, row in enumerate(written) if len(row) > 1)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 7, 28)
    for number, row in enumerate(written):
        look = {0: large, 1: small, head: bold, head + columns + 2: large, head + columns + 3: bold}.get(number)
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, cell, look or (wrapped if len(row) > 1 else None))


def _write_lists(book: Workbook, offers: Sequence[Choices | None]) -> dict[Choices, str]:
    """Write what can be chosen; returns where each of the choices stands, as a range."""
    kept = list(dict.fromkeys(offer for offer in offers if offer is not None and offer.offered))
    if not kept:
        return {}
    height = max(len(offer.offered) for offer in kept)
    rows: list[list[str]] = [[""] * (2 * len(kept)) for _ in range(height + _LIST_HEAD - 1)]
    sources: dict[Choices, str] = {}
    for number, offer in enumerate(kept):
        left = 2 * number
        rows[1][left : left + 2] = [offer.title, offer.edition]
        for place, value in enumerate(offer.offered, start=_LIST_HEAD - 1):
            rows[place][left] = value
        for place, value in enumerate(offer.beside, start=_LIST_HEAD - 1):
            rows[place][left + 1] = value
        letter = _letters(left)
        sources[offer] = f"='{LISTS}'!${letter}${_LIST_HEAD + 1}:${letter}${_LIST_HEAD + len(offer.offered)}"
    rows[0][0] = LISTS
    _write_hidden(book, LISTS, rows).hide()
    return sources


def _write_dictionary(book: Workbook, columns: Sequence[Column]) -> None:
    written = [column.to_dict() for column in columns]
    keys = list(dict.fromkeys(key for row in written for key in row))
    rows = [[DICTIONARY], keys, *([_as_text(row.get(key)) for key in keys] for row in written)]
    _write_hidden(book, DICTIONARY, rows).very_hidden()


def _as_text(value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _write_hidden(book: Workbook, name: str, rows: list[list[str]]) -> Worksheet:
    sheet = book.add_worksheet(name)
    text = book.add_format({"num_format": "@"})
    for number, row in enumerate(marked(rows)):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, cell, text)
    return sheet


def _letters(column: int) -> str:
    """``0`` → ``A``, ``26`` → ``AA``."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _short(text: str, most: int) -> str:
    plain = cleaned(text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
