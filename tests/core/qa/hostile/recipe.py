"""A hostile input: a name, how its file is written, and which answers are right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.core.qa.hostile import recipes as folder


@dataclass(frozen=True)
class Bait:
    """What a hostile file tries to reach: a file it has no business with, an address somebody listens on."""

    file: Path
    url: str


@dataclass(frozen=True)
class Hostile:
    """``write`` makes the file. ``name`` is what the uploader called it. ``answers``: the codes of
    :data:`ckanext.satudata.core.qa.table.unreadable.WHY` of which one must come, ``""`` for a report; empty: any answer
    in words. ``heavy``: takes long to make or to read, left out of daily runs."""

    id: str
    write: Callable[[Path, Bait], None]
    name: str = "tabel.csv"
    answers: frozenset[str] = field(default_factory=frozenset[str])
    heavy: bool = False


def of_bytes(
    identity: str, content: bytes | str, *answers: str, name: str = "tabel.csv", heavy: bool = False
) -> Hostile:
    """A small input that is simply these bytes; ``<<file>>`` and ``<<url>>`` become the bait."""
    data = content.encode() if isinstance(content, str) else content

    def write(path: Path, bait: Bait) -> None:
        path.write_bytes(baited(data, bait))

    return Hostile(identity, write, name, frozenset(answers), heavy)


def of_parts(identity: str, parts: Callable[[], Iterable[bytes]], *answers: str, name: str = "tabel.csv") -> Hostile:
    """A large input that is written part by part, for long runs."""

    def write(path: Path, _bait: Bait) -> None:
        with path.open("wb") as file:
            file.writelines(parts())

    return Hostile(identity, write, name, frozenset(answers), heavy=True)


def baited(data: bytes, bait: Bait) -> bytes:
    """``data`` with the places of the bait filled in."""
    return data.replace(b"<<file>>", str(bait.file).encode()).replace(b"<<url>>", bait.url.encode())


def all_recipes() -> list[Hostile]:
    """Those of every module below ``recipes``, in the order of their ids, which are unique."""
    found: dict[str, Hostile] = {}
    for hostile in _found():
        assert hostile.id not in found, f"two recipes are called {hostile.id}"
        found[hostile.id] = hostile
    return [found[key] for key in sorted(found)]


def _found() -> Iterator[Hostile]:
    for module in iter_modules(folder.__path__):
        yield from import_module(f"{folder.__name__}.{module.name}").recipes()
