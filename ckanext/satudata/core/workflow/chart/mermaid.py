"""The picture as Mermaid text, for documents that draw it themselves."""

from __future__ import annotations

from ckanext.satudata.core.workflow.chart.graph import END, PRODUCER, PUBLISH, Graph, Node, graph
from ckanext.satudata.core.workflow.definition import Definition

HERE = {"id": "di sini", "en": "here"}
# The signs that mean something to Mermaid, written as it wants them.
SIGNS = {"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;", "\n": " "}
OPEN_CLOSE = {
    "producer": ('(["', '"])'),
    "stage": ('["', '"]'),
    "relay": ('[/"', '"/]'),
    "publish": ('["', '"]'),
    "end": ('(["', '"])'),
}
ARROWS = {"forward": "-->", "return": "-.->", "both": "<-.->", "resubmit": "==>"}


def mermaid(definition: Definition, here: str | None = None, language: str = "id") -> str:
    """A Mermaid ``flowchart``; see :mod:`..chart` for ``here``."""
    drawn = graph(definition)
    names = _names(drawn)
    marked = drawn.place(here)
    lines = ["flowchart TD"]
    for node in drawn.nodes:
        opening, closing = OPEN_CLOSE[node.kind]
        lines.append(f"    {names[node.key]}{opening}{_words(node, language, marked == node.key)}{closing}")
    for edge in drawn.edges:
        label = _safe(edge.label.render(language))
        lines.append(f'    {names[edge.source]} {ARROWS[edge.kind]}|"{label}"| {names[edge.target]}')
    sometimes = [names[node.key] for node in drawn.nodes if node.sometimes]
    if sometimes:
        lines += ["    classDef sometimes stroke-dasharray: 4 3", f"    class {','.join(sometimes)} sometimes"]
    if marked is not None:
        lines += [
            "    classDef here fill:#dcebfa,stroke:#0b5cad,stroke-width:4px,color:#13212e",
            f"    class {names[marked]} here",
        ]
    return "\n".join(lines) + "\n"


def _names(drawn: Graph) -> dict[str, str]:
    # `end` and the like are words of Mermaid, so stages are numbered.
    fixed = {PRODUCER: "produsen", PUBLISH: "terbitkan", END: "selesai"}
    return {node.key: fixed.get(node.key, f"tahap{number}") for number, node in enumerate(drawn.nodes)}


def _words(node: Node, language: str, marked: bool) -> str:
    mark = f"▶ {HERE['en' if language == 'en' else 'id']}<br/>" if marked else ""
    lines = [f"<b>{_safe(node.title.render(language))}</b>", *(_safe(line.render(language)) for line in node.lines)]
    return mark + "<br/>".join(lines)


def _safe(words: str) -> str:
    return "".join(SIGNS.get(sign, sign) for sign in words)
