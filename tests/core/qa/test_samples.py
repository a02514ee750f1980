"""Known tables: a folder with ``tables/`` and ``defects.csv``, named by ``SATUDATA_SAMPLES``.

Without it there is nothing to look at, and the test says so. With it every file gets a sensible report, no clean table
gets an error, and of the sure defects whose checks exist each is found on its very lines.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.table import read

# Kind of defect → check and variants that answer it; None: its check belongs to a later version.
ANSWERS: dict[str, tuple[str, ...] | None] = {
    "encoding_bom": ("BT-06/bom",),
    "delimiter_semicolon": ("BT-06/delimiter",),
    "line_ending_cr": ("BT-06/line_ends",),
    "no_final_newline": ("BT-06/final_newline",),
    "merged_cells": ("BT-06/merged",),
    "decimal_comma": ("IS-09/comma",),
    "total_row": ("BT-05/total", "BT-07/label", "BT-07/sum", "BT-07/parent"),
    "title_rows_before_header": ("BT-05/title", "BT-02/levels"),
    "multi_row_header": ("BT-02/levels",),
    "header_whitespace": ("BT-02/space",),
    "empty_header": ("BT-05/empty_column",),
    "dash_as_missing": ("IS-06/mark",),
    "empty_value": ("IS-06/empty",),
    "int_as_float": ("IS-07/",),
    "year_as_float": ("IS-07/",),
    "cell_whitespace": ("IS-05/ends",),
    "double_space": ("IS-05/inside",),
    "thousands_dot": ("IS-04/mixed", "IS-04/zero_lost"),
    "thousands_dot_zero_lost": ("IS-04/zero_lost",),
    "code_spaces": ("KR-04/",),
    "code_name_mismatch": ("KR-02/",),
    "code_system_conflict": ("KR-02/system",),
    "metadata_sheet": ("BT-01/sheets",),
    "unit_missing": ("SU-01/", "SU-01/sheet"),
    "year_missing": ("PR-01/", "PR-01/title"),
    "region_missing": ("KR-05/",),
    "name_no_code": ("KR-06/",),
    "name_not_admin": ("KR-07/unknown",),
    "two_code_systems": ("KR-08/both", "KR-08/unsaid"),
    "column_sorted_apart": ("KR-09/",),
    "code_format_mixed": ("KR-11/",),
    "percent_sum": ("JM-03/", "JM-03/slight"),
    "thousands_dot_as_float": ("IS-04/mixed", "IS-04/zero_lost", "IS-11/"),
}


def test_known_tables() -> None:
    folder = os.environ.get("SATUDATA_SAMPLES")
    if not folder:
        print("no folder of known tables is named in SATUDATA_SAMPLES: nothing was compared")
        return
    reports = dict(judged(Path(folder)))
    with (Path(folder) / "defects.csv").open(encoding="utf-8", newline="") as file:
        defects = list(csv.DictReader(file))
    missed: list[str] = []
    found = later = 0
    for defect in defects:
        if defect["certainty"] != "sure" or defect["type"] in ("true_negative", "sum_ok"):
            continue
        answers = ANSWERS.get(defect["type"])
        if answers is None or (answers[0].startswith("KR") and not os.environ.get("SATUDATA_REFERENCE")):
            later += 1
        elif is_found(reports[defect["file"]], answers, defect):
            found += 1
        else:
            missed.append(f"{defect['file']} {defect['type']} {defect['column']} {defect['lines'][:40]}")
    clean = {defect["file"] for defect in defects if defect["type"] == "true_negative" and not defect["column"]}
    print(f"sure defects: {found} found, {len(missed)} missed, {later} of a kind that is not checked yet")
    assert not missed, missed
    for name in clean:
        assert not reports[name].of("error", "warning"), name


def judged(folder: Path) -> Iterator[tuple[str, Report]]:
    """The report on every table of the folder."""
    lists = Lists()
    cache = os.environ.get("SATUDATA_REFERENCE")
    if cache:
        lists.add_folder(Path(cache))
    rules = checklist.load()
    for path in sorted((folder / "tables").iterdir()):
        yield path.name, judge(read(path), None, lists, rules)


def is_found(report: Report, answers: tuple[str, ...], defect: dict[str, str]) -> bool:
    """Whether findings of these kinds touch the lines the list gives, and (where one is named) that column."""
    wanted = set(lines_of(defect["lines"]))
    touched: set[int] = set()
    seen = False
    for finding in report.findings:
        if f"{finding.check}/{finding.variant}" not in answers:
            continue
        column = defect["column"].split("/")[0].split(";")[0].strip()
        if column and finding.column and finding.column.strip() != column and defect["type"] != "total_row":
            continue
        seen = True
        touched |= {row for first, last in finding.rows for row in range(first, last + 1)}
    # Facts about the whole file have no rows.
    if not seen or not wanted or not touched:
        return seen
    if defect["type"] == "code_system_conflict":  # the list counts all rows of the foreign system
        return touched <= wanted
    return wanted <= touched


def lines_of(text: str) -> Iterator[int]:
    """``2 4 7-8`` → 2, 4, 7, 8; places of another form (A1:F1) have no lines."""
    for part in text.split():
        first, _, last = part.partition("-")
        if first.isdigit():
            yield from range(int(first), int(last or first) + 1)
