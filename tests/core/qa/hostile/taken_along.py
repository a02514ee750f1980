"""What holds for a report that is taken along, whatever its file was: every form can be read, nothing in it runs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from ckanext.satudata.core.qa.export.findings_csv import MARK, findings_csv
from ckanext.satudata.core.qa.export.frictionless_report import descriptor
from ckanext.satudata.core.qa.export.junit import junit
from ckanext.satudata.core.qa.export.report_json import document
from ckanext.satudata.core.qa.export.workbook import Bounds, write_workbook
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.window import around

# A few cells and comments are as good as many.
_BOUNDS = Bounds(cells=5_000, comments=50)
_RUNS = re.compile(r"<f[ >]|TargetMode=\"External\"|oleObject|vbaProject|externalLink")


def broken_exports(report: Report, cells: Path, is_formula: Callable[[str], bool]) -> Iterator[str]:
    """Which of the forms breaks, or would run something."""
    lines = csv.reader(io.StringIO(findings_csv([report]).removeprefix(MARK), newline=""))
    armed = [cell for line in lines for cell in line if is_formula(cell)]
    yield from (f"a formula in the CSV of findings: {cell[:80]!r}" for cell in armed[:3])
    ElementTree.fromstring(junit([report]).encode("utf-8"))
    for plain in (document(report), _frictionless(report, cells)):
        if json.loads(json.dumps(plain, ensure_ascii=False).encode("utf-8")) != plain:
            yield "a form in JSON is not read back as it was written"
    yield from _workbook(report, cells)


def _frictionless(report: Report, cells: Path) -> dict[str, object]:
    index = report.outputs.get("cells")
    if index is None:
        return descriptor([report])
    return descriptor([report], cells=lambda rows: dict(around(cells, index, rows, 0, len(rows))))


def _workbook(report: Report, cells: Path) -> Iterator[str]:
    target = io.BytesIO()
    write_workbook(report, target, cells=cells if cells.exists() else None, bounds=_BOUNDS)
    with ZipFile(target) as inside:
        for name in inside.namelist():
            text = inside.read(name)
            ElementTree.fromstring(text)
            if found := _RUNS.search(text.decode("utf-8")):
                yield f"{name} of the workbook holds {found[0]}"
