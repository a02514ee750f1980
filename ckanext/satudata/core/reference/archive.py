"""The CSV tables inside whatever a list arrives in: a file, a folder, a wheel or other zip, an npm or other tarball.

Archives are read, never unpacked to disk, and never run; what would grow beyond a bound is refused.
"""

from __future__ import annotations

import gzip
import json
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path, PurePosixPath
from typing import Any, cast

MOST_BYTES = 400 * 1024 * 1024
MOST_MEMBERS = 20_000
_TABLES = (".csv", ".csv.gz")
_LICENCES = ("license", "license.md", "license.txt", "licence", "licence.md", "licence.txt", "copying")


class UnreadableSourceError(ValueError):
    """A path that holds no list; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a source: its path inside, and its bytes (unpacked if it was a ``.gz``)."""

    path: PurePosixPath
    content: bytes

    @property
    def stem(self) -> str:
        """The name without folder and endings: ``villages_11`` for ``data/villages/villages_11.csv.gz``."""
        return self.path.name.split(".", 1)[0].lower()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a list comes from, for the attribution its licence asks for."""

    name: str
    version: str
    licence: str

    def attribution(self) -> str:
        """One line, such as ``idn-area-data 4.0.1, ODbL 1.0 (data), MIT (code)``."""
        title = f"{self.name} {self.version}".strip()
        return f"{title}, {self.licence}" if self.licence else title


def tables(path: Path) -> tuple[list[Member], Origin]:
    """All CSV tables of a source in the order of their paths, and its origin.

    Raises :class:`UnreadableSourceError` if there is none, or it is broken, or it is too large.
    """
    try:
        members = list(_bounded(_members(path)))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        raise UnreadableSourceError(f"{path}: cannot be read ({error})") from error
    found = sorted((member for member in members if _is_table(member.path)), key=lambda member: str(member.path))
    if not found:
        raise UnreadableSourceError(f"{path}: no CSV file in it")
    return found, _origin(path, members)


def _members(path: Path) -> Iterator[Member]:
    if not path.exists():
        raise UnreadableSourceError(f"{path}: there is no such file or folder")
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and _is_wanted(PurePosixPath(file.name)):
                yield _member(PurePosixPath(file.relative_to(path).as_posix()), file.read_bytes())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir() and _is_wanted(PurePosixPath(info.filename)):
                    with archive.open(info) as file:
                        yield _member(PurePosixPath(info.filename), file.read(MOST_BYTES + 1))
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for entry in archive:
                file = archive.extractfile(entry) if _is_wanted(PurePosixPath(entry.name)) else None
                if file is not None:
                    yield _member(PurePosixPath(entry.name), file.read(MOST_BYTES + 1))
    elif path.is_file() and _is_table(PurePosixPath(path.name)):
        yield _member(PurePosixPath(path.name), path.read_bytes())
    else:
        raise UnreadableSourceError(f"{path}: neither a CSV file nor a folder, wheel, zip or tarball")


def _bounded(members: Iterator[Member]) -> Iterator[Member]:
    total = 0
    for number, member in enumerate(members):
        total += len(member.content)
        if total > MOST_BYTES or number >= MOST_MEMBERS:
            raise UnreadableSourceError(f"more than {MOST_BYTES // 1024**2} MB or {MOST_MEMBERS} files inside")
        yield member


def _member(path: PurePosixPath, content: bytes) -> Member:
    if path.suffix != ".gz":
        return Member(path, content)
    # Unpacked step by step, so that a bomb stops at the bound and not at the memory.
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    unpacked = unpacker.decompress(content, MOST_BYTES + 1)
    if not unpacker.eof and len(unpacked) <= MOST_BYTES:
        raise gzip.BadGzipFile(f"{path} is cut off")
    return Member(path, unpacked)


def _is_table(path: PurePosixPath) -> bool:
    return path.name.lower().endswith(_TABLES) and not path.name.startswith(".")


def _is_wanted(path: PurePosixPath) -> bool:
    name = path.name.lower()
    return _is_table(path) or name in ("metadata", "package.json") or name in _LICENCES


def _origin(path: Path, members: list[Member]) -> Origin:
    name, version, licences = path.name, "", list[str]()
    for member in members:
        file = member.path.name.lower()
        if file == "package.json":
            card = _json(member.content)
            name, version = str(card.get("name") or name), str(card.get("version") or version)
            licences.append(str(card.get("license") or ""))
        elif file == "metadata":
            headers = Parser().parsestr(member.content.decode("utf-8", "replace"), headersonly=True)
            name, version = headers["Name"] or name, headers["Version"] or version
            licences += [headers["License-Expression"] or headers["License"] or ""]
            licences += _known_licences(member.content)
        elif file in _LICENCES:
            licences += _known_licences(member.content)
    return Origin(name, version, ", ".join(dict.fromkeys(filter(None, licences))))


def _known_licences(content: bytes) -> list[str]:
    words = content.decode("utf-8", "replace")
    known = {"MIT License": "MIT", "Open Database License": "ODbL 1.0 (data)", "CC0 1.0": "CC0 1.0"}
    return [short for long, short in known.items() if long in words]


def _json(content: bytes) -> dict[str, Any]:
    try:
        card: Any = json.loads(content)
    except ValueError:
        return {}
    return cast("dict[str, Any]", card) if isinstance(card, dict) else {}
