"""Which files are judged: those that are named, those in named folders, those of a Data Package."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.satudata.core.qa.command.refusal import Refusal
from ckanext.satudata.core.qa.export.harmless import visible
from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.dictionary import Column

# What is looked for in a folder; a file that is named is judged whatever it is called.
ENDINGS = frozenset(
    (
        ".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".geojson", ".zip",
        ".gz",
    )
)  # fmt: skip
PACKAGE = "datapackage.json"

_NO_TABLE_ENDING = Text("bukan tabel", "no table")
_HIDDEN = Text("file sementara atau tersembunyi", "temporary or hidden file")
_FOLDER_EMPTY = Text(
    "Tidak ada tabel di {folder}. Yang dicari: {endings}.", "There is no table in {folder}. Looked for: {endings}."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file to judge: what it is called in the report, and the dictionary that came along with it."""

    path: Path
    name: str
    columns: tuple[Column, ...] | None = None


@dataclass
class Selection:
    """The files in the order in which they were named, each once, and what was passed over, with the reason."""

    files: list[Chosen] = field(default_factory=list[Chosen])
    skipped: list[tuple[str, Text]] = field(default_factory=list[tuple[str, Text]])

    def add(self, chosen: Chosen) -> None:
        """One more file; the same file again is the same work."""
        place = chosen.path.absolute()
        if all(there.path.absolute() != place for there in self.files):
            # Half a character in a name could not be written anywhere.
            self.files.append(replace(chosen, name=visible(chosen.name)))


def select(named: Sequence[Path]) -> Selection:
    """Everything to judge. Raises :class:`Refusal` for a folder without a table and for a Data Package that cannot be
    understood.
    """
    selection = Selection()
    for path in named:
        if _is_folder(path):
            if not _folder(path, selection):
                raise Refusal(_FOLDER_EMPTY, folder=path, endings=" ".join(sorted(ENDINGS)))
        elif path.name.lower() == PACKAGE:
            _package(path, "", selection)
        else:
            selection.add(Chosen(path, path.name))
    return selection


def _is_folder(path: Path) -> bool:
    """What cannot be looked at is told when it is read."""
    with suppress(OSError):
        return path.is_dir()
    return False


def _folder(folder: Path, selection: Selection) -> bool:
    """Add what is in it; whether there was a table at all."""
    found = False
    for inside, files in _walk(folder):
        if PACKAGE in files:
            _package(inside / PACKAGE, _prefix(inside, folder), selection)
            found = True
        for name in files:
            if name == PACKAGE:
                continue
            path = inside / name
            shown = path.relative_to(folder).as_posix()
            if name.startswith((".", "~$")):
                selection.skipped.append((shown, _HIDDEN))
            elif path.suffix.lower() not in ENDINGS:
                selection.skipped.append((shown, _NO_TABLE_ENDING))
            else:
                selection.add(Chosen(path, shown))
                found = True
    return found


def _walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Folder by folder, in the order of names; hidden folders and links to folders are not entered."""
    for inside, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(inside), sorted(files)


def _prefix(inside: Path, folder: Path) -> str:
    relative = inside.relative_to(folder).as_posix()
    return "" if relative == "." else f"{relative}/"


def _package(path: Path, prefix: str, selection: Selection) -> None:
    from ckanext.satudata.core.qa.command.package import read_package

    package = read_package(path)
    for chosen in package.files:
        selection.add(Chosen(chosen.path, prefix + chosen.name, chosen.columns))
    selection.skipped += [(prefix + name, why) for name, why in package.skipped]


def skipped_words(skipped: Iterable[tuple[str, Text]], language: str, shown: int = 5) -> list[str]:
    """One line for each reason: how many files, and the first of them by name."""
    by_reason: dict[Text, list[str]] = {}
    for name, why in skipped:
        by_reason.setdefault(why, []).append(name)
    said: list[str] = []
    for why, names in by_reason.items():
        more = ", …" if len(names) > shown else ""
        words = Text("Dilewati ({why}): {count} – {names}", "Passed over ({why}): {count} – {names}")
        listed = visible(", ".join(names[:shown])) + more
        said.append(words.render(language, why=why, count=len(names), names=listed))
    return said
