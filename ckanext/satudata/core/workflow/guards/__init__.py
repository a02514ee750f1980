"""What can stand in the way of a step: one guard per file.

A guard module has a docstring (what it means to the user), ``ORDER`` (place among the reasons), ``check(attempt)``
which returns reasons, and, where it differs from the default, ``KEY`` (``reasons``; the others, such as ``conflict``
and ``note``, are about the request itself), ``OVERRIDABLE`` (a sysadmin may override it with a reason) and ``FINAL``
(when it speaks, the guards behind it are not asked). A new file is found by itself.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from ckanext.satudata.core.text import Reason
from ckanext.satudata.core.workflow.case import Attempt


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard with its habits."""

    name: str
    order: int
    check: Callable[[Attempt], Sequence[Reason]]
    key: str
    overridable: bool
    final: bool


def _found() -> tuple[Guard, ...]:
    guards: list[Guard] = []
    for info in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{info.name}")
        guards.append(
            Guard(
                name=info.name,
                order=module.ORDER,
                check=module.check,
                key=getattr(module, "KEY", "reasons"),
                overridable=getattr(module, "OVERRIDABLE", False),
                final=getattr(module, "FINAL", False),
            )
        )
    return tuple(sorted(guards, key=lambda guard: (guard.order, guard.name)))


ALL = _found()
