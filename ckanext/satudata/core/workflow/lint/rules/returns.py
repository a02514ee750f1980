"""Returns that lead into nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudata.core.workflow.definition import Stage
from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.problem import Problem


def check(look: Look) -> Iterator[Problem]:
    """Every ``return_to`` whose target is not there, or that is never asked."""
    for number, stage in enumerate(look.definition.stages):
        path = f"stages[{number}].return_to"
        if stage.judges:
            before = [other for other in look.definition.stages[:number] if not other.relay]
            yield from _target(look, stage, before, path)
        elif look.wrote(path):
            kind = "penerusan" if stage.relay else "laporan"
            where = (
                "selalu ke Produsen Data atau balik ke pengirim" if stage.relay else "tidak ada; laporan hanya dibaca"
            )
            yield look.problem(
                path,
                f"Tahap {kind} tidak memakai `return_to` ({where}). Hapus baris ini.",
                f"A {stage.kind} stage has no `return_to`: "
                + ("it hands on to the producer, or sends back." if stage.relay else "a report is only read.")
                + " Remove this line.",
            )


def _target(look: Look, stage: Stage, before: list[Stage], path: str) -> Iterator[Problem]:
    way = stage.return_to
    if way.kind == "stage" and not any(other.key == way.name for other in before):
        yield look.problem(
            path,
            f"Tahap `{way.name}` tidak ada sebelum `{stage.key}`. Sebut tahap yang lebih awal.",
            f"There is no stage `{way.name}` in front of `{stage.key}`. Name an earlier one.",
        )
    if way.kind == "previous" and not before:
        yield look.problem(
            path,
            f"`{stage.key}` adalah tahap pertama; kembalikan ke `produsen`.",
            f"`{stage.key}` is the first stage; return to `produsen`.",
        )
    if way.kind == "via":
        relays = [other for other in look.definition.stages if other.relay]
        if not any(
            other.role == way.name and (way.position is None or not other.positions or way.position in other.positions)
            for other in [*relays, *before]
        ):
            who = f"{way.name}/{way.position}" if way.position is not None else f"{way.name}"
            yield look.problem(
                path,
                f"Tidak ada tahap `{who}` sebelum `{stage.key}`, jadi catatan tidak dapat lewat sana. Tambah tahap "
                "dengan `kind: relay` untuk peran itu.",
                f"No stage of `{who}` is in front of `{stage.key}`, so a note cannot pass there. Add a stage with "
                "`kind: relay` for that role.",
            )
