"""A judged table and the cells its check leaves, as the exports are given them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.dictionary import from_dicts
from ckanext.satudata.core.qa.engine import judge, unreadable_report
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.rows import laid_again, write_cells
from ckanext.satudata.core.qa.table import Unreadable, read
from tests.core.qa.regions import regions

# Thousands dots, a blank in a code, a wrong name, a doubled row.
FAULTY = (
    "Kode Wilayah;Wilayah;Jumlah Rumah (unit)\n32.04.16;Arjasari;1.474\n32.04.32;Baleendah;686\n"
    "32. 04. 05;Arjasari;1.128\n32.04.32;Baleendah;686\n"
)
PERSONS = "nik,nama,jumlah\n3299990101900001,Budi Santoso,3\n3299994202910002,Ani Lestari,4\n"
# What a spreadsheet, an XML reader or a terminal must not meet as it is.
EVIL = 'nama,jumlah\n"=HYPERLINK(""http://x"")",-5\n+62 812,"x;=1+1"\n@SUM(A1),\x07\u202eabc\n_x000D_,"a\nb"\n'


@dataclass(frozen=True)
class Case:
    """A report, the file it is about, and the file of its judged cells."""

    report: Report
    file: Path
    cells: Path


_FOLDER = TemporaryDirectory(prefix="satudata-export-")
_RULES = checklist.load()
_LISTS = Lists([regions()])
_LISTS.add_rulebook(checklist.RULEBOOK)
_DONE: dict[str, Case] = {}


def judged(
    content: str | bytes, name: str = "tabel.csv", dictionary: Mapping[str, dict[str, Any]] | None = None
) -> Case:
    """The content judged as a file, once for all tests that ask the same; ``dictionary``: columns by name."""
    key = repr((content, name, dictionary))
    if key not in _DONE:
        folder = Path(_FOLDER.name) / str(len(_DONE))
        folder.mkdir()
        _DONE[key] = _judged(folder / name, content, dictionary)
    return _DONE[key]


def _judged(path: Path, content: str | bytes, dictionary: Mapping[str, dict[str, Any]] | None) -> Case:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    columns = from_dicts([{"kolom": kolom, **said} for kolom, said in dictionary.items()]) if dictionary else None
    cells = path.with_name("cells")
    try:
        source = read(path)
        report = judge(source, columns, _LISTS, _RULES)
    except Unreadable as why:
        file = {"name": path.name, "size": path.stat().st_size}
        return Case(unreadable_report(why, _RULES.name, _RULES.rule_version, file), path, cells)
    index = write_cells(laid_again(report, source), cells, conceal=True)
    return Case(replace(report, outputs={"cells": index}), path, cells)
