"""Read a definition from YAML; every mistake is told with its line, all of them at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import yaml

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import AllOf, AnyOf, Condition, IsOneOf, IsYes, Not
from ckanext.satudata.core.workflow.definition import Definition, ReturnTo, Sla, Stage, TransitionRule
from ckanext.satudata.core.workflow.states import RULES

# PyYAML carries no types.
_yaml = cast("Any", yaml)

UNITS = ("menit", "jam", "hari", "hari_kerja", "minggu")
KINDS = ("completeness", "review", "correction", "sign_off", "qa", "approve")
TOP = ("format", "key", "title", "about", "roles", "stages", "transitions")
STAGE = ("key", "label", "kind", "role", "position", "scope", "when", "sla", "return_to", "separation")
TRANSITION = ("by", "position", "gates", "sla")


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a definition: line (1 is the first), place, and what to do."""

    line: int
    path: str
    text: Text

    def render(self, language: str = "id") -> str:
        word = "line" if language == "en" else "baris"
        return (
            f"{word} {self.line}: {self.path}: {self.text.render(language)}"
            if self.path
            else self.text.render(language)
        )


class DefinitionError(ValueError):
    """A file that is no definition; ``problems`` holds every mistake found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.render("en") for problem in problems))


def load(source: str) -> Definition:
    """The definition in a YAML text; :class:`DefinitionError` with all mistakes when it is none."""
    reader = _Reader()
    definition = reader.read(source)
    if definition is None or reader.problems:
        raise DefinitionError(sorted(reader.problems, key=lambda problem: problem.line))
    return definition


def digest(source: str) -> str:
    """SHA-256 of the text; the version of a definition."""
    return hashlib.sha256(source.encode()).hexdigest()


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}

    def read(self, source: str) -> Definition | None:
        try:
            node: Any = _yaml.compose(source, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = int(mark.line) + 1 if mark is not None else 1
            self.problems.append(
                Problem(
                    line,
                    "(YAML)",
                    Text(
                        "Berkas ini bukan YAML yang benar. Periksa spasi di awal baris dan tanda titik dua.",
                        "This is no correct YAML. Check the spaces at the start of the line and the colons.",
                    ),
                )
            )
            return None
        document = self._plain(node, "") if node is not None else None
        if not isinstance(document, dict):
            self._wrong(
                "",
                "Definisi dimulai dengan `key:`, `roles:`, `stages:` dan `transitions:`.",
                "A definition starts with `key:`, `roles:`, `stages:` and `transitions:`.",
            )
            return None
        return self._definition(cast("dict[str, Any]", document))

    # YAML nodes to plain values, remembering lines

    def _plain(self, node: Any, path: str) -> Any:
        self.lines.setdefault(path, int(node.start_mark.line) + 1)
        if isinstance(node, yaml.MappingNode):
            values: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                below = f"{path}.{key}" if path else key
                if key in values:
                    self.lines[below] = int(key_node.start_mark.line) + 1
                    self._wrong(
                        below,
                        f"`{key}` ditulis dua kali. Hapus salah satunya.",
                        f"`{key}` is written twice. Remove one of them.",
                    )
                    continue
                self.lines[below] = int(key_node.start_mark.line) + 1
                values[key] = self._plain(value_node, below)
            return values
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, f"{path}[{number}]") for number, item in enumerate(node.value)]
        return _yaml.SafeLoader("").construct_object(node)

    # the parts of a definition

    def _definition(self, document: dict[str, Any]) -> Definition:
        self._only(document, TOP, "")
        if document.get("format") != 1:
            self._wrong("format", "Tulis `format: 1`.", "Write `format: 1`.")
        roles = {
            name: self._words(words, f"roles.{name}")
            for name, words in self._mapping(document.get("roles"), "roles").items()
        }
        stages = [
            self._stage(self._mapping(item, f"stages[{number}]"), f"stages[{number}]")
            for number, item in enumerate(self._list(document.get("stages"), "stages"))
        ]
        transitions = {
            name: self._transition(name, self._mapping(body, f"transitions.{name}"), f"transitions.{name}")
            for name, body in self._mapping(document.get("transitions"), "transitions").items()
        }
        about = document.get("about")
        return Definition(
            key=self._name(document.get("key"), "key"),
            title=self._words(document.get("title"), "title"),
            about=self._words(about, "about") if about is not None else None,
            roles=roles,
            stages=tuple(stages),
            transitions=transitions,
            lines=self.lines,
        )

    def _stage(self, body: dict[str, Any], path: str) -> Stage:
        self._only(body, STAGE, path)
        scope = body.get("scope", "organization")
        if scope not in ("organization", "all"):
            self._wrong(f"{path}.scope", "Pilih `organization` atau `all`.", "Choose `organization` or `all`.")
        kind = body.get("kind", "review")
        if kind not in KINDS:
            self._wrong(f"{path}.kind", f"Pilih salah satu: {', '.join(KINDS)}.", f"Choose one of: {', '.join(KINDS)}.")
        separation = body.get("separation", True)
        if not isinstance(separation, bool):
            self._wrong(f"{path}.separation", "Tulis `true` atau `false`.", "Write `true` or `false`.")
        return Stage(
            key=self._name(body.get("key"), f"{path}.key"),
            label=self._words(body.get("label"), f"{path}.label"),
            role=self._name(body.get("role"), f"{path}.role"),
            positions=self._names(body.get("position"), f"{path}.position"),
            kind=str(kind),
            scope="all" if scope == "all" else "organization",
            when=self._condition(body["when"], f"{path}.when") if "when" in body else None,
            sla=self._sla(body.get("sla"), f"{path}.sla"),
            return_to=self._return_to(body.get("return_to", "produsen"), f"{path}.return_to"),
            separation=bool(separation),
        )

    def _transition(self, name: str, body: dict[str, Any], path: str) -> TransitionRule:
        self._only(body, TRANSITION, path)
        if name not in RULES:
            self._wrong(
                path,
                f"Langkah `{name}` tidak dikenal. Yang ada: {', '.join(RULES)}.",
                f"There is no step `{name}`. There are: {', '.join(RULES)}.",
            )
        return TransitionRule(
            name=name,
            by=self._names(body.get("by"), f"{path}.by"),
            positions=self._names(body.get("position"), f"{path}.position"),
            gates=self._names(body.get("gates"), f"{path}.gates"),
            sla=self._sla(body.get("sla"), f"{path}.sla"),
        )

    def _condition(self, body: Any, path: str) -> Condition | None:
        if isinstance(body, str):
            return IsYes(body)
        if isinstance(body, dict):
            return self._compound(cast("dict[str, Any]", body), path)
        self._wrong(
            path, "Tulis nama fakta, atau `{fact: …, is: …}`.", "Write the name of a fact, or `{fact: …, is: …}`."
        )
        return None

    def _compound(self, body: dict[str, Any], path: str) -> Condition | None:
        keys = set(body)
        if keys == {"fact", "is"}:
            return IsOneOf(str(body["fact"]), (body["is"],))
        if keys == {"fact", "in"}:
            return IsOneOf(str(body["fact"]), tuple(self._list(body["in"], f"{path}.in")))
        if keys in ({"all"}, {"any"}):
            name = next(iter(keys))
            items = self._list(body[name], f"{path}.{name}")
            parts = [self._condition(item, f"{path}.{name}[{number}]") for number, item in enumerate(items)]
            known = tuple(part for part in parts if part is not None)
            return AllOf(known) if name == "all" else AnyOf(known)
        if keys == {"not"}:
            part = self._condition(body["not"], f"{path}.not")
            return Not(part) if part is not None else None
        self._wrong(
            path,
            "Syarat memakai `fact` dengan `is` atau `in`, atau `all`, `any`, `not`.",
            "A condition uses `fact` with `is` or `in`, or `all`, `any`, `not`.",
        )
        return None

    def _sla(self, body: Any, path: str) -> Sla | None:
        if body is None:
            return None
        value, unit = None, None
        if isinstance(body, str) and len(body.split()) == 2:
            value, unit = body.split()
        elif isinstance(body, dict):
            mapping = cast("dict[str, Any]", body)
            self._only(mapping, ("value", "unit"), path)
            value, unit = mapping.get("value"), mapping.get("unit")
        if str(value).isdigit() and int(str(value)) > 0 and unit in UNITS:
            return Sla(int(str(value)), str(unit))
        self._wrong(
            path,
            f"Tulis tenggat seperti `5 hari_kerja`. Satuan: {', '.join(UNITS)}.",
            f"Write a term such as `5 hari_kerja`. Units: {', '.join(UNITS)}.",
        )
        return None

    def _return_to(self, body: Any, path: str) -> ReturnTo:
        kind, _, name = str(body).partition(":")
        if kind in ("produsen", "previous") and not name:
            return ReturnTo("produsen" if kind == "produsen" else "previous")
        if kind in ("stage", "via") and name.strip():
            return ReturnTo("stage" if kind == "stage" else "via", name.strip())
        self._wrong(
            path,
            "Pilih `produsen`, `previous`, `stage:<tahap>` atau `via:<peran>`.",
            "Choose `produsen`, `previous`, `stage:<key>` or `via:<role>`.",
        )
        return ReturnTo()

    # small values

    def _words(self, body: Any, path: str) -> Text:
        if isinstance(body, dict):
            mapping = cast("dict[str, Any]", body)
            self._only(mapping, ("id", "en"), path)
            indonesian, english = mapping.get("id"), mapping.get("en")
            if isinstance(indonesian, str) and isinstance(english, str) and not set("{}") & set(indonesian + english):
                return Text(indonesian, english)
        self._wrong(
            path,
            "Tulis `{id: …, en: …}`, tanpa kurung kurawal di dalam kalimat.",
            "Write `{id: …, en: …}`, without braces inside the sentence.",
        )
        return Text("", "")

    def _name(self, body: Any, path: str) -> str:
        if isinstance(body, str) and body and body.replace("_", "").replace("-", "").isalnum() and body == body.lower():
            return body
        self._wrong(
            path,
            "Tulis nama dengan huruf kecil, angka, `_` atau `-`.",
            "Write a name of lower case letters, digits, `_` or `-`.",
        )
        return ""

    def _names(self, body: Any, path: str) -> tuple[str, ...]:
        if body is None:
            return ()
        items = self._list(body, path) if isinstance(body, list) else [body]
        return tuple(self._name(item, path) for item in items)

    def _mapping(self, body: Any, path: str) -> dict[str, Any]:
        if body is None:
            self._wrong(path, "Bagian ini wajib ada.", "This part is required.")
            return {}
        if isinstance(body, dict):
            return cast("dict[str, Any]", body)
        self._wrong(path, "Bagian ini berupa `nama: isi`.", "This part is written as `name: value`.")
        return {}

    def _list(self, body: Any, path: str) -> list[Any]:
        if isinstance(body, list):
            return cast("list[Any]", body)
        self._wrong(
            path, "Bagian ini berupa daftar; tiap butir diawali `-`.", "This part is a list; each item starts with `-`."
        )
        return []

    def _only(self, body: dict[str, Any], allowed: Sequence[str], path: str) -> None:
        for name in body:
            if name not in allowed:
                below = f"{path}.{name}" if path else name
                self._wrong(
                    below,
                    f"`{name}` tidak dikenal di sini. Yang boleh: {', '.join(allowed)}.",
                    f"`{name}` is not known here. Allowed: {', '.join(allowed)}.",
                )

    def _wrong(self, path: str, indonesian: str, english: str) -> None:
        # Braces would be taken for parameters when the sentence is rendered.
        text = Text(*(words.replace("{", "{{").replace("}", "}}") for words in (indonesian, english)))
        self.problems.append(Problem(self._line(path), path, text))

    def _line(self, path: str) -> int:
        while path not in self.lines and path:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)
