"""Which data dictionary each file is judged by: one for all, one by the file's name, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.satudata.core.qa.command.refusal import Refusal
from ckanext.satudata.core.text import Text

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.command.selection import Chosen
    from ckanext.satudata.core.qa.dictionary import Column

ENDINGS = (".yaml", ".yml", ".json", ".csv")

_NO_FILE = Text(
    "Kamus data “{option}”: tidak ada file yang diperiksa bernama “{pattern}”.",
    "Data dictionary “{option}”: none of the files to check is called “{pattern}”.",
)
_NOT_THERE = Text("Kamus data {path} tidak ditemukan.", "There is no data dictionary {path}.")
_FOLDER = Text(
    "Tidak ada kamus data di {path} untuk file yang diperiksa. Nama filenya harus sama: {example}.yaml untuk "
    "{example}.csv.",
    "There is no data dictionary in {path} for the files to check. Their names must be the same: {example}.yaml for "
    "{example}.csv.",
)


def with_dictionaries(files: Sequence[Chosen], options: Iterable[str]) -> list[Chosen]:
    """The files with their columns. An option is ``PATH`` (a file for all, or a folder with one of the same name for
    each) or ``NAME=PATH``, where ``NAME`` may hold ``*``; the last one that fits counts, and all count more than what
    came with a Data Package.

    Raises :class:`Refusal` for an option that fits nothing, :class:`DictionaryError` for a dictionary that cannot be
    understood.
    """
    chosen = list(files)
    for option in options:
        pattern, path = _parts(option)
        if pattern is None and path.is_dir():
            chosen = _from_folder(chosen, path)
        else:
            chosen = _for_names(chosen, option, pattern, path)
    return chosen


def _parts(option: str) -> tuple[str | None, Path]:
    """A path may hold an equals sign itself."""
    pattern, sign, rest = option.partition("=")
    if not sign or Path(option).exists():
        return None, Path(option)
    return pattern, Path(rest)


def _for_names(files: list[Chosen], option: str, pattern: str | None, path: Path) -> list[Chosen]:
    columns = _read(path)
    fits = [pattern is None or _fits(chosen, pattern) for chosen in files]
    if not any(fits):
        raise Refusal(_NO_FILE, option=option, pattern=pattern)
    return [replace(chosen, columns=columns) if fit else chosen for chosen, fit in zip(files, fits, strict=True)]


def _fits(chosen: Chosen, pattern: str) -> bool:
    return fnmatch(chosen.name, pattern) or fnmatch(chosen.path.name, pattern) or chosen.path.stem == pattern


def _from_folder(files: list[Chosen], folder: Path) -> list[Chosen]:
    found = [_beside(folder, chosen.path.stem) for chosen in files]
    if not any(found):
        raise Refusal(_FOLDER, path=folder, example=files[0].path.stem)
    return [
        replace(chosen, columns=_read(path)) if path is not None else chosen
        for chosen, path in zip(files, found, strict=True)
    ]


def _beside(folder: Path, stem: str) -> Path | None:
    candidates = (folder / f"{stem}{ending}" for ending in ENDINGS)
    return next((path for path in candidates if path.is_file()), None)


def _read(path: Path) -> tuple[Column, ...]:
    from ckanext.satudata.core.qa.dictionary_file import read_dictionary

    if not path.exists():
        raise Refusal(_NOT_THERE, path=path)
    return tuple(read_dictionary(path))
