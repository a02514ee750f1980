"""The picture as SVG: top to bottom, narrow enough for a phone, readable without colour.

The way forward runs down on the left. Returns run up on the right, those with the same target on one line. A relay
stands beside the way; a dashed box is not on everybody's way; the present place has a thick edge and a flag.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.chart.graph import Edge, Graph, Node, graph
from ckanext.satudata.core.workflow.chart.lettering import width, wrapped
from ckanext.satudata.core.workflow.definition import Definition

WIDTH = 360
TITLE, LINE, SMALL = 14.0, 12.0, 11.0
PAD, GAP, TOP = 10, 30, 8
BOX_RIGHT = 262
INDENT = 56  # of a relay, so that the way forward passes it on the left
WAY = 28  # of the way forward, from the left edge of the boxes
FLAG = 20

INK, SOFT, EDGE, BACK = "#13212e", "#43525f", "#5b6b7a", "#8a3d00"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
FILLS = {"producer": "#fff8e6", "stage": "#ffffff", "relay": "#f4f4f4", "publish": "#ffffff", "end": "#e9f5ec"}

HERE = Text("di sini", "here")
NAME = Text("Alur kerja: {title}", "Workflow: {title}")
REJECT = Text(
    "Setiap pemeriksa juga dapat menolak. Yang ditolak dapat dibuka kembali.",
    "Every reviewer can also reject. What was rejected can be reopened.",
)


@dataclass
class Box:
    """A box with its place on the paper."""

    node: Node
    left: float
    top: float
    height: float
    title: list[str]
    lines: list[list[str]]
    marked: bool
    taken: list[float] = field(default_factory=list[float])  # heights on its right side that are in use

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Trunk:
    """Returns with one target, on one line up: ``begins`` with their labels, ``arrives`` at the target."""

    begins: tuple[tuple[float, Text, bool], ...]
    arrives: float

    @property
    def lowest(self) -> float:
        return max(self.arrives, *(begin for begin, _, _ in self.begins))

    @property
    def highest(self) -> float:
        return min(self.arrives, *(begin for begin, _, _ in self.begins))


def svg(definition: Definition, here: str | None = None, language: str = "id") -> str:
    """A whole SVG document, 360 units wide; see :mod:`..chart` for ``here``."""
    drawn = graph(definition)
    again = [edge for edge in drawn.edges if edge.kind == "resubmit"]
    left = 34.0 if again else 10.0
    boxes = _boxes(drawn, drawn.place(here), left, language)
    bottom = max(box.bottom for box in boxes.values())
    parts: list[str] = []
    parts += _forward(drawn, boxes, left)
    parts += _again(again, boxes, left, language)
    parts += _returns(_trunks(drawn, boxes), language)
    for box in boxes.values():
        parts += _box(box, language)
    note = wrapped(REJECT.render(language), SMALL, WIDTH - 20)
    parts += [_text(10, bottom + 24 + number * 15, line, SMALL, SOFT) for number, line in enumerate(note)]
    height = round(bottom + 24 + len(note) * 15)
    title = NAME.render(language, title=definition.title)
    said = "; ".join(_said(node, language) for node in drawn.nodes)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' style="max-width:100%;height:auto" role="img" class="sd-chart" lang="{_language(language)}"'
            f" font-family={quoteattr(FONT)}>",
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(said)}</desc>",
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


# boxes


def _boxes(drawn: Graph, marked: str | None, left: float, language: str) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    top = float(TOP)
    for node in drawn.nodes:
        at = left + INDENT if node.kind == "relay" else left
        room = BOX_RIGHT - at - 2 * PAD
        title = wrapped(node.title.render(language), TITLE, room, bold=True)
        lines = [wrapped(line.render(language), LINE, room) for line in node.lines]
        height = 2 * PAD + len(title) * 18 + sum(len(line) for line in lines) * 16 - 2
        if node.key == marked:
            top += FLAG if boxes else FLAG - 4
        boxes[node.key] = Box(node, at, top, height, title, lines, node.key == marked)
        top += height + GAP
    return boxes


def _box(box: Box, language: str) -> list[str]:
    node = box.node
    edge = f'stroke="{INK}" stroke-width="3.5"' if box.marked else f'stroke="{EDGE}" stroke-width="1.3"'
    dashes = ' stroke-dasharray="5 3"' if node.sometimes or node.kind == "relay" else ""
    round_corners = min(box.height / 2, 22) if node.kind in ("producer", "end") else 5
    parts = [
        f'<rect x="{box.left:g}" y="{box.top:g}" width="{BOX_RIGHT - box.left:g}" height="{box.height:g}"'
        f' rx="{round_corners:g}" fill="{FILLS[node.kind]}" {edge}{dashes}/>'
    ]
    y = box.top + PAD + 13
    for line in box.title:
        parts.append(_text(box.left + PAD + 2, y, line, TITLE, INK, bold=True))
        y += 18
    y -= 1
    for line in (part for lines in box.lines for part in lines):
        parts.append(_text(box.left + PAD + 2, y, line, LINE, SOFT))
        y += 16
    if box.marked:
        parts += _flag(box, language)
    return parts


def _flag(box: Box, language: str) -> list[str]:
    words = f"▼ {HERE.render(language)}"
    wide = width(words, SMALL, bold=True) + 20
    x, y = BOX_RIGHT - wide - 8, box.top - FLAG + 2
    return [
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{FLAG}" rx="4" fill="{INK}"/>',
        _text(x + 8, y + 14, words, SMALL, "#ffffff", bold=True),
    ]


# arrows


def _forward(drawn: Graph, boxes: dict[str, Box], left: float) -> list[str]:
    x = left + WAY
    parts: list[str] = []
    for edge in drawn.edges:
        if edge.kind == "forward":
            begin, end = boxes[edge.source].bottom, boxes[edge.target].top
            parts.append(_line(f"M{x:g} {begin:g}V{end - 7:g}", INK, 1.8))
            parts.append(_head(x, end - 1, "down", INK))
    return parts


def _trunks(drawn: Graph, boxes: dict[str, Box]) -> list[Trunk]:
    order = {node.key: number for number, node in enumerate(drawn.nodes)}
    returns = [edge for edge in drawn.edges if edge.kind in ("return", "both")]
    # What can be sent back has a line of its own; the others share the line to their target.
    groups: dict[tuple[str, str], list[Edge]] = {}
    for edge in returns:
        groups.setdefault((edge.target, "" if edge.kind == "return" else edge.source), []).append(edge)
    starts = {(edge.source, edge.target): _side(boxes[edge.source], 0.32) for edge in returns}
    # Arrivals come lower on a box than what leaves it, the nearest source lowest.
    found: list[Trunk] = []
    for (target, _), edges in sorted(groups.items(), key=lambda item: -max(order[edge.source] for edge in item[1])):
        arrives = _side(boxes[target], 0.55 if order[target] < min(order[edge.source] for edge in edges) else 0.3)
        begins = tuple((starts[edge.source, edge.target], edge.label, edge.kind == "both") for edge in edges)
        found.append(Trunk(begins, arrives))
    return found


def _side(box: Box, share: float) -> float:
    """A free height on the right side of a box."""
    y = box.top + max(14.0, box.height * share)
    while any(abs(y - other) < 13 for other in box.taken) and y < box.bottom - 8:
        y += 7
    box.taken.append(y)
    return y


def _returns(trunks: Sequence[Trunk], language: str) -> list[str]:
    lanes: list[list[Trunk]] = []
    for trunk in sorted(trunks, key=lambda trunk: trunk.lowest - trunk.highest):
        free = (lane for lane in lanes if all(_apart(trunk, other) for other in lane))
        lane = next(free, None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(trunk)
    step = min(13.0, 34.0 / max(1, len(lanes)))
    parts: list[str] = []
    for number, lane in enumerate(lanes):
        for trunk in lane:
            parts += _trunk(trunk, BOX_RIGHT + 58 + number * step, language)
    return parts


def _apart(one: Trunk, other: Trunk) -> bool:
    return one.lowest + 6 < other.highest or other.lowest + 6 < one.highest


def _trunk(trunk: Trunk, x: float, language: str) -> list[str]:
    parts: list[str] = []
    for begin, label, both in trunk.begins:
        start = BOX_RIGHT + (8 if both else 1)
        up = trunk.arrives < begin
        farthest = begin == (trunk.lowest if up else trunk.highest)
        parts.append(_line(_way_back(start, begin, trunk.arrives, x, whole=farthest), BACK, 1.5, dashes="5 3"))
        if both:
            parts.append(_head(BOX_RIGHT + 2, begin, "left", BACK))
        parts.append(_text(BOX_RIGHT + 9, begin - 4, label.render(language), SMALL, BACK))
    parts.append(_head(BOX_RIGHT + 2, trunk.arrives, "left", BACK))
    return parts


def _way_back(start: float, begin: float, arrive: float, x: float, *, whole: bool) -> str:
    """Out of a box, round the corner, along the line at ``x``, into the target; not ``whole``: only onto the line."""
    turn = -9 if arrive < begin else 9
    out = f"M{start:g} {begin:g}H{x - 9:g}q9 0 9 {turn}"
    if not whole:
        return out
    if abs(begin - arrive) < 18:
        return f"M{start:g} {begin:g}H{x:g}V{arrive:g}H{BOX_RIGHT + 8:g}"
    return f"{out}V{arrive - turn:g}q0 {turn} -9 {turn}H{BOX_RIGHT + 8:g}"


def _again(edges: Sequence[Edge], boxes: dict[str, Box], left: float, language: str) -> list[str]:
    parts: list[str] = []
    for number, edge in enumerate(edges):
        begin = boxes[edge.source].top + boxes[edge.source].height * 0.6
        end = boxes[edge.target].top + 16
        x = left - 12 - number * 7
        path = f"M{left:g} {begin:g}H{x + 9:g}q-9 0 -9 9V{end - 9:g}q0 9 9 9H{left - 8:g}"
        parts += [_line(path, INK, 1.5, dashes="2 3"), _head(left - 2, end, "right", INK)]
        middle, words = (begin + end) / 2, edge.label.render(language)
        parts.append(
            f'<text transform="translate({x - 5:g} {middle:g}) rotate(-90)" text-anchor="middle"'
            f' font-size="{SMALL:g}" fill="{INK}">{escape(words)}</text>'
        )
    return parts


def _head(x: float, y: float, way: str, colour: str) -> str:
    points = {
        "down": f"{x - 5:g},{y - 9:g} {x + 5:g},{y - 9:g} {x:g},{y:g}",
        "left": f"{x + 9:g},{y - 5:g} {x + 9:g},{y + 5:g} {x:g},{y:g}",
        "right": f"{x - 9:g},{y - 5:g} {x - 9:g},{y + 5:g} {x:g},{y:g}",
    }[way]
    return f'<polygon points="{points}" fill="{colour}"/>'


def _line(path: str, colour: str, wide: float, *, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{wide:g}"{dashed}/>'


def _text(x: float, y: float, words: str, size: float, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{weight}>{escape(words)}</text>'


def _said(node: Node, language: str) -> str:
    return ", ".join([node.title.render(language), *(line.render(language) for line in node.lines)])


def _language(language: str) -> str:
    return "en" if language == "en" else "id"
