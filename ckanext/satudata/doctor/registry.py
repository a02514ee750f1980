"""Checks are found, not listed: every module below ``checks/`` declares one; its name is its id."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor import checks as folder
from ckanext.satudata.doctor.findings import Finding

Look = Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``outside``: it asks other machines or takes long, so a page leaves it out."""

    id: str
    title: Text
    meaning: Text
    look: Look
    outside: bool = False


_found: dict[str, Check] = {}


def check(*, title: Text, meaning: Text, outside: bool = False) -> Callable[[Look], Look]:
    """Declare the function below as the check of its file."""

    def register(look: Look) -> Look:
        key = look.__module__.rpartition(".")[2]
        _found[key] = Check(key, title, meaning, look, outside)
        return look

    return register


@cache
def checks() -> Mapping[str, Check]:
    """All checks by id, in the order of their names."""
    for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
        import_module(module.name)
    return dict(sorted(_found.items()))
