"""Whether the portal's procedures, and the rules that choose among them, are in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from ckanext.satudata.bridge import contributions
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow import lint
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.loader import DefinitionError
from ckanext.satudata.core.workflow.problem import Problem
from ckanext.satudata.workflow.procedures import definitions, selection, shelf

NO_FILE = Text(
    "Tidak ada `workflows/{key}.yaml` di rulebook mana pun. Perbaiki namanya, atau tambah berkasnya.",
    "No rulebook has `workflows/{key}.yaml`. Mend its name, or add the file.",
)
NO_FACT = Text(
    "Fakta `{fact}` tidak dikenal. Yang ada: {known}.",
    "There is no fact `{fact}`. There are: {known}.",
)
NO_RULES = Text("Berkas selection.yaml tidak ada di rulebook mana pun.", "No rulebook has a selection.yaml.")


@dataclass(frozen=True, slots=True)
class Judged:
    """A file with what is wrong with it."""

    name: str
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Verdict:
    """Every file that was looked at, in order; ``otherwise`` is the procedure for what no rule matches."""

    files: list[Judged] = field(default_factory=list[Judged])
    otherwise: str | None = None

    @property
    def count(self) -> int:
        return sum(len(judged.problems) for judged in self.files)


def known_facts() -> frozenset[str]:
    """Every fact a condition may ask for in this portal."""
    held = [getattr(adapter, "fact_names", ()) for adapter in contributions.subjects().values()]
    return frozenset(contributions.facts()).union(*held)


def of_definition(definition: Definition) -> list[Problem]:
    """What is wrong with a procedure here: with the gates and facts this portal has."""
    return lint.lint(definition, gates=frozenset(contributions.gates()), facts=known_facts())


def of_key(key: str) -> list[Problem]:
    """As :func:`of_definition`, for a procedure of a rulebook; also when there is none, or it cannot be read."""
    try:
        return of_definition(definitions.by_key(key))
    except LookupError:
        return [Problem(1, "", Text(NO_FILE.render("id", key=key), NO_FILE.render("en", key=key)))]
    except DefinitionError as error:
        return list(error.problems)


def everything() -> Verdict:
    """The rules, and every procedure that can be chosen by them or by the option."""
    verdict = Verdict([_rules()], selection.fallback())
    verdict.files += [Judged(f"workflows/{key}.yaml", tuple(of_key(key))) for key in selection.choosable()]
    return verdict


def _rules() -> Judged:
    name = str(shelf.selection_path() or shelf.SELECTION)
    try:
        found = selection.rules()
    except LookupError:
        return Judged(name, (Problem(1, "", NO_RULES),))
    except DefinitionError as error:
        return Judged(name, error.problems)
    known = known_facts()
    parameters = {"known": ", ".join(sorted(known))}
    problems: list[Problem] = []
    for number, rule in enumerate(found.rules):
        for fact in selection.facts_of(rule):
            if fact not in known:
                said = Text(*(NO_FACT.render(spoken, fact=fact, **parameters) for spoken in ("id", "en")))
                problems.append(Problem(rule.line, f"rules[{number}].when", said))
    return Judged(name, tuple(problems))
