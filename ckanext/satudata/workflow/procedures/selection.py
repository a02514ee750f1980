"""Which procedure a dataset follows: the rules of the rulebook, else the portal's option.

A portal without rules asks nothing of a dataset here. Rules over offices and facts are asked of the case's own row,
where the facts of the last change lie ready, so that lists stay fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import g, has_request_context

from ckanext.satudata.bridge import contributions, roles
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.conditions import facts_in
from ckanext.satudata.core.workflow.loader import DefinitionError
from ckanext.satudata.core.workflow.selection import Place, Rule, Selection
from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.workflow.procedures import shelf

OPTION = "ckanext.satudata.workflow"
TYPE = "jenis_dataset"  # fact: the dataset's type in CKAN

NO_WORKFLOW = Text(
    "Belum ada alur kerja untuk dataset ini, jadi tidak dapat diajukan atau diterbitkan. Administrator portal "
    "memilihnya di `selection.yaml` atau opsi `ckanext.satudata.workflow`, lalu menjalankan "
    "`ckan satudata workflow check`.",
    "No procedure is chosen for this dataset, so it can be neither submitted nor published. The portal's administrator "
    "chooses one in `selection.yaml` or by the option `ckanext.satudata.workflow`, then runs "
    "`ckan satudata workflow check`.",
)
MISSING = Text(
    "Alur kerja “{key}” tidak ada di rulebook portal ini, jadi dataset ini tidak dapat diajukan. Administrator portal "
    "memeriksanya dengan `ckan satudata workflow check`.",
    "The procedure “{key}” is in no rulebook of this portal, so this dataset cannot be submitted. The portal's "
    "administrator looks into it by `ckan satudata workflow check`.",
)
BROKEN = Text(
    "Berkas alur kerja “{key}” memuat kesalahan, jadi dataset ini tidak dapat diajukan. Administrator portal melihat "
    "baris yang salah dengan `ckan satudata workflow check`.",
    "The file of the procedure “{key}” has mistakes, so this dataset cannot be submitted. The portal's administrator "
    "sees the lines that are wrong by `ckan satudata workflow check`.",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """``key`` of the procedure, or why there is none."""

    key: str | None
    why: Reason | None = None


def fallback() -> str | None:
    """The procedure for what no rule matches; ``None`` when the option is empty."""
    value = tk.config.get(OPTION)
    return "perpres" if value is None else str(value).strip() or None


def rules() -> Selection:
    """The rules in force; :class:`DefinitionError` when their file is wrong."""
    return shelf.selection()


def choosable() -> list[str]:
    """Every procedure that can be chosen for a dataset, the one for all others last."""
    try:
        named = rules().keys
    except DefinitionError:
        named = ()
    other = fallback()
    return list(dict.fromkeys([*named, *([other] if other is not None else [])]))


def choose(subject_type: str, subject_id: str, organization_id: str | None, facts: Mapping[str, Any]) -> Choice:
    """The procedure for a subject with these facts."""
    try:
        selection = rules()
    except DefinitionError:
        return Choice(None, reason("workflow_broken", BROKEN, key=shelf.SELECTION))
    if not selection.rules:
        return _choice(fallback())
    place = Place(
        type=str(facts.get(TYPE) or _type_of(subject_type, subject_id)),
        organization=_names([organization_id] if organization_id else []),
        above=_names(roles.parents_of(organization_id)) if organization_id and selection.asks_tree else frozenset(),
        facts=facts,
    )
    return _choice(selection.choose(place, fallback()))


def looked_at(subject_type: str, subject_id: str) -> dict[str, Any]:
    """The facts rules ask for, of a subject nobody has looked at since its case was made; none when it is gone."""
    adapter = contributions.subjects().get(subject_type)
    try:
        if adapter is None or not rules().facts:
            return {}
        view = adapter.load(subject_id)
    except (DefinitionError, tk.ObjectNotFound):
        return {}
    return {**view.facts, **asked_facts(view)}


def asks_for(fact: str) -> bool:
    """Whether some rule looks at this fact."""
    try:
        return fact in rules().facts
    except (DefinitionError, LookupError):
        return False


def facts_of(rule: Rule) -> tuple[str, ...]:
    """The facts a rule asks for."""
    return tuple(facts_in(rule.when))


def asked_facts(view: SubjectView) -> dict[str, Any]:
    """The facts rules ask for that the view does not hold, from whoever contributes them."""
    try:
        wanted = rules().facts - view.facts.keys()
    except DefinitionError:
        return {}
    contributed = contributions.facts() if wanted else {}
    return {name: contributed[name](view) for name in sorted(wanted) if name in contributed}


def _choice(key: str | None) -> Choice:
    return Choice(key, None if key is not None else reason("no_workflow", NO_WORKFLOW))


def _type_of(subject_type: str, subject_id: str) -> str:
    if subject_type != "dataset":
        return subject_type
    package = model.Session.get(model.Package, subject_id)
    return (package.type if package is not None else None) or "dataset"


def _names(ids: list[str] | tuple[str, ...]) -> frozenset[str]:
    """Ids and names of organizations; remembered for the rest of the request."""
    wanted = tuple(ids)
    if not wanted:
        return frozenset()
    known: dict[tuple[str, ...], frozenset[str]] = {}
    if has_request_context():
        known = g.setdefault("satudata_office_names", known)
    if wanted not in known:
        table = model.group_table
        query = sa.select(table.c["id"], table.c["name"]).where(table.c["id"].in_(wanted))
        known[wanted] = frozenset(word for row in model.Session.execute(query) for word in row)
    return known[wanted]
