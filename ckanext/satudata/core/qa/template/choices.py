"""What a column of a template can be chosen from: a closed list of its own, yes and no, or a reference list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.core.qa.dictionary import Column, is_code_name, same_name
from ckanext.satudata.core.qa.lists import REGIONS, Lists
from ckanext.satudata.core.qa.shape import LEVELS
from ckanext.satudata.core.reference.codelist import CodeList, Entry

# A longer list is of no use to somebody who scrolls, and makes a heavy file: every regency's villages fit.
MOST_CHOICES = 20_000
YES_NO = ("Ya", "Tidak")


@dataclass(frozen=True)
class Choices:
    """``offered`` are the values of the drop-down list, ``beside`` what each of them is called (or its code).

    ``too_long``: how many there would be, where they are too many to be offered.
    """

    offered: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    title: str = ""
    edition: str = ""
    key: str = ""
    coded: bool = False
    too_long: int = 0


def choices(column: Column, lists: Lists, regions: Sequence[str] = ()) -> Choices | None:
    """The choices of ``column``; ``None`` where anything of its type may be written, or its list is not at hand.

    Of the Kemendagri regions only those of the level the header names and below one of ``regions`` are offered.
    """
    if column.values:
        return Choices(column.values)
    if column.type == "boolean":
        return Choices(YES_NO)
    known = lists.get(column.list, column.edition) if column.list else None
    if known is None:
        return None
    entries = _regions(known, column, regions) if known.key == REGIONS else list(known)
    coded = known.key.startswith("wilayah") or is_code_name(column.name) or not _has_own_names(entries)
    found = Choices(title=known.title, edition=known.edition, key=known.key, coded=coded)
    if len(entries) > MOST_CHOICES:
        return Choices(title=found.title, edition=found.edition, key=found.key, coded=coded, too_long=len(entries))
    pairs = [(entry.code, entry.name) if coded else (entry.name, entry.code) for entry in entries]
    return Choices(
        tuple(offered for offered, _ in pairs), tuple(beside for _, beside in pairs),
        found.title, found.edition, found.key, coded,
    )  # fmt: skip


def _regions(known: CodeList, column: Column, regions: Sequence[str]) -> list[Entry]:
    words = same_name(column.name).replace("_", " ")
    level = next((level for level, pattern in LEVELS if pattern.search(words)), 0)
    wanted = tuple(code.strip() for code in regions if code.strip())
    return [
        entry
        for entry in known
        if (not level or entry.code.count(".") == level - 1)
        and (not wanted or any(entry.code == code or entry.code.startswith(code + ".") for code in wanted))
    ]


def _has_own_names(entries: Sequence[Entry]) -> bool:
    return len({entry.name for entry in entries}) == len(entries)
