"""The procedures of the portal for reading: what they say, and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow import chart, engine, reading
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.workflow.procedures import definitions, selection
from ckanext.satudata.workflow.standing.cases import Loaded


def listed() -> list[dict[str, Any]]:
    """See :func:`satudata_workflow_list`."""
    spoken, other = language(), selection.fallback()
    return [{**summary(definition, spoken), "default": key == other} for key, definition in definitions.known().items()]


def shown(definition: Definition, here: str | None = None) -> dict[str, Any]:
    """See :func:`satudata_workflow_show`."""
    spoken = language()
    return {
        **summary(definition, spoken),
        "stages": [_stage(definition, stage, spoken) for stage in definition.stages],
        "readers": _readers(definition, spoken),
        "here": here,
        "svg": chart.svg(definition, here=here, language=spoken),
        "mermaid": chart.mermaid(definition, here=here, language=spoken),
    }


def place(loaded: Loaded) -> str | None:
    """Where a case stands, as the picture marks it; nowhere when it left the procedure."""
    row = loaded.row
    if row.state == "in_review":
        return row.stage
    return row.state if row.state in ("draft", "revision", "verified", "published") else None


def summary(definition: Definition, spoken: str) -> dict[str, Any]:
    """Key, title and what it is about."""
    return {
        "key": definition.key,
        "title": definition.title.render(spoken),
        "about": definition.about.render(spoken) if definition.about is not None else None,
        "basis": definition.basis,
        "purpose": definition.purpose,
    }


def stage_words(definition: Definition, stage: Stage, spoken: str) -> dict[str, Any]:
    """What a stage is called, who acts there and how long they have, whatever the case."""
    return {
        "key": stage.key,
        "label": stage.label.render(spoken),
        "kind": stage.kind,
        "role": stage.role,
        "role_label": definition.role_label(stage.role).render(spoken),
        "sla": stage.sla.text().render(spoken) if stage.sla is not None else None,
        "optional": stage.optional,
    }


def _readers(definition: Definition, spoken: str) -> list[dict[str, Any]]:
    """What reviewers read of what is not public, role by role."""
    return [
        {
            "role": role,
            "role_label": definition.role_label(role).render(spoken),
            "reads": definition.reads_of(role),
            "reads_label": reading.WORDS[definition.reads_of(role)].render(spoken),
        }
        for role in definition.roles
        if role != engine.PRODUCER
    ]


def _stage(definition: Definition, stage: Stage, spoken: str) -> Mapping[str, Any]:
    return {
        **stage_words(definition, stage, spoken),
        "positions": [{"key": key, "label": definition.position_label(key).render(spoken)} for key in stage.positions],
        "evidence": [rule.label.render(spoken) for rule in stage.evidence],
    }
