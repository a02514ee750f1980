"""The files of the rulebooks that say how work goes: procedures, and the rules that choose among them.

The region's own folder comes first, then other extensions', then ours. A file is read again when it changed; nothing
has to be restarted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ckanext.satudata.bridge import contributions
from ckanext.satudata.core.workflow import loader
from ckanext.satudata.core.workflow.loader.values import is_name
from ckanext.satudata.core.workflow.selection import Selection
from ckanext.satudata.core.workflow.selection import load as load_selection

T = TypeVar("T")

Stamp = tuple[int, int] | None  # of a file: when it was changed and its size; None: it is not there
SELECTION = "selection.yaml"


class _Remembered:
    """What was made from files, as long as each of them is as it was."""

    def __init__(self) -> None:
        self.made: dict[object, tuple[dict[Path, Stamp], object]] = {}

    def get(self, key: object, make: Callable[[dict[Path, Stamp]], T]) -> T:
        """What ``make`` gives; it writes down every path it looked at."""
        known = self.made.get(key)
        if known is not None and all(_stamp(path) == stamp for path, stamp in known[0].items()):
            return known[1]  # pyright: ignore[reportReturnType]
        looked_at: dict[Path, Stamp] = {}
        made = make(looked_at)
        self.made[key] = (looked_at, made)
        return made


_texts = _Remembered()


def folders() -> tuple[Path, ...]:
    """The rulebooks, the region's own first."""
    return tuple(Path(folder) for folder in contributions.rulebooks())


def keys() -> list[str]:
    """Every procedure some rulebook has, by its file's name."""
    return sorted({path.stem for folder in folders() for path in (folder / "workflows").glob("*.yaml")})


def text_of(key: str) -> str:
    """The YAML of a procedure, with what it extends written out.

    ``LookupError`` when no rulebook has it, :class:`loader.DefinitionError` when what it extends cannot be read.
    """
    places = tuple(folder / "workflows" for folder in folders())

    def make(looked_at: dict[Path, Stamp]) -> str:
        def fetch(name: str, /) -> str:
            return _first([place / f"{name}.yaml" for place in places] if is_name(name) else [], looked_at, name)

        return loader.flatten(fetch(key), fetch)

    return _texts.get((key, places), make)


def selection() -> Selection:
    """The rules; of the first rulebook that has some file of them. :class:`loader.DefinitionError` for a wrong one."""
    paths = tuple(folder / SELECTION for folder in folders())

    def make(looked_at: dict[Path, Stamp]) -> Selection:
        return load_selection(_first(list(paths), looked_at, SELECTION))

    return _texts.get(paths, make)


def selection_path() -> Path | None:
    """The file the rules are read from."""
    return next((folder / SELECTION for folder in folders() if (folder / SELECTION).is_file()), None)


def _first(paths: list[Path], looked_at: dict[Path, Stamp], name: str) -> str:
    for path in paths:
        looked_at[path] = _stamp(path)
        if looked_at[path] is not None:
            return path.read_text("utf-8")
    raise LookupError(f"no rulebook has {name}")


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
