"""The cells of the matrix: a recipe, a role and a situation; asked, and judged by the table of rules."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .building import Answer, Office
from .canaries import Found
from .recipes import ACTIONS, ROUTES, Recipe, routes_of_satudata
from .rules import ANONYMOUS, OUTSIDE, ROLES, SITUATIONS, forbidden

# Whoever asks for the list as a whole asks for every situation at once.
PORTAL = "portal"
REFUSED = (*OUTSIDE, "collaborator")


@dataclass(frozen=True)
class Asked:
    """A recipe under its name; ``number`` when there are several."""

    name: str
    number: int
    recipe: Recipe

    @property
    def is_page(self) -> bool:
        return bool(self.recipe.url)

    @property
    def is_ours(self) -> bool:
        """Whether the action or page is of this extension: those never break."""
        return self.name.startswith("satudata_") or self.name in routes_of_satudata.ROUTES

    @property
    def label(self) -> str:
        return f"{self.name} #{self.number}" if self.number else self.name


@dataclass(frozen=True)
class Cell:
    asked: Asked
    role: str
    situation: str


@dataclass(frozen=True)
class Leak:
    """What somebody was told that they may not know."""

    name: str
    role: str
    situation: str
    status: int
    what: tuple[Found, ...]

    def __str__(self) -> str:
        told = ", ".join(f"{kind} of {situation}" for kind, situation in self.what)
        return f"{self.name} as {self.role} in {self.situation} ({self.status}): {told}"


def recipes(*, writes: bool | None = None) -> list[Asked]:
    """Every recipe that asks for content, actions first."""
    found: list[Asked] = []
    for table in (ACTIONS, ROUTES):
        for name, listed in table.items():
            found += [Asked(name, number, one) for number, one in enumerate(listed) if not one.why]
    return [one for one in found if writes is None or one.recipe.writes is writes]


class _MissingError(KeyError):
    """A dataset in this situation has no such part."""


class _Place(dict[str, str]):
    def __missing__(self, key: str) -> str:
        raise _MissingError(key)


def filled(value: Any, place: dict[str, str]) -> Any:
    """A recipe's parameters with the words of a dataset; :class:`_MissingError` when it has no such part."""
    if isinstance(value, str):
        return value.format_map(_Place(place)) if "{" in value and value != "{}" else value
    if isinstance(value, dict):
        return {filled(key, place): filled(one, place) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, place) for one in value]
    return value


def of_dataset(asked: Asked) -> bool:
    """Whether the answer depends on which dataset is asked for."""
    return "{" in (str(_values(asked.recipe.given)) + asked.recipe.url).replace("{me}", "").replace("{other}", "")


def _values(given: Any) -> list[str]:
    if isinstance(given, dict):
        return [text for pair in given.items() for one in pair for text in _values(one)]
    if isinstance(given, list):
        return [text for one in given for text in _values(one)]
    return [str(given)]


def cells(chosen: Iterable[Asked]) -> Iterator[Cell]:
    """Every combination."""
    for asked in chosen:
        for role in REFUSED if asked.recipe.writes else ROLES:
            for situation in SITUATIONS if of_dataset(asked) else (PORTAL,):
                yield Cell(asked, role, situation)


def place_of(office: Office, cell: Cell) -> dict[str, str]:
    place = dict(office.places.get(cell.situation, {}))
    who = "editor" if cell.role == ANONYMOUS else cell.role
    place["me"] = f"kenariloginx{who}q"
    place["other"] = office.organizations["dinas-pendidikan"]["id"]
    place["collaborator"] = office.ids["collaborator"]
    if cell.situation != "published":
        place["partner"] = office.places["published"]["id"]
    return place


def ask(office: Office, cell: Cell) -> Answer | None:
    """The answer; ``None`` when a dataset in this situation has no such part."""
    recipe = cell.asked.recipe
    place = place_of(office, cell)
    try:
        given, url = filled(recipe.given, place), filled(recipe.url, place)
    except _MissingError:
        return None
    if not recipe.url:
        return office.call(cell.role, cell.asked.name, given)
    method = cell.asked.name.split()[0]
    return office.ask(cell.role, method, url, given)


def told(office: Office, answer: Answer) -> set[Found]:
    return office.known.told(answer.text, answer.asked, answer.headers)


def leak(office: Office, cell: Cell) -> Leak | bool | None:
    """A leak, or whether the cell could be asked at all."""
    answer = ask(office, cell)
    if answer is None:
        return False
    heard = told(office, answer)
    if answer.status >= 400:
        # a refusal may name what was asked for by another of its names
        heard = {one for one in heard if one.kind not in ("id", "fileid")}
    recipe = cell.asked.recipe
    heard = {one for one in heard if one.kind not in recipe.own}
    bad = forbidden(cell.role, heard, accounts=recipe.accounts)
    if not bad and not (answer.status >= 500 and cell.asked.is_ours):
        return None
    return Leak(cell.asked.label, cell.role, cell.situation, answer.status, tuple(sorted(bad)))


@dataclass
class Tried:
    """How many combinations were asked, and what leaked."""

    count: int
    leaks: list[Leak]

    def told(self) -> str:
        return f"{len(self.leaks)} of {self.count} combinations leak:\n" + "\n".join(map(str, self.leaks[:60]))


def run(office: Office, chosen: Iterable[Cell], *, enough: int = 200) -> Tried:
    """Ask all; stop when there are ``enough`` leaks to read."""
    tried = Tried(0, [])
    for cell in chosen:
        found = leak(office, cell)
        if found is False:
            continue
        tried.count += 1
        if isinstance(found, Leak):
            tried.leaks.append(found)
            if len(tried.leaks) >= enough:
                break
    return tried


# Roles that may stand for one another in a daily run: visitors, strangers with an account, people with some right.
KINDS_OF_ROLES: tuple[tuple[str, ...], ...] = (
    (ANONYMOUS,),
    ("otheradmin", "stranger", "elsewhere", "othereditor", "harvester", "othermember"),
    ("collaborator", "member", "editor", "walidata", "admin", "pembina", "sysadmin"),
)


def daily(chosen: list[Asked]) -> list[Cell]:
    """Each recipe meets visitors and, of the other two kinds of roles, one by turns; roles and situations rotate.

    Every pair (role, situation) is among them; all combinations are for a long run.
    """
    found: list[Cell] = []
    waiting = _situations()
    visitors, *others = KINDS_OF_ROLES
    for number, asked in enumerate(chosen):
        turn, kind = divmod(number, len(others))
        for role in (visitors[0], others[kind][turn % len(others[kind])]):
            found.append(Cell(asked, role, next(waiting[role]) if of_dataset(asked) else PORTAL))
    return found + _unmet(found, [asked for asked in chosen if of_dataset(asked)])


def daily_writes(chosen: list[Asked]) -> list[Cell]:
    """Each writing recipe meets one of those who are refused."""
    waiting = _situations()
    strangers = KINDS_OF_ROLES[1]
    found: list[Cell] = []
    for number, asked in enumerate(chosen):
        role = strangers[number % len(strangers)]
        role = role if role in REFUSED else "collaborator"
        found.append(Cell(asked, role, next(waiting[role]) if of_dataset(asked) else PORTAL))
    return found


def _situations() -> dict[str, Iterator[str]]:
    """For each role all situations again and again, each role in an order of its own."""
    chance = random.Random(39)
    return {role: _rotation(chance) for role in ROLES}


def _unmet(found: list[Cell], chosen: list[Asked]) -> list[Cell]:
    """Cells for the pairs (role, situation) that are not among those."""
    met = {(cell.role, cell.situation) for cell in found}
    missing = [(role, situation) for role in ROLES for situation in SITUATIONS if (role, situation) not in met]
    return [Cell(chosen[number % len(chosen)], *pair) for number, pair in enumerate(missing)]


def _rotation(chance: random.Random) -> Iterator[str]:
    order = list(SITUATIONS)
    chance.shuffle(order)
    while True:
        yield from order
