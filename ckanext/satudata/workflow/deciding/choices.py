"""What somebody may do now, open or closed, with each reason; as the answer of `satudata_available`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.core.workflow.answers import YES_NO
from ckanext.satudata.core.workflow.case import Actor
from ckanext.satudata.core.workflow.definition import EvidenceRule, Form, Question
from ckanext.satudata.core.workflow.engine import Option
from ckanext.satudata.core.workflow.reasons import codes_of
from ckanext.satudata.workflow.deciding import decisions
from ckanext.satudata.workflow.proofs import evidence
from ckanext.satudata.workflow.sharing import claims
from ckanext.satudata.workflow.standing import cases, situation, status
from ckanext.satudata.workflow.standing.cases import Loaded


def available_dict(loaded: Loaded, user_id: str | None) -> dict[str, Any]:
    """See :func:`satudata_available`."""
    spoken = language()
    actor = cases.actor(user_id, loaded.row)
    found = options(loaded, actor)
    kinds = evidence.kinds(loaded.row.id, actor.id) if any(option.evidence for option in found) else frozenset[str]()
    holder = claims.holder(loaded.row, loaded.definition) if loaded.row.holder_id is not None else None
    return {
        "id": loaded.row.subject_id,
        "expected": status.expected(loaded),
        "content_hash": loaded.view.content_hash,
        "holder": {**holder, "mine": holder["id"] == user_id} if holder is not None else None,
        "deputy_for": _deputy(loaded, actor, found, spoken),
        "options": [_option(loaded, option, kinds, spoken) for option in found],
    }


def options(loaded: Loaded, actor: Actor) -> list[Option]:
    """Every step out of the present state. Gates are asked for the steps the person could take, and for no others."""
    row, definition = loaded.row, loaded.definition
    case = situation.core_case(row, definition)
    first = engine.available(definition, case, actor, loaded.facts, {})
    asked = {
        option.transition: cases.gate_reasons(definition, option.transition, loaded.view)
        for option in first
        if (option.mine or actor.sysadmin) and engine.gates_of(definition, option.transition) and not loaded.why
    }
    found = engine.available(definition, case, actor, loaded.facts, asked) if any(asked.values()) else first
    return [_without_procedure(loaded, option) for option in found]


def _without_procedure(loaded: Loaded, option: Option) -> Option:
    why = decisions.closed(loaded, option.transition)
    return replace(option, open=False, override=False, reasons=tuple(why)) if why else option


def _option(loaded: Loaded, option: Option, kinds: frozenset[str], spoken: str) -> dict[str, Any]:
    definition = loaded.definition
    return {
        "transition": option.transition,
        "label": option.label.render(spoken),
        "open": option.open,
        "mine": option.mine,
        "kind": option.rule.direction,
        "needs_note": option.needs_note,
        "needs": {
            "note": option.needs_note,
            "reason_code": option.needs_reason_code,
            "reason_codes": _codes(option.transition, spoken),
            "moment": option.needs_moment,
            "evidence": [_evidence(rule, kinds, spoken) for rule in option.evidence],
            "form": _form(option.form, spoken) if option.form is not None else None,
        },
        "override": option.override,
        "needs_reason": option.override,
        "target_state": option.target.state if option.target is not None else None,
        "target_stage": option.target.stage if option.target is not None else None,
        "target_label": engine.target_label(definition, option.target).render(spoken),
        "by_label": ", ".join(definition.holder_label(holder).render(spoken) for holder in option.holders),
        "reasons": [found.to_dict(spoken) for found in option.reasons],
    }


def _codes(transition: str, spoken: str) -> list[dict[str, str]]:
    return [{"code": code, "label": label.render(spoken)} for code, label in codes_of(transition).items()]


def _evidence(rule: EvidenceRule, kinds: frozenset[str], spoken: str) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "label": rule.label.render(spoken),
        "required": rule.required,
        "attached": rule.kind in kinds,
    }


def _form(form: Form, spoken: str) -> dict[str, Any]:
    return {
        "key": form.key,
        "title": form.title.render(spoken),
        "questions": [_question(question, spoken) for question in form.questions],
    }


def _question(question: Question, spoken: str) -> dict[str, Any]:
    offered = [(choice.value, choice.label) for choice in question.choices]
    if question.kind == "yes_no":
        offered = list(YES_NO.items())
    return {
        "key": question.key,
        "label": question.label.render(spoken),
        "kind": question.kind,
        "required": question.required,
        "choices": [{"value": value, "label": label.render(spoken)} for value, label in offered],
        "stop": question.stop,
    }


def _deputy(loaded: Loaded, actor: Actor, found: list[Option], spoken: str) -> dict[str, Any] | None:
    """For whom the person would act: only where no role of their own opens the step."""
    waiting = {(holder.role, holder.position) for option in found if option.mine for holder in option.holders}
    fitting = [
        grant
        for grant in cases.grants_for(actor.id, loaded.row.organization_id)
        if {(grant.role, grant.position), (grant.role, None)} & waiting
    ]
    grant = next((one for one in fitting if one.deputy_of is not None), None)
    if grant is None or any(one.deputy_of is None for one in fitting):
        return None
    definition = loaded.definition
    label = definition.position_label(grant.position) if grant.position else definition.role_label(grant.role)
    principal = model.User.get(grant.deputy_of)
    letter = model.Session.execute(sa.select(roles.GRANT.c.letter).where(roles.GRANT.c.id == grant.id)).scalar()
    return {
        "id": grant.deputy_of,
        "name": principal.display_name if principal is not None else None,
        "kind": grant.deputy_kind,
        "title": roles.title_of(grant, label.render(spoken)),
        "letter": letter,
    }
