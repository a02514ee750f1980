"""States without a way out, and steps that contradict the purpose."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.problem import Problem
from ckanext.satudata.core.workflow.states import RULES

NEEDED = ("submit", "withdraw", "reopen")
STAGE_STEPS = frozenset(name for name, rule in RULES.items() if rule.by_stage)


def check(look: Look) -> Iterator[Problem]:
    """Dead ends, steps of nobody, publishing where nothing is published."""
    definition = look.definition
    for name in NEEDED:
        if name not in definition.transitions:
            yield look.problem(
                "transitions",
                f"Langkah `{name}` belum diatur, jadi ada keadaan tanpa jalan keluar. Tambah `{name}: {{by: …}}`.",
                f"Step `{name}` is missing, so some state has no way out. Add `{name}: {{by: …}}`.",
            )
    yield from _purpose(look)
    for name, rule in definition.transitions.items():
        path = f"transitions.{name}"
        if name not in STAGE_STEPS and not rule.by:
            yield look.problem(
                path,
                f"Tulis siapa yang boleh: `by: …` pada `{name}`.",
                f"Say who may: `by: …` at `{name}`.",
            )
        if name == "takedown" and (rule.gates or any(one.required for one in rule.evidence)):
            yield look.problem(
                path,
                "`takedown` berlaku seketika, jadi tidak menunggu syarat atau berkas. Hapus keduanya.",
                "`takedown` happens at once, so no gate and no needed file may hold it up. Remove them.",
            )
        if name in STAGE_STEPS and rule.by and name != "return":
            yield look.problem(
                f"{path}.by",
                f"`{name}` dilakukan peran tahapnya. Hapus `by`.",
                f"`{name}` is taken by the role of the stage. Remove `by`.",
            )


def _purpose(look: Look) -> Iterator[Problem]:
    published = "publish" in look.definition.transitions
    if look.definition.purpose == "verification" and published:
        yield look.problem(
            "transitions.publish",
            "`purpose: verification` berakhir di “disetujui” dan tidak terbit. Hapus `publish`, atau ubah `purpose`.",
            "`purpose: verification` ends approved and is never published. Remove `publish`, or change `purpose`.",
        )
    if look.definition.purpose == "publication" and not published:
        yield look.problem(
            "transitions",
            "Data yang disetujui tidak dapat terbit. Tambah `publish: {by: …}`, atau tulis `purpose: verification`.",
            "Approved data cannot be published. Add `publish: {by: …}`, or write `purpose: verification`.",
        )
