"""Which procedure applies: rules over type, organization and facts; the first that matches decides.

.. code-block:: yaml

    format: 1
    rules:
      - {when: {fact: tujuan, is: verifikasi}, workflow: waykanan-verifikasi}
      - {tree: dinas-kesehatan, workflow: magetan}       # that office and all below it
      - {type: publikasi, workflow: null}                # may not be submitted
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ckanext.satudata.core.workflow.conditions import Condition, facts_in, holds
from ckanext.satudata.core.workflow.loader.tree import parse, places, plain
from ckanext.satudata.core.workflow.loader.values import Values
from ckanext.satudata.core.workflow.problem import DefinitionError, Problem

PARTS = ("type", "organization", "tree", "when", "workflow")


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked about. ``organization``: id and name of the office; ``above``: ids and names of those above it."""

    type: str
    organization: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the file; an empty part matches everything. ``workflow`` is ``None`` where nothing may be submitted."""

    workflow: str | None
    types: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()
    when: Condition | None = None
    line: int = 0

    def matches(self, place: Place) -> bool:
        """Whether every part of the rule fits."""
        return (
            (not self.types or place.type in self.types)
            and (not self.organizations or _meet(self.organizations, place.organization))
            and (not self.trees or _meet(self.trees, place.organization | place.above))
            and holds(self.when, place.facts)
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """All rules, in their order."""

    rules: tuple[Rule, ...] = ()

    def choose(self, place: Place, otherwise: str | None = None) -> str | None:
        """Key of the definition for that place; ``otherwise`` when no rule matches, ``None`` for no procedure."""
        found = next((rule for rule in self.rules if rule.matches(place)), None)
        return found.workflow if found is not None else otherwise

    @property
    def keys(self) -> tuple[str, ...]:
        """Every definition some rule names, in the order of the rules."""
        return tuple(dict.fromkeys(rule.workflow for rule in self.rules if rule.workflow is not None))

    @property
    def facts(self) -> frozenset[str]:
        """Every fact some rule asks for."""
        return frozenset(fact for rule in self.rules for fact in facts_in(rule.when))

    @property
    def asks_tree(self) -> bool:
        """Whether some rule asks for the offices above one."""
        return any(rule.trees for rule in self.rules)


def load(source: str) -> Selection:
    """The rules in a YAML text; :class:`DefinitionError` with every mistake and its line."""
    problems: list[Problem] = []
    tree = parse(source, problems)
    if tree is None:
        raise DefinitionError(problems)
    lines, origins = places(tree)
    values = Values(lines, origins, problems)
    body: Any = plain(tree)
    document = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    values.only(document, ("format", "rules"), "")
    if document.get("format") != 1:
        values.wrong("format", "Tulis `format: 1`.", "Write `format: 1`.")
    listed = values.items(document.get("rules"), "rules")
    rules = tuple(_rule(values, item, f"rules[{number}]") for number, item in enumerate(listed))
    if problems:
        raise DefinitionError(sorted(problems, key=lambda problem: problem.line))
    return Selection(rules)


def _rule(values: Values, item: Any, path: str) -> Rule:
    body = values.mapping(item, path)
    values.only(body, PARTS, path)
    if "workflow" not in body:
        values.wrong(
            path,
            "Tulis `workflow: <nama>`, atau `workflow: null` bila tidak boleh diajukan.",
            "Write `workflow: <name>`, or `workflow: null` where nothing may be submitted.",
        )
    workflow = body.get("workflow")
    when = body.get("when")
    return Rule(
        workflow=values.name(workflow, f"{path}.workflow") if workflow is not None else None,
        types=values.names(body.get("type"), f"{path}.type"),
        organizations=values.names(body.get("organization"), f"{path}.organization"),
        trees=values.names(body.get("tree"), f"{path}.tree"),
        when=values.condition(when, f"{path}.when") if when is not None else None,
        line=values.lines.get(path, 0),
    )


def _meet(wanted: Collection[str], there: Collection[str]) -> bool:
    return any(name in there for name in wanted)
