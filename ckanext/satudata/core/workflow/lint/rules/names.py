"""Names nobody has given: roles, positions, gates, facts, forms."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from ckanext.satudata.core.workflow.conditions import facts_in
from ckanext.satudata.core.workflow.definition import POSITIONS, Stage
from ckanext.satudata.core.workflow.lint.look import Look
from ckanext.satudata.core.workflow.problem import Problem


def check(look: Look) -> Iterator[Problem]:
    """Every name that leads nowhere."""
    definition = look.definition
    for path, stage in look.stages():
        yield from _of_stage(look, stage, path)
    for name, rule in definition.transitions.items():
        path = f"transitions.{name}"
        for holder in rule.who():
            yield from _role(look, holder.role, f"{path}.by")
            if holder.position is not None:
                place = f"{path}.position" if look.wrote(f"{path}.position") else f"{path}.by"
                yield from _position(look, holder.position, place)
        for number, gate in enumerate(rule.gates):
            if look.gates is not None and gate not in look.gates:
                yield look.problem(
                    _item(look, f"{path}.gates", number),
                    f"Syarat `{gate}` tidak dikenal. {_instead(gate, look.gates, 'Yang ada')}",
                    f"There is no gate `{gate}`. {_instead(gate, look.gates, 'There are')}",
                )


def _of_stage(look: Look, stage: Stage, path: str) -> Iterator[Problem]:
    yield from _role(look, stage.role, f"{path}.role")
    for position in stage.positions:
        yield from _position(look, position, f"{path}.position")
    for position in stage.escalate_to:
        yield from _position(look, position, f"{path}.escalate_to")
    if stage.return_to.kind == "via":
        yield from _role(look, stage.return_to.name or "", f"{path}.return_to")
        if stage.return_to.position is not None:
            yield from _position(look, stage.return_to.position, f"{path}.return_to")
    if stage.form is not None and stage.form not in look.definition.forms:
        yield look.problem(
            f"{path}.form",
            f"Formulir `{stage.form}` tidak ada di `forms`. Tambahkan di sana, atau perbaiki ejaannya.",
            f"Form `{stage.form}` is not in `forms`. Add it there, or mend its spelling.",
        )
    for fact in dict.fromkeys(facts_in(stage.when)):
        if look.facts is not None and fact not in look.facts:
            yield look.problem(
                f"{path}.when",
                f"Fakta `{fact}` tidak dikenal. {_instead(fact, look.facts, 'Yang ada')}",
                f"There is no fact `{fact}`. {_instead(fact, look.facts, 'There are')}",
            )


def _role(look: Look, role: str, path: str) -> Iterator[Problem]:
    if role and role not in look.definition.roles:
        yield look.problem(
            path,
            f"Peran `{role}` tidak ada di `roles`. Tambahkan di sana, atau perbaiki ejaannya.",
            f"Role `{role}` is not in `roles`. Add it there, or mend its spelling.",
        )


def _position(look: Look, position: str, path: str) -> Iterator[Problem]:
    known = {**POSITIONS, **look.definition.positions}
    if position not in known:
        yield look.problem(
            path,
            f"Jabatan `{position}` tidak dikenal. Tambahkan di `positions`, atau pilih: {', '.join(known)}.",
            f"There is no position `{position}`. Add it to `positions`, or choose: {', '.join(known)}.",
        )


def _item(look: Look, path: str, number: int) -> str:
    item = f"{path}[{number}]"
    return item if look.wrote(item) else path


def _instead(name: str, known: Collection[str], words: str) -> str:
    near = get_close_matches(name, known, 1)
    if near:
        return f"{'Maksudnya' if words == 'Yang ada' else 'Did you mean'} `{near[0]}`?"
    return f"{words}: {', '.join(sorted(known))}."
