"""Tables in an archive: ZIP with one or several members, GZ with one; unpacked within limits, never by their names."""

from __future__ import annotations

import gzip
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from ckanext.satudata.core.qa.table.model import MB, Limits, Table
from ckanext.satudata.core.qa.table.unreadable import Unreadable

_CHUNK = 1 << 20
# Below this size the ratio does not matter: a small file of zeros is harmless.
_RATIO_FROM = 64 * MB
# What operating systems put into archives.
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)

# What a damaged archive makes the libraries say.
_DAMAGE = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, ValueError, NotImplementedError)


@dataclass
class Around:
    """The archives around a file: how many, and the bytes that may still be unpacked from all of them together."""

    left: int
    depth: int = 0


# Kind, facts and tables of one file, by its path and name.
Reader = Callable[[Path, str, Limits, Around], tuple[str, dict[str, Any], tuple[Table, ...]]]


@dataclass(frozen=True, slots=True)
class _Member:
    name: str  # for people
    packed: int
    open: Callable[[], IO[bytes]]


def read_packed(
    path: Path, name: str, kind: str, limits: Limits, around: Around, read: Reader
) -> tuple[str, dict[str, Any], tuple[Table, ...]]:
    """Every table of the archive at ``path`` (``zip`` or ``gz``).

    With a single table file inside, kind and facts are that file's. Tables of several are named after their file.
    Raises :class:`Unreadable`.
    """
    if around.depth >= limits.nesting:
        raise Unreadable("nested_archive", limit=limits.nesting)
    around.depth += 1
    try:
        return _read(path, name, kind, limits, around, read)
    finally:
        around.depth -= 1


def _read(
    path: Path, name: str, kind: str, limits: Limits, around: Around, read: Reader
) -> tuple[str, dict[str, Any], tuple[Table, ...]]:
    found: list[tuple[_Member, str, dict[str, Any], tuple[Table, ...]]] = []
    left_out: list[tuple[str, Unreadable]] = []
    with tempfile.TemporaryDirectory(prefix="satudata-") as folder, _opened(path, name, kind, limits) as members:
        for number, member in enumerate(members):
            there = Path(folder) / f"{number}"
            _unpack(member, there, around, limits)
            try:
                inner, facts, tables = read(there, member.name, limits, around)
                if _is_prose(member, inner, tables):
                    raise Unreadable("no_rows")
                found.append((member, inner, facts, tables))
            except Unreadable as unreadable:
                unreadable.parameters.setdefault("name", member.name)
                left_out.append((member.name, unreadable))
            finally:
                there.unlink(missing_ok=True)
    return _joined(kind, found, left_out)


def _joined(
    kind: str,
    found: list[tuple[_Member, str, dict[str, Any], tuple[Table, ...]]],
    left_out: list[tuple[str, Unreadable]],
) -> tuple[str, dict[str, Any], tuple[Table, ...]]:
    if not found:
        if len(left_out) == 1:
            raise left_out[0][1]
        raise Unreadable("archive", type=kind.upper())
    packed: dict[str, Any] = {
        "archive": kind.upper(),
        "members": [member.name for member, *_ in found],
        "members_without_table": [name for name, _ in left_out],
    }
    if len(found) == 1:
        _, inner, facts, tables = found[0]
        return inner, {**facts, **packed}, tables
    return kind, packed, tuple(_named(member, table) for member, _, _, tables in found for table in tables)


def _named(member: _Member, table: Table) -> Table:
    return replace(table, name=f"{member.name} › {table.name}" if table.name else member.name)


def _is_prose(member: _Member, kind: str, tables: tuple[Table, ...]) -> bool:
    """A readme is no table of one column; neither is a page of code."""
    return (
        kind == "csv"
        and not member.name.lower().endswith((".csv", ".tsv"))
        and all(len(table.columns) < 2 for table in tables)
    )


@contextmanager
def _opened(path: Path, name: str, kind: str, limits: Limits) -> Generator[list[_Member]]:
    """The members of an archive that may hold a table, as long as it is open."""
    if kind == "gz":
        inner = re.sub(r"\.(?:gz|gzip)$", "", name, flags=re.IGNORECASE)
        yield [_Member(plain_name(inner), path.stat().st_size, lambda: cast("IO[bytes]", gzip.GzipFile(path)))]
        return
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise Unreadable("broken_archive") from error
    with archive:
        yield _members(archive, limits)


def _members(archive: zipfile.ZipFile, limits: Limits) -> list[_Member]:
    members = [info for info in archive.infolist() if not info.is_dir() and not _LITTER.search(info.filename)]
    if len(members) > limits.members:
        raise Unreadable("too_many_members", members=len(members), limit=limits.members)
    if any(info.flag_bits & 0x1 for info in members):
        raise Unreadable("password")
    return [_member(archive, info) for info in members]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    return _Member(plain_name(info.filename), info.compress_size, lambda: archive.open(info))


def plain_name(name: str) -> str:
    """A member's name for people: no control characters, no marks that turn the reading direction, 120 at most."""
    shown = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    return shown.replace("\\", "/").lstrip("./")[-120:] or "?"


def _unpack(member: _Member, there: Path, around: Around, limits: Limits) -> None:
    """Unpack one member; bytes are counted as they come, because what the archive declares may be a lie."""
    total = 0
    try:
        with member.open() as stream, there.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                around.left -= len(chunk)
                too_dense = total > _RATIO_FROM and total > limits.ratio * max(member.packed, 1)
                if around.left < 0 or too_dense:
                    raise Unreadable("zip_bomb", limit_mb=limits.inflated_bytes // MB)
                file.write(chunk)
    except _DAMAGE as error:
        raise Unreadable("broken_archive") from error
