"""The report as a workbook: the findings, the judged table with its faults coloured and explained, how to read it.

Every cell of the table is written as the text that stands in the file, never as a formula, a link or a number that the
spreadsheet would show in its own way. What does not fit within :class:`Bounds` is left out; the last sheet says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ckanext.satudata.core.qa.export import words
from ckanext.satudata.core.qa.export.explained import explanation
from ckanext.satudata.core.qa.export.harmless import is_formula, is_plain, shortened, visible
from ckanext.satudata.core.qa.export.marks import WHOLE_ROW, Mark, Marks
from ckanext.satudata.core.qa.report import Finding, Report, Sentences, row_ranges, sentences, verdict
from ckanext.satudata.core.qa.window import Line, around, window

if TYPE_CHECKING:
    from xlsxwriter import Format, Workbook, Worksheet

# What a cell and a comment of a workbook hold at most.
_CELL = 32_767
_COMMENT = 900
_RANGES_SHOWN = 30
COLOURS = {"error": "#F8D0CC", "warning": "#FCE8B2", "question": "#D3E3FD", "info": "#ECECEC"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a table is written: cells, rows, comments, and comments of one finding. Of a table beyond that an
    extract is written: up to ``extract`` of its marked rows, and ``margin`` rows around each.
    """

    cells: int = 150_000
    comments: int = 2_000
    comments_each: int = 100
    rows: int = 1_000_000
    extract: int = 2_000
    margin: int = 2


@dataclass
class Written:
    """What stands in the sheet of the table, for the sheet that explains it."""

    rows: int = 0
    of_rows: int = 0
    marked: int = 0
    comments: int = 0
    table: bool = False


def write_workbook(
    report: Report,
    target: Path | BinaryIO,
    *,
    cells: Path | None = None,
    language: str = "id",
    checked_at: str | None = None,
    bounds: Bounds | None = None,
) -> None:
    """Write ``report`` to ``target``. ``cells`` is the file ``rows.write_cells`` made of the judged table, with its
    index in ``report.outputs["cells"]``; without it there is no sheet of the table, and the last sheet says so.
    ``checked_at``: the moment of the check, as people are shown it.
    """
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(target, options)
    book.set_properties({"title": visible(str(report.file.get("name") or "")), "comments": report.rule_version})
    _Writer(book, report, language, bounds or Bounds()).write(cells, checked_at)
    book.close()


class _Writer:
    """One workbook in the making."""

    def __init__(self, book: Workbook, report: Report, language: str, bounds: Bounds) -> None:
        self._book = book
        self._report = report
        self._language = language
        self._bounds = bounds
        self._said = [sentences(finding, language) for finding in report.findings]
        self._formats: dict[tuple[Any, ...], Format] = {}
        self._written = Written()
        # Of each finding the line of its first cell in the sheet of the table.
        self._seen: dict[int, tuple[int, int]] = {}
        self._explained: dict[int, int] = {}

    def write(self, cells: Path | None, checked_at: str | None) -> None:
        """All sheets; the findings come first in the book, though what they link to is only known at the end."""
        findings = self._sheet(words.FINDINGS)
        index = self._report.outputs.get("cells")
        if cells is not None and index is not None:
            self._table(self._sheet(words.TABLE), list(self._lines(cells, index)))
        self._findings(findings)
        self._explain(self._sheet(words.HOW_TO_READ), checked_at)

    def _sheet(self, name: words.Text) -> Worksheet:
        sheet = self._book.add_worksheet(name.render(self._language))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _format(self, **wanted: Any) -> Format:
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **wanted})
        return self._formats[key]

    def _put(self, sheet: Worksheet, row: int, column: int, text: str, **wanted: Any) -> None:
        """A cell as text. An apostrophe that only the spreadsheet sees keeps it text when it is saved as another
        kind of file.
        """
        shown = shortened(visible(text), _CELL)
        if is_formula(shown):
            wanted["quote_prefix"] = True
        if shown:
            sheet.write_string(row, column, shown, self._format(**wanted))
        elif wanted:
            sheet.write_blank(row, column, None, self._format(**wanted))

    # ---------------------------------------------------------------- table

    def _lines(self, cells: Path, index: dict[str, Any]) -> Iterator[Line]:
        width = max(len(index["columns"]), 1)
        total: int = index["rows"]
        self._written.of_rows = total
        most = min(self._bounds.cells // width, self._bounds.rows)
        if total <= most:
            yield from window(cells, index, 0, total)
            return
        wanted = list(_worth(self._report, min(self._bounds.extract, most)))
        yield from around(cells, index, wanted, self._bounds.margin, most) or window(cells, index, 0, most)

    def _table(self, sheet: Worksheet, lines: list[Line]) -> None:
        marks = Marks.of(self._report)
        header = [words.ROW.render(self._language), *marks.header]
        self._head(sheet, header, [len(header[0]) + 4, *_widths(marks.header, lines)])
        sheet.freeze_panes(1, 1)
        sheet.set_comments_author("Satu Data")
        for place, (number, cells) in enumerate(lines, 1):
            self._line(sheet, place, number, cells, marks.at(number))
        if lines:
            sheet.autofilter(0, 0, len(lines), len(marks.header))
            # Numbers that are text are meant: this is what stands in the file.
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(lines) + 1}"})
        self._written.rows, self._written.table = len(lines), True

    def _head(self, sheet: Worksheet, header: Iterable[str], widths: Iterable[int]) -> None:
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for column, title in enumerate(header):
            self._put(sheet, 0, column, title, bold=True, bottom=1, text_wrap=True)

    def _line(self, sheet: Worksheet, place: int, number: int, cells: list[str], marks: dict[int, Mark]) -> None:
        whole = marks.get(WHOLE_ROW)
        sheet.write_number(place, 0, number, self._format(**_look(whole), font_color="#555555"))
        if whole is not None:
            self._mark(sheet, place, 0, number, whole)
        if not marks and is_plain(cells):
            plain = self._format()
            for column, text in enumerate(cells, 1):
                if text:
                    sheet.write_string(place, column, text, plain)
            return
        for column, text in enumerate(cells, 1):
            mark = marks.get(column - 1) if marks else None
            self._put(sheet, place, column, text, **_look(mark))
            if mark is not None:
                self._mark(sheet, place, column, number, mark)

    def _mark(self, sheet: Worksheet, place: int, column: int, number: int, mark: Mark) -> None:
        self._written.marked += 1
        for finding in mark.numbers:
            self._seen.setdefault(finding, (place, column))
        heaviest = mark.numbers[0]
        told = self._explained.get(heaviest, 0)
        if self._written.comments >= self._bounds.comments or told >= self._bounds.comments_each:
            return
        self._explained[heaviest] = told + 1
        self._written.comments += 1
        text = shortened("\n\n".join(self._comment(finding, number) for finding in mark.numbers[:3]), _COMMENT)
        height = 30 + 16 * (len(text) // 38 + text.count("\n") + 1)
        sheet.write_comment(place, column, text, {"width": 280, "height": min(height, 420), "font_size": 9})

    def _comment(self, number: int, row: int) -> str:
        """Number, problem and proposal of a finding in a row."""
        finding, said = self._report.findings[number - 1], self._said[number - 1]
        label = words.SEVERITIES[finding.severity].render(self._language)
        sample = next((one for one in finding.samples if one["row"] == row), None)
        proposal = sample["proposal"] if sample is not None else None
        last = words.PROPOSED.render(self._language, proposal=proposal) if proposal else said.mend
        return visible(f"{number}. {label}: {said.title}\n{said.problem}\n→ {last}")

    # ------------------------------------------------------------- findings

    def _findings(self, sheet: Worksheet) -> None:
        titles = (
            words.NUMBER, words.SEVERITY, words.FINDING, words.PROBLEM, words.MEND, words.SHEET, words.COLUMN,
            words.ROWS, words.COUNT, words.VALUE, words.PROPOSAL, words.CHECK,
        )  # fmt: skip
        self._head(
            sheet, (title.render(self._language) for title in titles), (8, 16, 30, 50, 50, 14, 18, 24, 9, 20, 20, 10)
        )
        sheet.freeze_panes(1, 0)
        for number, finding in enumerate(self._report.findings, 1):
            self._finding(sheet, number, finding, self._said[number - 1])
        why = self._report.why_unreadable(self._language)
        if why is not None:
            cells = ("1", words.SEVERITIES["error"].render(self._language), why[0], "", why[1])
            for column, text in enumerate(cells):
                self._put(sheet, 1, column, text, text_wrap=True)
        elif self._report.findings:
            sheet.autofilter(0, 0, len(self._report.findings), len(titles) - 1)
        else:
            self._put(sheet, 1, 2, verdict(self._report, self._language), text_wrap=True)

    def _finding(self, sheet: Worksheet, number: int, finding: Finding, said: Sentences) -> None:
        sample = finding.samples[0] if finding.samples else {}
        label = words.SEVERITIES[finding.severity].render(self._language)
        sheet.write_number(number, 0, number, self._format())
        self._put(sheet, number, 1, label, bg_color=COLOURS[finding.severity])
        for column, text in enumerate((said.title, said.problem, said.mend, finding.table, finding.column or ""), 2):
            self._put(sheet, number, column, text, text_wrap=True)
        self._place(sheet, number, row_ranges(finding.rows, self._language, _RANGES_SHOWN))
        sheet.write_number(number, 8, finding.count, self._format())
        self._put(sheet, number, 9, str(sample.get("value") or ""), text_wrap=True)
        self._put(sheet, number, 10, str(sample.get("proposal") or ""), text_wrap=True)
        self._put(sheet, number, 11, finding.check)

    def _place(self, sheet: Worksheet, number: int, text: str) -> None:
        """The rows, with a link to the first of them in the sheet of the table."""
        if number not in self._seen:
            self._put(sheet, number, 7, text, text_wrap=True)
            return
        from xlsxwriter.utility import xl_rowcol_to_cell

        there = f"internal:'{words.TABLE.render(self._language)}'!{xl_rowcol_to_cell(*self._seen[number])}"
        sheet.write_url(number, 7, there, self._format(font_color="#0B57D0", underline=1, text_wrap=True), text)

    # ---------------------------------------------------------- how to read

    def _explain(self, sheet: Worksheet, checked_at: str | None) -> None:
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 90)
        lines = explanation(self._report, self._written, self._language, checked_at)
        for row, (title, text, severity) in enumerate(lines):
            look = {"bg_color": COLOURS[severity]} if severity else {}
            self._put(sheet, row, 0, title, bold=True, text_wrap=True, **look)
            self._put(sheet, row, 1, text, text_wrap=True)


def _look(mark: Mark | None) -> dict[str, Any]:
    return {"bg_color": COLOURS[mark.severity], "bold": mark.severity == "error"} if mark is not None else {}


def _widths(header: Iterable[str], lines: list[Line]) -> Iterator[int]:
    """As wide as the header and the first rows want, within reason."""
    for place, name in enumerate(header):
        longest = max((len(cells[place]) for _row, cells in lines[:50] if place < len(cells)), default=0)
        yield max(8, min(40, max(longest, len(name)) + 2))


def _worth(report: Report, most: int) -> Iterator[int]:
    """Physical rows worth showing: of every finding the sampled ones and the beginnings of its ranges, in turns."""
    queues = [
        iter([*(sample["row"] for sample in finding.samples), *(first for first, _last in finding.rows)])
        for finding in report.findings
        if finding.rows and finding.severity != "info"
    ]
    seen: set[int] = set()
    while queues and len(seen) < most:
        for queue in list(queues):
            row = next(queue, None)
            if row is None:
                queues.remove(queue)
            elif row not in seen and len(seen) < most:
                seen.add(row)
                yield row
