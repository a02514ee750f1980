"""YAML as a tree that remembers its lines, so that a mistake is told where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import yaml

from ckanext.satudata.core.workflow.problem import Problem, sentence

# PyYAML carries no types.
_yaml = cast("Any", yaml)

# The one in C, where PyYAML was built with it, is ten times faster.
LOADER: Any = getattr(_yaml, "CSafeLoader", _yaml.SafeLoader)
LARGEST = 20_000  # values in a file; aliases could make more of a short one than memory holds
DEEPEST = 40
BOOL = "tag:yaml.org,2002:bool"


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its line and, once inherited, the definition it came from.

    ``value`` is a plain scalar, a list of nodes or a mapping of nodes.
    """

    value: Any
    line: int
    origin: str | None = None

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a mapping; none when it is something else."""
        value = self.value
        return cast("dict[str, Node]", value) if isinstance(value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; none when it is something else."""
        value = self.value
        return cast("list[Node]", value) if isinstance(value, list) else []


def parse(source: str, problems: list[Problem]) -> Node | None:
    """The tree of a YAML text; ``None`` when it is no YAML. Mistakes are added to ``problems``."""
    try:
        root: Any = _yaml.compose(source, Loader=LOADER)
        return _Grower(problems).grow(root, "", 0) if root is not None else Node(None, 1)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        line = int(mark.line) + 1 if mark is not None else 1
        text = sentence(
            "Berkas ini bukan YAML yang benar. Periksa spasi di awal baris dan tanda titik dua; kalimat yang memuat "
            "`?`, `:`, `,` atau `#` ditulis di antara tanda kutip.",
            "This is no correct YAML. Check the spaces at the start of the line and the colons; a sentence that has "
            "`?`, `:`, `,` or `#` in it is written in quotation marks.",
        )
    except (_TooLargeError, RecursionError):
        line = 1
        text = sentence(
            "Berkas ini terlalu besar atau terlalu dalam. Hapus alias (`*nama`) dan tulis isinya apa adanya.",
            "This file is too large or too deep. Remove aliases (`*name`) and write their content out.",
        )
    problems.append(Problem(line, "(YAML)", text))
    return None


def plain(node: Node) -> Any:
    """The values without their lines."""
    if isinstance(node.value, dict):
        return {name: plain(entry) for name, entry in node.entries.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.items]
    return node.value


def places(node: Node) -> tuple[dict[str, int], dict[str, str]]:
    """Lines and origins of every place: ``{"stages[1].role": 12}`` and, of what is inherited, ``{…: "perpres"}``."""
    lines: dict[str, int] = {}
    origins: dict[str, str] = {}

    def walk(found: Node, path: str) -> None:
        lines[path] = found.line
        if found.origin is not None:
            origins[path] = found.origin
        for name, entry in found.entries.items():
            walk(entry, f"{path}.{name}" if path else name)
        for number, item in enumerate(found.items):
            walk(item, f"{path}[{number}]")

    walk(node, "")
    return lines, origins


class _TooLargeError(Exception):
    pass


class _Grower:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.count = 0
        self.scalars: Any = _yaml.SafeLoader("")

    def grow(self, node: Any, path: str, depth: int, line: int | None = None) -> Node:
        self.count += 1
        if self.count > LARGEST or depth > DEEPEST:
            raise _TooLargeError
        at = int(node.start_mark.line) + 1 if line is None else line
        if isinstance(node, yaml.MappingNode):
            return Node(self._mapping(node, path, depth), at)
        if isinstance(node, yaml.SequenceNode):
            items = cast("list[Any]", node.value)
            return Node([self.grow(item, f"{path}[{number}]", depth + 1) for number, item in enumerate(items)], at)
        if node.tag == BOOL and str(node.value).lower() not in ("true", "false"):
            # `yes`, `no`, `on`, `off` are words: a label, an answer, the name of a stage.
            return Node(str(node.value), at)
        try:
            return Node(self.scalars.construct_object(node), at)
        except (yaml.YAMLError, ValueError, AttributeError):  # the last for a tag that does not fit its value
            self._wrong(
                at,
                path,
                f"`{node.value}` tidak dapat dibaca. Tulis di antara tanda kutip.",
                f"`{node.value}` cannot be read. Write it in quotation marks.",
            )
            return Node(None, at)

    def _mapping(self, node: Any, path: str, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for key_node, value_node in cast("list[tuple[Any, Any]]", node.value):
            line = int(key_node.start_mark.line) + 1
            # The word as it is written: `on` and `no` are names here, not yes and no.
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            below = f"{path}.{key}" if path else key
            if key in entries:
                self._wrong(
                    line,
                    below,
                    f"`{key}` ditulis dua kali. Hapus salah satunya.",
                    f"`{key}` is written twice. Remove one of them.",
                )
                continue
            entries[key] = self.grow(value_node, below, depth + 1, line)
        return entries

    def _wrong(self, line: int, path: str, indonesian: str, english: str) -> None:
        self.problems.append(Problem(line, path, sentence(indonesian, english)))
