"""What a definition that can be read may still get wrong: unknown names, dead ends, nobody who may act.

Each room of ``rules/`` finds mistakes of one kind; a new file is found by itself. It has a docstring and a function
``check(look)`` that yields problems.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Collection, Iterator
from importlib import import_module

from ckanext.satudata.core.workflow.definition import Definition, Holder
from ckanext.satudata.core.workflow.lint import rules
from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.problem import Problem

Check = Callable[[Look], Iterator[Problem]]


def _found() -> tuple[Check, ...]:
    names = sorted(info.name for info in pkgutil.iter_modules(rules.__path__))
    return tuple(import_module(f"{rules.__name__}.{name}").check for name in names)


CHECKS = _found()


def lint(
    definition: Definition,
    *,
    gates: Collection[str] | None = None,
    facts: Collection[str] | None = None,
    held: Collection[Holder] | None = None,
) -> list[Problem]:
    """Every mistake, in the order of the lines.

    ``gates`` and ``facts`` are the names the portal knows, ``held`` the roles and positions somebody holds there
    (``None``: not judged, on a laptop).
    """
    look = Look(definition, gates, facts, held)
    problems = {problem: None for check in CHECKS for problem in check(look)}
    return sorted(problems, key=lambda problem: (problem.origin is not None, problem.line, problem.path))
