"""A definition that extends another: what it says counts, the rest is taken over.

.. code-block:: yaml

    extends: perpres
    remove: {stages: [pembina], transitions: [reopen]}
    stages:
      - {key: periksa, sla: 3 hari_kerja}           # changes one thing of that stage
      - {key: sahkan, after: periksa, label: …, …}  # a new one; without `after` or `before` it comes last
    transitions:
      submit: {gates: [has_resource]}               # who may stays as it was

An attribute written as ``null`` is taken away, of a role too: another word for it leaves what it reads. Positions and
forms are replaced entry by entry.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from ckanext.satudata.core.workflow.loader.tree import Node, parse
from ckanext.satudata.core.workflow.problem import Problem, sentence

BY_ENTRY = ("positions", "forms")
BY_ATTRIBUTE = ("roles", "transitions", "producer")
DEEPER = ("roles", "transitions")  # each of their entries has attributes itself
REMOVABLE = ("stages", "transitions", "roles", "positions", "forms")
OWN = ("extends", "remove")  # never inherited
DEEPEST = 8  # definitions one on the other


class Fetch(Protocol):
    """Gives the YAML text of a definition by its key; ``LookupError`` when nobody has it."""

    def __call__(self, key: str, /) -> str: ...


def shelf(*folders: Path) -> Fetch:
    """A :class:`Fetch` that looks for ``<key>.yaml`` in these folders, the first that has it."""

    def fetch(key: str, /) -> str:
        for folder in folders:
            path = folder / f"{key}.yaml"
            if path.is_file():
                return path.read_text("utf-8")
        raise LookupError(f"no {key}.yaml in {', '.join(str(folder) for folder in folders)}")

    return fetch


def resolve(tree: Node, fetch: Fetch | None, problems: list[Problem], above: tuple[str, ...] = ()) -> Node:
    """The tree with everything it extends worked in; mistakes are added to ``problems``."""
    named = tree.entries.get("extends")
    if named is None:
        if "remove" in tree.entries:
            _wrong(
                problems,
                tree.entries["remove"],
                "remove",
                "`remove` hanya berarti bersama `extends`. Hapus bagian ini.",
                "`remove` only means something beside `extends`. Remove this part.",
            )
        return tree
    own = tree.entries.get("key")
    chain = (*above, str(own.value)) if own is not None else above
    parent = _parent(named, fetch, problems, chain)
    return _merged(tree, parent, problems) if parent is not None else tree


def _parent(named: Node, fetch: Fetch | None, problems: list[Problem], chain: tuple[str, ...]) -> Node | None:
    key = named.value
    if not isinstance(key, str):
        _wrong(problems, named, "extends", "Tulis kunci satu definisi.", "Write the key of one definition.")
        return None
    if key in chain or len(chain) > DEEPEST:
        way = " → ".join([*chain, key])
        _wrong(
            problems,
            named,
            "extends",
            f"`extends` berputar: {way}. Putuskan salah satunya.",
            f"`extends` goes in a circle: {way}. Break it somewhere.",
        )
        return None
    try:
        source = fetch(key) if fetch is not None else None
    except LookupError:
        source = None
    if source is None:
        _wrong(
            problems,
            named,
            "extends",
            f"Definisi `{key}` tidak ditemukan. Letakkan `{key}.yaml` di folder yang sama, atau perbaiki namanya.",
            f"There is no definition `{key}`. Put `{key}.yaml` into the same folder, or mend the name.",
        )
        return None
    found: list[Problem] = []
    tree = parse(source, found)
    if tree is not None:
        tree = resolve(tree, fetch, found, chain)
    problems += [replace(problem, origin=problem.origin or key) for problem in found]
    return _from(tree, key) if tree is not None else None


def _from(node: Node, origin: str) -> Node:
    """The node marked as inherited; what it had inherited itself keeps its mark."""
    value = node.value
    if isinstance(value, dict):
        value = {name: _from(entry, origin) for name, entry in node.entries.items()}
    elif isinstance(value, list):
        value = [_from(item, origin) for item in node.items]
    return Node(value, node.line, node.origin or origin)


def _merged(child: Node, parent: Node, problems: list[Problem]) -> Node:
    entries = {name: node for name, node in parent.entries.items() if name not in OWN}
    _remove(child, entries, problems)
    for name, node in child.entries.items():
        before = entries.get(name)
        if name in OWN or before is None:
            entries[name] = node
        elif name == "stages" and isinstance(node.value, list):
            entries[name] = _stages(node, before, problems)
        elif name in BY_ENTRY and isinstance(node.value, dict):
            entries[name] = Node({**before.entries, **node.entries}, node.line)
        elif name in BY_ATTRIBUTE and isinstance(node.value, dict):
            entries[name] = _attributes(node, before, deeper=name in DEEPER)
        else:
            entries[name] = node
    stages = entries.get("stages")
    if stages is not None and isinstance(stages.value, list):
        entries["stages"] = Node([_without_place(item) for item in stages.items], stages.line, stages.origin)
    return Node(entries, child.line)


def _remove(child: Node, entries: dict[str, Node], problems: list[Problem]) -> None:
    remove = child.entries.get("remove")
    if remove is None:
        return
    for name, wanted in remove.entries.items():
        if name not in REMOVABLE or name not in entries:
            listed = ", ".join(REMOVABLE)
            _wrong(
                problems,
                wanted,
                f"remove.{name}",
                f"Yang dapat dihapus: {listed}.",
                f"What can be removed: {listed}.",
            )
            continue
        for item in wanted.items or [wanted]:
            before = entries[name]
            kept: list[Node] | dict[str, Node]
            if isinstance(before.value, list):
                kept = [stage for stage in before.items if _key(stage) != item.value]
                gone = len(kept) < len(before.items)
            else:
                kept = {key: entry for key, entry in before.entries.items() if key != item.value}
                gone = len(kept) < len(before.entries)
            if not gone:
                _wrong(
                    problems,
                    item,
                    f"remove.{name}",
                    f"`{item.value}` tidak ada di definisi yang diperluas. Periksa ejaannya.",
                    f"There is no `{item.value}` in what is extended. Check its spelling.",
                )
            entries[name] = Node(kept, before.line, before.origin)


def _stages(child: Node, parent: Node, problems: list[Problem]) -> Node:
    stages = list(parent.items)
    for number, item in enumerate(child.items):
        place = next((at for at, stage in enumerate(stages) if _key(stage) == _key(item)), None)
        if place is not None:
            stages[place] = _attributes(item, stages[place])
            if not {"after", "before"} & set(item.entries):
                continue
            item = stages.pop(place)
        stages.insert(_place(item, stages, problems, f"stages[{number}]"), item)
    return Node(stages, child.line)


def _place(item: Node, stages: list[Node], problems: list[Problem], path: str) -> int:
    for word in ("after", "before"):
        wanted = item.entries.get(word)
        if wanted is None:
            continue
        for at, stage in enumerate(stages):
            if _key(stage) == wanted.value:
                return at + 1 if word == "after" else at
        _wrong(
            problems,
            wanted,
            f"{path}.{word}",
            f"Tidak ada tahap `{wanted.value}`.",
            f"There is no stage `{wanted.value}`.",
        )
    return len(stages)


def _without_place(item: Node) -> Node:
    if not {"after", "before"} & set(item.entries):
        return item
    entries = {name: node for name, node in item.entries.items() if name not in ("after", "before")}
    return Node(entries, item.line, item.origin)


def _attributes(child: Node, parent: Node, *, deeper: bool = False) -> Node:
    entries = dict(parent.entries)
    for name, node in child.entries.items():
        before = entries.get(name)
        if node.value is None and before is not None:
            del entries[name]
        elif deeper and before is not None and isinstance(node.value, dict):
            entries[name] = _attributes(node, before)
        else:
            entries[name] = node
    return Node(entries, child.line)


def _key(stage: Node) -> object:
    key = stage.entries.get("key")
    return key.value if key is not None else stage


def _wrong(problems: list[Problem], node: Node, path: str, indonesian: str, english: str) -> None:
    problems.append(Problem(node.line, path, sentence(indonesian, english), node.origin))
