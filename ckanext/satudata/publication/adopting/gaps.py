"""What a dataset lacks for a submission, as a work list of its office. Nothing is filled in for anybody."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import rulebook, spreadsheets
from ckanext.satudata.core.metadata.completeness import check
from ckanext.satudata.core.metadata.form import Form, read_form
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication.adopting.reading import Office, Row

NO_FILE = Text("Belum ada file.", "There is no file yet.")
LINK = Text("“{name}” hanya tautan; unggah filenya.", "“{name}” is only a link; upload the file.")
NO_DICTIONARY = Text("Kamus data “{name}” belum ada.", "“{name}” has no data dictionary.")
FILES = Text("Berkas", "Files")
HEADS = (
    Text("organisasi", "organization"),
    Text("dataset", "dataset"),
    Text("judul", "title"),
    Text("keadaan", "state"),
    Text("status_lama", "former_status"),
    Text("bagian", "section"),
    Text("isian", "field"),
    Text("kekurangan", "gap"),
    Text("alamat", "address"),
)
PUBLIC = Text("publik, belum diverifikasi", "public, not verified yet")
CLOSED = Text("tertutup", "closed")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: in which section, at which field, in words."""

    section: str
    field: str
    text: str


def of_row(row: Row, language: str) -> Iterator[Gap]:
    """Everything that would hold up a submission of this dataset (Perpres 39/2019 Pasal 4 to 9)."""
    form = _form(row.type)
    if form is None:
        return
    for problem in check(form, row.values, rulebook.lists()).problems:
        section = form.section(problem.field.section)
        title = section.title.render(language) if section else ""
        yield Gap(title, problem.field.label.render(language), problem.reason.render(language))
    yield from _files(row, language)


def _files(row: Row, language: str) -> Iterator[Gap]:
    section = FILES.render(language)
    if not row.resources:
        yield Gap(section, "", NO_FILE.render(language))
    for resource in row.resources:
        name = str(resource.get("name") or resource.get("url") or "")
        if resource.get("url_type") != "upload":
            yield Gap(section, name, LINK.render(language, name=name))
        elif not resource.get("kamus_data"):
            yield Gap(section, name, NO_DICTIONARY.render(language, name=name))


@lru_cache(maxsize=16)
def _form(dataset_type: str) -> Form | None:
    schema = tk.h.scheming_get_dataset_schema(dataset_type)
    return read_form(schema) if schema is not None and schema.get("sections") else None


class WorkList:
    """The work list of one office, as CSV that Excel in Indonesia opens; it is there when it is whole."""

    def __init__(self, folder: Path, office: Office, language: str) -> None:
        self.path = folder / f"{office.name or 'tanpa-organisasi'}.csv"
        self._passing = self.path.with_suffix(".csv~")
        self._office, self._language = office, language
        self._site = str(tk.config.get("ckan.site_url") or "").rstrip("/")
        self._rows = 0

    def __enter__(self) -> WorkList:
        self._file = self._passing.open("w", encoding="utf-8", newline="")
        self._file.write(spreadsheets.MARK)
        self._writer = csv.writer(self._file, delimiter=";", lineterminator="\r\n")
        self._writer.writerow([head.render(self._language) for head in HEADS])
        return self

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        self._file.close()
        if kind is None and self._rows:
            self._passing.replace(self.path)
        else:
            self._passing.unlink()

    def add(self, row: Row, found: list[Gap], *, public: bool) -> None:
        """The lines of one dataset; a dataset without a gap has none."""
        state = (PUBLIC if public else CLOSED).render(self._language)
        left = ", ".join(one.render(self._language) for one in row.left)
        before = (self._office.title, row.name, row.title, state, left)
        for gap in found:
            cells = (*before, gap.section, gap.field, gap.text, f"{self._site}/dataset/{row.name}")
            self._writer.writerow([spreadsheets.cell(one) for one in cells])
            self._rows += 1
