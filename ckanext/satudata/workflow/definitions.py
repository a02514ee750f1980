"""Which workflow applies, and the versions cases have started with."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.bridge import contributions
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import loader
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.workflow.model import CaseRow, StoredDefinition

OPTION = "ckanext.satudata.workflow"
POSITIONS = {
    "staf": Text("Staf", "Staff"),
    "kasi": Text("Kepala Seksi", "Head of section"),
    "kabid": Text("Kepala Bidang", "Head of division"),
    "sekretaris": Text("Sekretaris", "Secretary"),
    "kepala": Text("Kepala", "Head"),
}


def source_of(key: str) -> str:
    """The YAML of a workflow; other extensions' rulebooks come before ours. ``LookupError`` when nobody has it."""
    for folder in contributions.rulebooks():
        path = Path(folder) / "workflows" / f"{key}.yaml"
        if path.is_file():
            return path.read_text("utf-8")
    raise LookupError(f"no rulebook has workflows/{key}.yaml")


def current_source() -> str:
    """The YAML of the workflow that new submissions take."""
    return source_of(str(tk.config.get(OPTION) or "perpres"))


def current() -> Definition:
    """The workflow that new submissions take."""
    return _parsed(current_source())


def version_of(source: str) -> str:
    """Id of a version: the workflow's key and the start of its hash."""
    return f"{_parsed(source).key}@{loader.digest(source)[:12]}"


def of_case(case: CaseRow) -> Definition:
    """The workflow a case runs by: the version it was submitted with; the current one while it is a draft."""
    if case.definition_id is None or case.state == "draft":
        return current()
    return stored(case.definition_id)


def stored(definition_id: str) -> Definition:
    """A version some case has started with; ``LookupError`` when it was never kept."""
    row = model.Session.get(StoredDefinition, definition_id)
    if row is None:
        raise LookupError(f"definition {definition_id} is not stored")
    return _parsed(row.source)


def store_current() -> str:
    """Keep the current version for the cases that start with it; its id."""
    source = current_source()
    definition_id = version_of(source)
    model.Session.execute(
        insert(StoredDefinition.__table__)
        .values(id=definition_id, key=_parsed(source).key, hash=loader.digest(source), source=source, created=now())
        .on_conflict_do_nothing()
    )
    return definition_id


def words() -> dict[str, list[dict[str, str]]]:
    """See :func:`satudata_workflow_roles`."""
    spoken, definition = language(), current()
    roles = [{"key": key, "label": label.render(spoken)} for key, label in definition.roles.items()]
    positions = [{"key": key, "label": label.render(spoken)} for key, label in POSITIONS.items()]
    return {"roles": roles, "positions": positions}


@lru_cache(maxsize=64)
def _parsed(source: str) -> Definition:
    return loader.load(source)
