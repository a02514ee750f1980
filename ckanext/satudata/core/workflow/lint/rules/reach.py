"""Places nobody ever comes to, and data nobody would look at."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudata.core.workflow.conditions import holds
from ckanext.satudata.core.workflow.definition import Definition, Stage
from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.lint.worlds import spoken, worlds
from ckanext.satudata.core.workflow.problem import Problem


def check(look: Look) -> Iterator[Problem]:
    """Stages that are never entered, stages with the same key, and a way that can be empty."""
    yield from _unreviewed(look)
    seen: set[str] = set()
    for path, stage in look.stages():
        if stage.key in seen:
            yield look.problem(
                f"{path}.key",
                f"Tahap `{stage.key}` ada dua kali. Beri nama lain.",
                f"Stage `{stage.key}` is there twice. Give it another name.",
            )
        seen.add(stage.key)
        if _never_applies(stage):
            yield look.problem(
                f"{path}.when",
                f"Syarat ini tidak pernah terpenuhi, jadi tahap `{stage.key}` tidak pernah tercapai. Ubah syaratnya.",
                f"This condition never holds, so stage `{stage.key}` is never reached. Change it.",
            )
        if stage.relay and not any(_hands_to(look.definition, other, stage) for other in look.definition.stages):
            yield look.problem(
                path,
                f"Tahap penerusan `{stage.key}` tidak pernah tercapai. Tulis `return_to: via:{stage.role}` pada tahap "
                "yang mengembalikan lewat peran itu, atau hapus.",
                f"Relay stage `{stage.key}` is never reached. Write `return_to: via:{stage.role}` at the stage that "
                "returns through that role, or remove it.",
            )


def _unreviewed(look: Look) -> Iterator[Problem]:
    judging = [stage for stage in look.definition.stages if stage.judges and not stage.optional]
    possible = worlds(stage.when for stage in judging)
    if possible is None:
        empty = None if any(stage.when is None for stage in judging) else ""
    else:
        left_out = (world for world in possible if not any(holds(stage.when, world) for stage in judging))
        first = next(left_out, None)
        empty = spoken(first) if first is not None else None
    if empty is None:
        return
    example = (f" Contohnya: {empty}.", f" For example: {empty}.") if empty else ("", "")
    yield look.problem(
        "stages",
        "Ada dataset yang tidak diperiksa siapa pun." + example[0] + " Tambah satu tahap tanpa `when` yang memeriksa "
        "(bukan `relay`, `report` atau `optional`).",
        "Some datasets would be reviewed by nobody." + example[1] + " Add a stage without `when` that judges (no "
        "`relay`, `report` or `optional`).",
    )


def _never_applies(stage: Stage) -> bool:
    possible = worlds([stage.when])
    return possible is not None and not any(holds(stage.when, world) for world in possible)


def _hands_to(definition: Definition, stage: Stage, relay: Stage) -> bool:
    """Whether a return of ``stage`` can go to this relay: for some dataset both apply, and it is the first to fit."""
    way = stage.return_to
    if not stage.judges or way.kind != "via":
        return False
    possible = worlds([stage.when, *(other.when for other in definition.stages if other.relay)])
    if possible is None:
        return way.name == relay.role
    met = (world for world in possible if holds(stage.when, world))
    return any(definition.relay(way.name, way.position, world) == relay for world in met)
