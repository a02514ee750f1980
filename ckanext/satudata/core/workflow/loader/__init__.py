"""Read a definition from YAML; every mistake is told with its line, all of them at once.

The parts: ``tree`` (YAML with lines), ``extends`` (one definition on another), ``values`` (words, terms, conditions),
``roles``, ``stages`` and ``forms``.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, cast

import yaml

from ckanext.satudata.core.workflow.definition import Definition, Producer
from ckanext.satudata.core.workflow.loader.extends import Fetch, resolve, shelf
from ckanext.satudata.core.workflow.loader.forms import read_form
from ckanext.satudata.core.workflow.loader.roles import read_role
from ckanext.satudata.core.workflow.loader.stages import read_stage, read_transition
from ckanext.satudata.core.workflow.loader.tree import Node, parse, places, plain
from ckanext.satudata.core.workflow.loader.values import Values
from ckanext.satudata.core.workflow.problem import DefinitionError, Problem

__all__ = (
    "RULEBOOK",
    "DefinitionError",
    "Fetch",
    "Problem",
    "digest",
    "flatten",
    "load",
    "load_file",
    "shelf",
)

# The definitions that come with the program.
RULEBOOK = Path(__file__).parents[3] / "rulebook" / "workflows"

TOP = (
    "format",
    "key",
    "extends",
    "remove",
    "title",
    "about",
    "basis",
    "purpose",
    "reasons",
    "roles",
    "positions",
    "producer",
    "forms",
    "stages",
    "transitions",
)


def load(source: str, fetch: Fetch | None = None) -> Definition:
    """The definition in a YAML text; :class:`DefinitionError` with all mistakes when it is none.

    ``fetch`` gives the text of a definition that this one extends, by key.
    """
    problems: list[Problem] = []
    tree = _tree(source, fetch, problems)
    definition = _definition(tree, problems) if tree is not None else None
    if definition is None or problems:
        raise DefinitionError(sorted(problems, key=lambda problem: (problem.origin is not None, problem.line)))
    return definition


def load_file(path: Path) -> Definition:
    """The definition in a file; what it extends is looked for beside it, then in our rulebook.

    ``OSError`` or ``UnicodeDecodeError`` for a file nobody can read.
    """
    return load(path.read_text("utf-8"), shelf(path.parent, RULEBOOK))


def flatten(source: str, fetch: Fetch | None = None) -> str:
    """The YAML text without ``extends``: everything inherited is written out.

    What a running case keeps must not change when somebody edits the definition it extends. A text that extends nothing
    is returned as it is.
    """
    problems: list[Problem] = []
    tree = _tree(source, fetch, problems)
    if tree is None or problems:
        raise DefinitionError(problems)
    if "extends" not in tree.entries:
        return source
    document = {name: value for name, value in plain(tree).items() if name not in ("extends", "remove")}
    return cast("Any", yaml).safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


def digest(source: str) -> str:
    """SHA-256 of the text; the version of a definition (of :func:`flatten`, when it extends another)."""
    return hashlib.sha256(source.encode()).hexdigest()


def _tree(source: str, fetch: Fetch | None, problems: list[Problem]) -> Node | None:
    tree = parse(source, problems)
    return resolve(tree, fetch, problems) if tree is not None else None


def _definition(tree: Node, problems: list[Problem]) -> Definition | None:
    lines, origins = places(tree)
    values = Values(lines, origins, problems)
    body: Any = plain(tree)
    if not isinstance(body, dict):
        values.wrong(
            "",
            "Definisi dimulai dengan `key:`, `roles:`, `stages:` dan `transitions:`.",
            "A definition starts with `key:`, `roles:`, `stages:` and `transitions:`.",
        )
        return None
    document = cast("dict[str, Any]", body)
    values.only(document, TOP, "")
    if document.get("format") != 1:
        values.wrong("format", "Tulis `format: 1`.", "Write `format: 1`.")
    stages = [
        read_stage(values, values.mapping(item, f"stages[{number}]"), f"stages[{number}]")
        for number, item in enumerate(values.items(document.get("stages"), "stages"))
    ]
    transitions = {
        name: read_transition(values, name, values.mapping(entry, f"transitions.{name}"), f"transitions.{name}")
        for name, entry in values.mapping(document.get("transitions"), "transitions").items()
    }
    forms = {
        values.name(name, f"forms.{name}"): read_form(
            values, name, values.mapping(entry, f"forms.{name}"), f"forms.{name}"
        )
        for name, entry in _optional(values, document, "forms").items()
    }
    roles = {
        name: read_role(values, name, entry, f"roles.{name}")
        for name, entry in values.mapping(document.get("roles"), "roles").items()
    }
    about = document.get("about")
    return Definition(
        key=values.name(document.get("key"), "key"),
        title=values.words(document.get("title"), "title"),
        about=values.words(about, "about") if about is not None else None,
        extends=document.get("extends"),
        basis=values.text(document.get("basis"), "basis"),
        purpose=cast(
            "Any", values.one_of(document.get("purpose", "publication"), ("publication", "verification"), "purpose")
        ),
        reasons_free=values.one_of(document.get("reasons", "required"), ("required", "free"), "reasons") == "free",
        roles={name: role.words for name, role in roles.items()},
        reads={name: role.reads for name, role in roles.items() if role.reads is not None},
        positions={
            values.name(name, f"positions.{name}"): values.words(words, f"positions.{name}")
            for name, words in _optional(values, document, "positions").items()
        },
        producer=_producer(values, _optional(values, document, "producer")),
        forms=forms,
        stages=tuple(stages),
        transitions=transitions,
        lines=lines,
        origins=origins,
    )


def _producer(values: Values, body: dict[str, Any]) -> Producer:
    terms = ("collect", "first", "repair", "resubmit")
    values.only(body, terms, "producer")
    return Producer(*(values.sla(body.get(name), f"producer.{name}") for name in terms))


def _optional(values: Values, document: dict[str, Any], name: str) -> dict[str, Any]:
    return values.mapping(document[name], name) if document.get(name) is not None else {}
