"""One file of a command judged: in this process, or in one of those of ``processes.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.checklist import Checklist
    from ckanext.satudata.core.qa.report import Report
    from ckanext.satudata.core.qa.table.model import Source

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Setup:
    """What all files of a command have in common. ``references``: pairs of a list's key (may be empty) and its file;
    ``cache``: the folder of lists that were stored; ``today``: ISO date.
    """

    references: tuple[tuple[str, str], ...] = ()
    cache: str = ""
    checklist: str | None = None
    table: str | None = None
    today: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Setup:
        references = tuple((str(key), str(path)) for key, path in data["references"])
        return cls(references, data["cache"], data["checklist"], data["table"], data["today"])


@dataclass(frozen=True, slots=True)
class Task:
    """One file. ``dictionary``: its columns as plain data; ``cells``: where its judged cells are to be left."""

    path: str
    name: str
    dictionary: tuple[Mapping[str, Any], ...] | None = None
    cells: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "dictionary": list(self.dictionary) if self.dictionary is not None else None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Task:
        given = data["dictionary"]
        return cls(data["path"], data["name"], tuple(given) if given is not None else None, data["cells"])


class Judge:
    """Lists and rules of a command, read once for many files."""

    def __init__(self, setup: Setup) -> None:
        """Raises :class:`ListError` and :class:`ChecklistError`."""
        from ckanext.satudata.core.qa import checklist as checklists
        from ckanext.satudata.core.qa.lists import Lists

        self._setup = setup
        self._lists = Lists()
        for key, path in setup.references:
            self._lists.add_file(Path(path), key or None)
        if setup.cache and Path(setup.cache).is_dir():
            self._lists.add_folder(Path(setup.cache))
        self._lists.add_rulebook(checklists.RULEBOOK)
        self._rules = _rules(setup.checklist)

    def report(self, task: Task, progress: Progress | None = None) -> Report:
        """The report on one file, readable or not; raises :class:`ListError` for a list that turns out broken."""
        from ckanext.satudata.core.qa.about import About
        from ckanext.satudata.core.qa.dictionary import from_dicts
        from ckanext.satudata.core.qa.engine import judge, unreadable_report
        from ckanext.satudata.core.qa.table import Unreadable, read

        path = Path(task.path)
        try:
            source = read(path, name=task.name, hold=False)
            if task.cells is not None:
                source = _held(source)
            columns = from_dicts(list(task.dictionary)) if task.dictionary is not None else None
            about = About.from_dict({"today": self._setup.today})
            report = judge(
                source, columns, self._lists, self._rules, table=self._setup.table, progress=progress, about=about
            )
        except Unreadable as why:
            file = {"name": task.name, "size": size_of(path)}
            return unreadable_report(why, self._rules.name, self._rules.rule_version, file)
        except OSError as error:  # no right to read it, a name that is too long, a disk that fails
            why = Unreadable("out_of_reach", name=task.name, why=error.strerror or type(error).__name__)
            file = {"name": task.name, "size": None}
            return unreadable_report(why, self._rules.name, self._rules.rule_version, file)
        return self._with_cells(report, source, task.cells) if task.cells is not None else report

    def _with_cells(self, report: Report, source: Source, target: str) -> Report:
        from ckanext.satudata.core.qa.rows import laid_again, write_cells

        if source.stream is not None:
            return report
        conceal = any(item.check.conceals for item in self._rules.items)
        index = write_cells(laid_again(report, source), Path(target), conceal=conceal)
        return replace(report, outputs={"cells": index})


def size_of(path: Path) -> int | None:
    """Bytes of a file; ``None`` for what is none, or cannot be looked at."""
    with suppress(OSError):
        return path.stat().st_size if path.is_file() else None
    return None


def _rules(named: str | None) -> Checklist:
    """A checklist by its name or, where there is such a file, by its path."""
    from ckanext.satudata.core.qa import checklist as checklists

    path = Path(named) if named else None
    if path is None or not path.is_file():
        return checklists.load(named)
    import yaml

    try:
        return checklists.from_dict(path.stem, yaml.safe_load(path.read_text("utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise checklists.ChecklistError(f"{path.name}: {error}") from error


def _held(source: Source) -> Source:
    """In memory, if its size allows; the cells of a larger one are not written."""
    stream = source.stream
    return source.held() if stream is not None and source.size <= stream.limits.whole_bytes else source
