"""Ask everybody who implements :class:`ISatudata`; refuse duplicates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import ckan.plugins as p
from ckan.common import config

from ckanext.satudata.interfaces import Effect, Fact, Gate, ISatudata, Signer, Subject

T = TypeVar("T")

RULEBOOK = Path(__file__).resolve().parent.parent / "rulebook"


def _merged(kind: str, answers: list[dict[str, T]]) -> dict[str, T]:
    merged: dict[str, T] = {}
    for answer in answers:
        for name, value in answer.items():
            if name in merged:
                raise ValueError(f"{kind} '{name}' is contributed twice")
            merged[name] = value
    return merged


def subjects() -> dict[str, Subject]:
    """Adapters by subject type."""
    return _merged("subject", [plugin.satudata_subjects() for plugin in p.PluginImplementations(ISatudata)])


def facts() -> dict[str, Fact]:
    """Facts by name."""
    return _merged("fact", [plugin.satudata_facts() for plugin in p.PluginImplementations(ISatudata)])


def gates() -> dict[str, Gate]:
    """Gates by name."""
    return _merged("gate", [plugin.satudata_gates() for plugin in p.PluginImplementations(ISatudata)])


def effects(transition: str) -> list[Effect]:
    """Effects of one transition, in the order of the plugins."""
    return [
        effect
        for plugin in p.PluginImplementations(ISatudata)
        for effect in plugin.satudata_effects().get(transition, [])
    ]


def listeners() -> list[Effect]:
    """Functions called in the transaction of every transition."""
    return [listener for plugin in p.PluginImplementations(ISatudata) for listener in plugin.satudata_listeners()]


def after_commit() -> list[Effect]:
    """Functions called after the commit of every transition."""
    return [function for plugin in p.PluginImplementations(ISatudata) for function in plugin.satudata_after_commit()]


def ticks() -> dict[str, Callable[[], object]]:
    """Periodic work by name."""
    return _merged("tick", [plugin.satudata_ticks() for plugin in p.PluginImplementations(ISatudata)])


def rulebooks() -> list[Path]:
    """Rulebook folders: the operator's own (``ckanext.satudata.rulebook``), those of other extensions, ours last."""
    own = str(config.get("ckanext.satudata.rulebook") or "")
    theirs = [folder for plugin in p.PluginImplementations(ISatudata) for folder in plugin.satudata_rulebooks()]
    return [*([Path(own)] if own else []), *theirs, RULEBOOK]


def signers() -> dict[str, Signer]:
    """Electronic signers by key."""
    return _merged("signer", [plugin.satudata_signers() for plugin in p.PluginImplementations(ISatudata)])
