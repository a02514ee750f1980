"""What is written but never asked: forms, evidence, terms of batches."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudata.core.workflow.definition import EvidenceRule, Stage
from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.problem import Problem


def check(look: Look) -> Iterator[Problem]:
    """Everything that has no use where it stands."""
    asked = {stage.form for stage in look.definition.stages if stage.judges}
    for key, form in look.definition.forms.items():
        if key not in asked:
            yield look.problem(
                f"forms.{key}",
                f"Formulir `{key}` tidak dipakai tahap mana pun. Tulis `form: {key}` pada sebuah tahap, atau hapus.",
                f"No stage uses form `{key}`. Write `form: {key}` at a stage, or remove it.",
            )
        if not form.questions:
            yield look.problem(
                f"forms.{key}.questions",
                f"Formulir `{key}` tanpa pertanyaan. Tambah satu, atau hapus formulirnya.",
                f"Form `{key}` has no questions. Add one, or remove the form.",
            )
    for path, stage in look.stages():
        yield from _of_stage(look, stage, path)
    for name, rule in look.definition.transitions.items():
        yield from _twice(look, rule.evidence, f"transitions.{name}")


def _of_stage(look: Look, stage: Stage, path: str) -> Iterator[Problem]:
    if stage.form is not None and not stage.judges:
        yield look.problem(
            f"{path}.form",
            f"Tahap `{stage.kind}` tidak menilai, jadi formulirnya tidak ditanyakan. Pindahkan ke tahap lain.",
            f"A `{stage.kind}` stage judges nothing, so its form is not asked. Move it to another stage.",
        )
    for number, rule in enumerate(stage.evidence):
        if stage.kind == "report" and rule.on == "return":
            yield look.problem(
                f"{path}.evidence[{number}].on",
                "Laporan tidak dapat dikembalikan, jadi berkas ini tidak pernah diminta. Tulis `on: pass`.",
                "A report cannot be returned, so this file is never asked for. Write `on: pass`.",
            )
    yield from _twice(look, stage.evidence, path)
    if stage.sla is not None and stage.sla.basis == "batch" and not _in_batches(stage):
        yield look.problem(
            f"{path}.sla",
            "Tenggat per kumpulan hanya untuk tahap dengan `batch: per_campaign` atau `start_when: all_submitted`.",
            "A term per batch is for a stage with `batch: per_campaign` or `start_when: all_submitted`.",
        )
    if stage.escalate_to and stage.sla is None:
        yield look.problem(
            f"{path}.escalate_to",
            "Tanpa `sla` tahap ini tidak pernah terlambat, jadi tidak ada yang diberi tahu. Tambah `sla`, atau hapus.",
            "Without `sla` this stage is never late, so nobody is told. Add `sla`, or remove this.",
        )


def _in_batches(stage: Stage) -> bool:
    return stage.batch == "per_campaign" or stage.start_when == "all_submitted"


def _twice(look: Look, evidence: tuple[EvidenceRule, ...], path: str) -> Iterator[Problem]:
    for number, rule in enumerate(evidence):
        for other in evidence[:number]:
            if other.kind == rule.kind and (other.on == rule.on or "any" in (other.on, rule.on)):
                yield look.problem(
                    f"{path}.evidence[{number}].kind",
                    f"Berkas `{rule.kind}` diminta dua kali. Hapus salah satunya.",
                    f"File `{rule.kind}` is asked for twice. Remove one of them.",
                )
