"""Stages and steps nobody can act in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.workflow.definition import Holder
from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.problem import Problem

# Members of an office hold this role there without a grant.
MEMBERS = "produsen_data"


def check(look: Look) -> Iterator[Problem]:
    """Where nobody holds the role, and where the definition itself keeps everybody out."""
    for path, stage in look.stages():
        if stage.scope == "all" and stage.role == MEMBERS:
            yield look.problem(
                f"{path}.scope",
                f"`{MEMBERS}` selalu dari satu organisasi, jadi tidak ada yang dapat bekerja di tahap ini. "
                "Hapus `scope: all`.",
                f"`{MEMBERS}` is always of one organization, so nobody can act in this stage. Remove `scope: all`.",
            )
        if not stage.optional:
            yield from _unheld(look, stage.who(), f"{path}.role", f"tahap `{stage.key}`", f"stage `{stage.key}`")
    for name, rule in look.definition.transitions.items():
        if rule.by:
            path = f"transitions.{name}.by"
            yield from _unheld(look, rule.who(), path, f"langkah `{name}`", f"step `{name}`")


def _unheld(look: Look, holders: Iterable[Holder], path: str, indonesian: str, english: str) -> Iterator[Problem]:
    wanted = tuple(holders)
    if look.held is None or any(_fits(holder, held) for holder in wanted for held in look.held):
        return
    if any(holder.role == MEMBERS for holder in wanted):
        return
    id_words = " atau ".join(look.definition.holder_label(holder).id for holder in wanted)
    en_words = " or ".join(look.definition.holder_label(holder).en for holder in wanted)
    yield look.problem(
        path,
        f"Belum ada {id_words}, jadi {indonesian} akan macet. Beri seseorang peran itu, atau tulis `optional: true`.",
        f"There is no {en_words} yet, so {english} would be stuck. Give somebody that role, or write `optional: true`.",
    )


def _fits(wanted: Holder, held: Holder) -> bool:
    return wanted.role == held.role and wanted.position in (None, held.position)
