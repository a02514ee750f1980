"""Where the reports of a command go: the screen, a file, or a folder of workbooks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ckanext.satudata.core.qa.command.refusal import Refusal
from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.command.selection import Chosen
    from ckanext.satudata.core.qa.report import Report

FORMATS = ("text", "json", "junit", "xlsx", "csv", "frictionless")

_WHERE = Text(
    "Tulis di mana buku kerja disimpan: --output laporan.xlsx, atau --output FOLDER untuk beberapa file.",
    "Say where the workbook is kept: --output report.xlsx, or --output FOLDER for several files.",
)
_NO_FOLDER = Text("Folder {folder} tidak ada.", "There is no folder {folder}.")
_IS_FOLDER = Text("{path} adalah folder. Tulis nama filenya.", "{path} is a folder. Name a file.")
_IS_FILE = Text(
    "{path} adalah file. Untuk beberapa file diperlukan folder.", "{path} is a file. Several files want a folder."
)
_ITSELF = Text(
    "--output {path} adalah file yang diperiksa; ia akan tertimpa.",
    "--output {path} is a file to check; it would be overwritten.",
)
CANNOT_WRITE = Text("{path} tidak dapat ditulis: {why}.", "{path} cannot be written: {why}.")


class Output:
    """The place of the reports, looked at before anything is judged; raises :class:`Refusal` for a wrong one."""

    def __init__(self, form: str, target: Path | None, files: Sequence[Chosen]) -> None:
        self.form = form
        self.target = target if target is None or str(target) != "-" else None
        self._files = files
        self._held = ExitStack()
        try:
            self._folder = self._is_folder()
            self._look()
        except OSError as error:
            raise Refusal(CANNOT_WRITE, path=self.target, why=error.strerror or type(error).__name__) from error

    def _is_folder(self) -> bool:
        return self.form == "xlsx" and (len(self._files) > 1 or (self.target is not None and self.target.is_dir()))

    def _look(self) -> None:
        path = self.target
        if path is None:
            if self.form == "xlsx":
                raise Refusal(_WHERE)
            return
        if any(path.absolute() == chosen.path.absolute() for chosen in self._files):
            raise Refusal(_ITSELF, path=path)
        if self._folder:
            if path.exists() and not path.is_dir():
                raise Refusal(_IS_FILE, path=path)
        elif path.is_dir():
            raise Refusal(_IS_FOLDER, path=path)
        if not path.parent.is_dir():
            raise Refusal(_NO_FOLDER, folder=path.parent)

    def cells(self) -> list[str | None]:
        """For each file where its judged cells are left until the workbook is written."""
        if self.form != "xlsx":
            return [None] * len(self._files)
        folder = Path(self._held.enter_context(TemporaryDirectory(prefix="satudata-")))
        return [str(folder / f"{number}.csv") for number in range(len(self._files))]

    def close(self) -> None:
        """Forget the judged cells."""
        self._held.close()

    def workbooks(self, reports: Sequence[Report], cells: Sequence[str | None], language: str, now: str) -> list[Path]:
        """Write one workbook for each file; their places."""
        from ckanext.satudata.core.qa.export.workbook import Bounds, write_workbook

        assert self.target is not None
        if self._folder:
            self.target.mkdir(exist_ok=True)
        places = _places(self.target, self._files) if self._folder else [self.target]
        for report, kept, place in zip(reports, cells, places, strict=True):
            beside = place.with_name(f".{place.name}.part")
            there = Path(kept) if kept is not None and Path(kept).exists() else None
            # Nobody waits for an answer here; a laptop takes a larger workbook than a web page.
            bounds = Bounds(cells=1_000_000)
            write_workbook(report, beside, cells=there, language=language, checked_at=now, bounds=bounds)
            beside.replace(place)
        return places

    def write(self, text: str) -> None:
        """Put a text in its file, whole or not at all."""
        assert self.target is not None
        beside = self.target.with_name(f".{self.target.name}.part")
        beside.write_text(text, "utf-8", newline="")
        beside.replace(self.target)


def document(form: str, reports: Sequence[Report], language: str, threshold: str, now: str) -> str:
    """The reports as one text in ``json``, ``junit``, ``csv`` or ``frictionless``."""
    if form == "json":
        from ckanext.satudata.core.qa.export.report_json import document as published

        data = [published(report, language, checked_at=now) for report in reports]
        return json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"
    if form == "frictionless":
        from ckanext.satudata.core.qa.export.frictionless_report import descriptor

        return json.dumps(descriptor(reports, language), ensure_ascii=False, indent=2, default=str) + "\n"
    if form == "junit":
        from ckanext.satudata.core.qa.export.junit import junit

        return junit(reports, language, threshold=threshold)
    from ckanext.satudata.core.qa.export.findings_csv import findings_csv

    return findings_csv(reports, language)


def _places(folder: Path, files: Sequence[Chosen]) -> list[Path]:
    taken: set[str] = set()
    places: list[Path] = []
    for chosen in files:
        base = "laporan-" + (re.sub(r"[^\w.-]+", "-", chosen.name).strip("-.") or "file")
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.casefold())
        places.append(folder / f"{name}.xlsx")
    return places
