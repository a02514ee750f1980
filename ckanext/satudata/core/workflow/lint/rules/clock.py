"""Stages that pass by themselves, but cannot."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.problem import Problem


def check(look: Look) -> Iterator[Problem]:
    """``auto_pass_after`` where a person has to attach, answer or hand on something."""
    for path, stage in look.stages():
        if stage.auto_pass_after is None:
            continue
        form = look.definition.form_of(stage)
        if stage.relay:
            yield look.problem(
                f"{path}.auto_pass_after",
                "Penerusan tidak dapat lolos sendiri: catatannya akan kembali tanpa sampai. Hapus baris ini.",
                "A relay cannot pass by itself: the note would come back undelivered. Remove this line.",
            )
        elif any(rule.required and rule.belongs_to("pass") for rule in stage.evidence) or (
            form is not None and any(question.required for question in form.questions)
        ):
            yield look.problem(
                f"{path}.auto_pass_after",
                "Tahap ini meminta berkas atau formulir, jadi tidak pernah lolos sendiri. Hapus salah satunya.",
                "This stage asks for a file or a form, so it never passes by itself. Remove one of them.",
            )
