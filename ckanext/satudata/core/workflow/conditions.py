"""The closed language of ``when``: questions about facts, no code in YAML.

.. code-block:: yaml

    when: data_prioritas                          # the fact is yes
    when: {fact: jenis_data, is: statistik}
    when: {fact: jenis_data, in: [statistik, geospasial]}
    when: {all: [data_prioritas, {not: {fact: klasifikasi_akses, is: tertutup}}]}
    when: {any: [...]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.core.text import Text

YES = frozenset({"true", "ya", "yes", "1"})


@dataclass(frozen=True, slots=True)
class IsYes:
    fact: str


@dataclass(frozen=True, slots=True)
class IsOneOf:
    fact: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = IsYes | IsOneOf | AllOf | AnyOf | Not


def holds(condition: Condition | None, facts: Mapping[str, Any]) -> bool:
    """Whether ``condition`` holds; no condition always does, a missing fact is never yes and equals nothing."""
    match condition:
        case None:
            return True
        case IsYes(fact):
            return is_yes(facts.get(fact))
        case IsOneOf(fact, values):
            return facts.get(fact) is not None and facts[fact] in values
        case AllOf(parts):
            return all(holds(part, facts) for part in parts)
        case AnyOf(parts):
            return any(holds(part, facts) for part in parts)
        case Not(part):
            return not holds(part, facts)


def is_yes(value: Any) -> bool:
    """``True`` and the words ya, yes, true, 1 in any case; every other value is no."""
    return value is True or (isinstance(value, str | int) and str(value).strip().lower() in YES)


def facts_in(condition: Condition | None) -> Iterator[str]:
    """The names of all facts a condition asks for."""
    match condition:
        case None:
            return
        case IsYes(fact) | IsOneOf(fact, _):
            yield fact
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_in(part)
        case Not(part):
            yield from facts_in(part)


def spoken(condition: Condition | None) -> Text:
    """A condition in words: ``data prioritas``, ``jenis data: statistik / geospasial``; nothing for none."""
    match condition:
        case None:
            return Text("", "")
        case IsYes(fact):
            return _same(_plain(fact))
        case IsOneOf(fact, values):
            return _same(f"{_plain(fact)}: {' / '.join(_plain(value) for value in values)}")
        case AllOf(parts):
            return _joined(parts, " dan ", " and ")
        case AnyOf(parts):
            return _joined(parts, " atau ", " or ")
        case Not(part):
            inner = spoken(part)
            return Text(f"bukan {inner.id}", f"not {inner.en}")


def _joined(parts: tuple[Condition, ...], indonesian: str, english: str) -> Text:
    words = [spoken(part) for part in parts]
    return Text(indonesian.join(found.id for found in words), english.join(found.en for found in words))


def _plain(value: Any) -> str:
    # The words become a Text, where braces would be parameters.
    return str(value).replace("_", " ").replace("{", "(").replace("}", ")")


def _same(words: str) -> Text:
    return Text(words, words)
