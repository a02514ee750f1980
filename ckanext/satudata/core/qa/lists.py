"""Reference lists as the checks see them: read when first asked for, several editions side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ckanext.satudata.core.reference.codelist import CodeList, code_list

REGIONS = "wilayah_kemendagri"
REGIONS_BPS = "wilayah_bps"
_PEEK = 2048


class ListError(ValueError):
    """A file that is no reference list."""


class _Shelf:
    """One list that is read when somebody opens it."""

    def __init__(self, key: str, edition: str, read: Callable[[], CodeList]) -> None:
        self.key = key
        self.edition = edition
        self._read = read
        self.list: CodeList | None = None

    def open(self) -> CodeList:
        if self.list is None:
            self.list = self._read()
        return self.list


class Lists:
    """Lists by key; the first one given for a key counts unless an edition is named."""

    def __init__(self, lists: Iterable[CodeList] = ()) -> None:
        self._shelves = [_Shelf(known.key, known.edition, lambda known=known: known) for known in lists]

    def get(self, key: str | None, edition: str | None = None) -> CodeList | None:
        """The list, or ``None`` when it is not there; where the edition is not there, the first of the key."""
        shelves = [shelf for shelf in self._shelves if shelf.key == key]
        named = [shelf for shelf in shelves if edition and shelf.edition == edition]
        chosen = (named or shelves)[:1]
        return chosen[0].open() if chosen else None

    def used(self) -> list[dict[str, Any]]:
        """The lists that were opened, for the report: ``[{key, title, edition, entries}]``."""
        opened = [shelf.list for shelf in self._shelves if shelf.list is not None]
        return [
            {"key": known.key, "title": known.title, "edition": known.edition, "entries": len(known)}
            for known in opened
        ]

    def add_file(self, path: Path, key: str | None = None, edition: str = "") -> None:
        """Add a JSON file as the reference slice writes it; or any file, folder, wheel or tarball the importer reads,
        as list ``key`` (default: the file's name for CSV, the Kemendagri regions for packages).

        Raises :class:`ListError`.
        """
        if path.suffix.lower() == ".json":
            key, edition = _peek(path)
            self._shelves.append(_Shelf(key, edition, lambda: _read_json(path)))
            return
        key = key or (path.stem if path.suffix.lower() == ".csv" else REGIONS)
        self._shelves.append(_Shelf(key, edition, lambda: import_list(path, key, edition)))

    def add_folder(self, folder: Path) -> None:
        """Add every JSON list of a folder (the cache of the command line)."""
        for path in sorted(folder.glob("*.json"), reverse=True):
            self.add_file(path)

    def add_rulebook(self, rulebook: Path) -> None:
        """Add the lists that ship as data: ``reference/<key>.csv`` with ``<key>.yaml`` beside it."""
        from ckanext.satudata.core.reference.rulebook import load_list

        for card in sorted((rulebook / "reference").glob("*.yaml")):
            table = card.with_suffix(".csv")
            self._shelves.append(_Shelf(card.stem, "", lambda table=table, card=card: load_list(table, card)))

    @classmethod
    def from_files(cls, paths: Iterable[Path]) -> Lists:
        """Lists from files, in the order in which they count."""
        lists = cls()
        for path in paths:
            lists.add_file(path)
        return lists


def import_list(path: Path, key: str, edition: str = "") -> CodeList:
    """Read any source the importer knows; raises :class:`ListError` with its first complaint."""
    from ckanext.satudata.core.reference.archive import UnreadableSourceError
    from ckanext.satudata.core.reference.importer import read_list

    try:
        reading = read_list(path, key, edition)
    except (UnreadableSourceError, OSError, ValueError) as error:
        raise ListError(f"{path.name}: {error}") from error
    if reading.errors:
        raise ListError(f"{path.name}: {reading.errors[0]}")
    return code_list(key, _TITLES.get(key, key.replace("_", " ")), edition, reading.entries)


_TITLES = {
    REGIONS: "Kode wilayah Kemendagri",
    REGIONS_BPS: "Kode wilayah BPS",
}


def _peek(path: Path) -> tuple[str, str]:
    """Key and edition stand at the beginning of the file; reading 80,000 villages to learn them would be a waste."""
    try:
        with path.open(encoding="utf-8") as file:
            start = file.read(_PEEK)
    except (OSError, UnicodeDecodeError) as error:
        raise ListError(f"{path.name}: {error}") from error
    key, edition = (re.search(rf'"{name}"\s*:\s*("(?:[^"\\]|\\.)*")', start) for name in ("key", "edition"))
    if key is None or edition is None:
        known = _read_json(path)
        return known.key, known.edition
    return str(json.loads(key.group(1))), str(json.loads(edition.group(1)))


def _read_json(path: Path) -> CodeList:
    try:
        return CodeList.from_dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ListError(f"{path.name}: {error}") from error
