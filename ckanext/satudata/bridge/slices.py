"""Find what each slice brings, by CKAN's classic file names.

A slice is a package below ``ckanext.satudata`` with any of ``logic/action.py``, ``logic/auth.py``,
``logic/validators.py``, ``helpers.py``, ``views.py``, ``cli.py``, ``hooks.py``, ``contributions.py``. A file that is
not there is nothing; a file that is there and broken is an error. A file that grew too long becomes a package of the
same name: ``logic/action/decisions.py``, ``logic/action/desk.py``.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

PACKAGE = "ckanext.satudata"


def modules(slices: tuple[str, ...], name: str) -> list[ModuleType]:
    """Import ``<slice>.<name>`` for every slice that has it, in the given order; a package counts with its modules."""
    paths = [f"{PACKAGE}.{slice_name}.{name}" for slice_name in slices]
    return [module for path in paths if _exists(path) for module in _with_rooms(import_module(path))]


def _with_rooms(module: ModuleType) -> list[ModuleType]:
    rooms = sorted(info.name for info in pkgutil.iter_modules(getattr(module, "__path__", [])))
    return [module, *(import_module(f"{module.__name__}.{room}") for room in rooms)]


def _exists(path: str) -> bool:
    """Whether there is such a module; a slice need not have the folder it would lie in."""
    parent = path.rpartition(".")[0]
    return (parent == PACKAGE or _exists(parent)) and find_spec(path) is not None


def public_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Functions *defined in* the module whose name has no leading underscore."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def functions(slices: tuple[str, ...], name: str) -> dict[str, Callable[..., Any]]:
    """All public functions of ``<slice>.<name>`` over all slices; the same name twice is refused.

    A function with the attribute ``satudata_needs`` (it chains one of another plugin) counts while that plugin is on;
    with ``satudata_when``, the name of an option, while that option is on.
    """
    found: dict[str, Callable[..., Any]] = {}
    for module in modules(slices, name):
        for function_name, function in public_functions(module).items():
            needs = getattr(function, "satudata_needs", None)
            if needs is not None and not p.plugin_loaded(needs):
                continue
            option = getattr(function, "satudata_when", None)
            if option is not None and not tk.asbool(tk.config.get(option)):
                continue
            if function_name in found:
                raise ValueError(f"'{function_name}' of {module.__name__} is defined by another slice too")
            found[function_name] = function
    return found


def collected(slices: tuple[str, ...], module_name: str, attribute: str) -> list[Any]:
    """The list ``attribute`` of ``<slice>.<module_name>`` over all slices that define it, joined."""
    return [item for module in modules(slices, module_name) for item in getattr(module, attribute, [])]
