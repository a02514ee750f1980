"""All that can be the case, as far as conditions can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from ckanext.satudata.core.workflow.conditions import AllOf, AnyOf, Condition, IsOneOf, IsYes, Not

MOST = 4096


def worlds(conditions: Iterable[Condition | None]) -> Iterator[dict[str, Any]] | None:
    """Every combination of facts these conditions can tell apart; ``None`` when there are too many to look at."""
    domains: dict[str, list[Any]] = {}
    for condition in conditions:
        for fact, values in _asked(condition):
            domain = domains.setdefault(fact, [None])
            domain.extend(value for value in values if value not in domain)
    count = 1
    for domain in domains.values():
        count *= len(domain)
    if count > MOST:
        return None
    return (dict(zip(domains, chosen, strict=True)) for chosen in product(*domains.values()))


def spoken(world: dict[str, Any]) -> str:
    """A combination in words: ``data_prioritas: ya, jenis_data: –``."""
    return ", ".join(f"{fact}: {_word(value)}" for fact, value in world.items())


def _word(value: Any) -> str:
    if value is None:
        return "–"
    return "ya" if value is True else str(value)


def _asked(condition: Condition | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    match condition:
        case None:
            return
        case IsYes(fact):
            yield fact, (True,)
        case IsOneOf(fact, values):
            yield fact, values
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _asked(part)
        case Not(part):
            yield from _asked(part)
