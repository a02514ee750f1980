"""What a definition that can be read may still get wrong: unknown names, dead ends, nobody who may act."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import facts_in
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.core.workflow.problem import Problem
from ckanext.satudata.core.workflow.states import RULES

NEEDED = ("submit", "withdraw", "reopen")
STAGE_STEPS = frozenset(name for name, rule in RULES.items() if rule.by_stage)


def lint(
    definition: Definition, *, gates: Collection[str] | None = None, facts: Collection[str] | None = None
) -> list[Problem]:
    """Every mistake; ``gates`` and ``facts`` are the names the portal knows (``None``: not judged, on a laptop)."""
    problems = [
        *_stages(definition, facts),
        *_returns(definition),
        *_transitions(definition, gates),
    ]
    return sorted(problems, key=lambda problem: (problem.line, problem.path))


def _problem(definition: Definition, path: str, indonesian: str, english: str) -> Problem:
    line = 0
    place = path
    while place and not line:
        line = definition.lines.get(place, 0)
        place = place.rpartition(".")[0]
    return Problem(line or 1, path, Text(indonesian, english))


def _stages(definition: Definition, facts: Collection[str] | None) -> Iterator[Problem]:
    if not any(stage.when is None for stage in definition.stages):
        yield _problem(
            definition,
            "stages",
            "Tidak ada tahap yang selalu berlaku, jadi ada dataset yang tidak diperiksa siapa pun. "
            "Tambah satu tahap tanpa `when`.",
            "No stage applies always, so some datasets would be reviewed by nobody. Add a stage without `when`.",
        )
    seen: set[str] = set()
    for number, stage in enumerate(definition.stages):
        path = f"stages[{number}]"
        if stage.key in seen:
            yield _problem(
                definition, f"{path}.key", f"Tahap `{stage.key}` ada dua kali.", f"Stage `{stage.key}` is there twice."
            )
        seen.add(stage.key)
        yield from _role(definition, stage.role, f"{path}.role")
        for fact in facts_in(stage.when):
            if facts is not None and fact not in facts:
                yield _problem(
                    definition,
                    f"{path}.when",
                    f"Fakta `{fact}` tidak dikenal. Yang ada: {', '.join(sorted(facts))}.",
                    f"There is no fact `{fact}`. There are: {', '.join(sorted(facts))}.",
                )


def _returns(definition: Definition) -> Iterator[Problem]:
    for number, stage in enumerate(definition.stages):
        path = f"stages[{number}].return_to"
        before = definition.stages[:number]
        target = stage.return_to
        if target.kind == "stage" and not _has(before, target.name):
            yield _problem(
                definition,
                path,
                f"Tahap `{target.name}` tidak ada sebelum `{stage.key}`. Sebut tahap yang lebih awal.",
                f"There is no stage `{target.name}` in front of `{stage.key}`. Name an earlier one.",
            )
        if target.kind == "via" and target.name not in {other.role for other in before}:
            yield _problem(
                definition,
                path,
                f"Tidak ada tahap `{target.name}` sebelum `{stage.key}`, jadi catatan tidak dapat lewat peran itu.",
                f"No stage of `{target.name}` is in front of `{stage.key}`, so a note cannot pass through it.",
            )
        if target.kind == "previous" and not before:
            yield _problem(
                definition,
                path,
                f"`{stage.key}` adalah tahap pertama; kembalikan ke `produsen`.",
                f"`{stage.key}` is the first stage; return to `produsen`.",
            )


def _has(stages: Collection[Stage], key: str | None) -> bool:
    return any(stage.key == key for stage in stages)


def _transitions(definition: Definition, gates: Collection[str] | None) -> Iterator[Problem]:
    for name in NEEDED:
        if name not in definition.transitions:
            yield _problem(
                definition,
                "transitions",
                f"Langkah `{name}` belum diatur, jadi ada keadaan tanpa jalan keluar. Tambah `{name}: (by: …)`.",
                f"Step `{name}` is missing, so some state has no way out. Add `{name}: (by: …)`.",
            )
    for name, rule in definition.transitions.items():
        path = f"transitions.{name}"
        if name not in STAGE_STEPS and not rule.by:
            yield _problem(
                definition,
                path,
                f"Tulis siapa yang boleh: `by: …` pada `{name}`.",
                f"Say who may: `by: …` at `{name}`.",
            )
        if name in STAGE_STEPS and rule.by and name != "return":
            yield _problem(
                definition,
                f"{path}.by",
                f"`{name}` dilakukan peran tahapnya. Hapus `by`.",
                f"`{name}` is taken by the role of the stage. Remove `by`.",
            )
        for role in rule.by:
            yield from _role(definition, role, f"{path}.by")
        for gate in rule.gates:
            if gates is not None and gate not in gates:
                yield _problem(
                    definition,
                    f"{path}.gates",
                    f"Syarat `{gate}` tidak dikenal. Yang ada: {', '.join(sorted(gates))}.",
                    f"There is no gate `{gate}`. There are: {', '.join(sorted(gates))}.",
                )


def _role(definition: Definition, role: str, path: str) -> Iterator[Problem]:
    if role and role not in definition.roles:
        yield _problem(
            definition,
            path,
            f"Peran `{role}` tidak ada di `roles`. Tambahkan di sana, atau perbaiki ejaannya.",
            f"Role `{role}` is not in `roles`. Add it there, or mend its spelling.",
        )
