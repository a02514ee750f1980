"""Stages and transitions: who acts, how long it may take, where a return goes, what has to be shown."""

from __future__ import annotations

from typing import Any, cast

from ckanext.satudata.core.workflow.definition import (
    KINDS,
    EvidenceRule,
    Holder,
    ReturnTo,
    Stage,
    TransitionRule,
)
from ckanext.satudata.core.workflow.loader.values import Values, is_name
from ckanext.satudata.core.workflow.states import RULES

STAGE = (
    "key",
    "label",
    "kind",
    "role",
    "position",
    "scope",
    "when",
    "sla",
    "return_to",
    "resubmit_to",
    "form",
    "notes",
    "batch",
    "start_when",
    "evidence",
    "receipt",
    "optional",
    "auto_pass_after",
    "separation",
    "escalate_to",
)
TRANSITION = ("by", "position", "scope", "gates", "sla", "evidence")
SCOPES = ("organization", "tree", "all")


def read_stage(values: Values, body: dict[str, Any], path: str) -> Stage:
    """One entry of ``stages``."""
    values.only(body, STAGE, path)
    kind = values.one_of(body.get("kind", "review"), ("review", *KINDS), f"{path}.kind")
    auto_pass_after = values.sla(body.get("auto_pass_after"), f"{path}.auto_pass_after")
    if auto_pass_after is not None and auto_pass_after.unit == "frekuensi":
        values.wrong(
            f"{path}.auto_pass_after",
            "Tulis lama yang tetap, misalnya `3 hari_kerja`.",
            "Write a fixed term such as `3 hari_kerja`.",
        )
    return Stage(
        key=values.name(body.get("key"), f"{path}.key"),
        label=values.words(body.get("label"), f"{path}.label"),
        role=values.name(body.get("role"), f"{path}.role"),
        positions=values.names(body.get("position"), f"{path}.position"),
        kind=kind,
        scope=cast("Any", values.one_of(body.get("scope", "organization"), SCOPES, f"{path}.scope")),
        when=values.condition(body["when"], f"{path}.when") if body.get("when") is not None else None,
        sla=values.sla(body.get("sla"), f"{path}.sla"),
        return_to=read_return_to(values, body.get("return_to") or "produsen", f"{path}.return_to"),
        separation=values.flag(body.get("separation", True), f"{path}.separation"),
        resubmit_to=cast(
            "Any", values.one_of(body.get("resubmit_to", "first"), ("first", "here"), f"{path}.resubmit_to")
        ),
        form=values.name(body["form"], f"{path}.form") if body.get("form") is not None else None,
        # A relay hands on what others wrote, a report is only told.
        notes=values.flag(body.get("notes", kind not in ("relay", "report")), f"{path}.notes"),
        batch=cast("Any", values.one_of(body.get("batch", "per_item"), ("per_item", "per_campaign"), f"{path}.batch")),
        start_when=cast(
            "Any",
            values.one_of(
                body.get("start_when", "item_submitted"), ("item_submitted", "all_submitted"), f"{path}.start_when"
            ),
        ),
        evidence=read_evidence(values, body.get("evidence"), f"{path}.evidence", of_stage=True),
        receipt=values.flag(body.get("receipt", False), f"{path}.receipt"),
        optional=values.flag(body.get("optional", False), f"{path}.optional"),
        auto_pass_after=auto_pass_after,
        escalate_to=values.names(body.get("escalate_to"), f"{path}.escalate_to"),
    )


def read_transition(values: Values, name: str, body: dict[str, Any], path: str) -> TransitionRule:
    """One entry of ``transitions``."""
    values.only(body, TRANSITION, path)
    if name not in RULES:
        values.wrong(
            path,
            f"Langkah `{name}` tidak dikenal. Yang ada: {', '.join(RULES)}.",
            f"There is no step `{name}`. There are: {', '.join(RULES)}.",
        )
    if name in ("schedule", "unschedule"):
        values.wrong(
            path,
            f"`{name}` mengikuti `publish`. Hapus bagian ini.",
            f"`{name}` follows `publish`. Remove this part.",
        )
    positions = values.names(body.get("position"), f"{path}.position")
    written = [_holder(values, item, at) for item, at in values.one_or_more(body.get("by"), f"{path}.by")]
    # `position:` beside `by:` is for all roles that name none of their own.
    holders = [
        Holder(held.role, position)
        for held in written
        for position in ((held.position,) if held.position is not None else positions or (None,))
    ]
    named = dict.fromkeys(held.position for held in holders if held.position is not None)
    return TransitionRule(
        name=name,
        by=tuple(dict.fromkeys(held.role for held in holders)),
        positions=tuple(named) if all(held.position is not None for held in holders) else (),
        gates=values.names(body.get("gates"), f"{path}.gates"),
        sla=values.sla(body.get("sla"), f"{path}.sla"),
        holders=tuple(holders),
        scope=cast("Any", values.one_of(body.get("scope", "organization"), SCOPES, f"{path}.scope")),
        evidence=read_evidence(values, body.get("evidence"), f"{path}.evidence", of_stage=False),
    )


def read_return_to(values: Values, body: Any, path: str) -> ReturnTo:
    """``produsen``, ``previous``, ``stage:<key>``, ``via:<role>`` or ``via:<role>/<position>``."""
    kind, _, rest = str(body).partition(":")
    name, slash, position = rest.strip().partition("/")
    if kind == "produsen" and not rest:
        return ReturnTo("produsen")
    if kind == "previous" and not rest:
        return ReturnTo("previous")
    if kind == "stage" and is_name(name) and not slash:
        return ReturnTo("stage", name)
    if kind == "via" and is_name(name) and (is_name(position) or not slash):
        return ReturnTo("via", name, position or None)
    values.wrong(
        path,
        "Pilih `produsen`, `previous`, `stage:<tahap>`, `via:<peran>` atau `via:<peran>/<jabatan>`.",
        "Choose `produsen`, `previous`, `stage:<key>`, `via:<role>` or `via:<role>/<position>`.",
    )
    return ReturnTo()


def read_evidence(values: Values, body: Any, path: str, *, of_stage: bool) -> tuple[EvidenceRule, ...]:
    """Files a step produces. ``on`` is for stages: the evidence of a transition belongs to that transition."""
    if body is None:
        return ()
    found: list[EvidenceRule] = []
    for number, item in enumerate(values.items(body, path)):
        at = f"{path}[{number}]"
        entry = values.mapping(item, at)
        values.only(entry, ("kind", "label", "on", "required"), at)
        on = entry.get("on", "pass" if of_stage else "any")
        if not of_stage and "on" in entry:
            on = "any"
        found.append(
            EvidenceRule(
                kind=values.name(entry.get("kind"), f"{at}.kind"),
                label=values.words(entry.get("label"), f"{at}.label"),
                on=cast("Any", values.one_of(on, ("pass", "return", "any"), f"{at}.on")),
                required=values.flag(entry.get("required", True), f"{at}.required"),
            )
        )
    return tuple(found)


def _holder(values: Values, body: Any, path: str) -> Holder:
    role, slash, position = str(body).partition("/")
    if isinstance(body, str) and is_name(role) and (is_name(position) or not slash):
        return Holder(role, position or None)
    values.wrong(
        path,
        "Tulis peran, atau peran dan jabatannya: `walidata` atau `walidata/kasi`.",
        "Write a role, or a role with its position: `walidata` or `walidata/kasi`.",
    )
    return Holder("")
