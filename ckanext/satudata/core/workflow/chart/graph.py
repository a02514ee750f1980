"""The boxes and arrows of a definition, whatever they are drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import spoken
from ckanext.satudata.core.workflow.definition import Definition, EvidenceRule, Holder, Sla, Stage

PRODUCER, PUBLISH, END = "@producer", "@publish", "@end"

NodeKind = Literal["producer", "stage", "relay", "publish", "end"]
EdgeKind = Literal["forward", "return", "both", "resubmit"]

NOBODY = Text("(belum ditentukan)", "(not said)")
FILLS_IN = Text("Mengisi dan mengajukan", "Fills in and submits")
PUBLISHES = Text("Terbitkan", "Publish")
PUBLISHED = Text("Terbit", "Published")
APPROVED = Text("Disetujui, tidak diterbitkan", "Approved, not published")
READS = Text("Hanya membaca laporan", "Only reads the report")
HANDS_ON = Text("Hanya meneruskan catatan", "Only hands the note on")
OPTIONAL = Text("Dilewati bila belum ada petugasnya", "Left out while nobody holds the role")
BATCH = Text("Dimulai setelah semua data kumpulan masuk", "Begins when all data of the batch are in")
RECEIPT = Text("Tanda terima dari Produsen Data", "Receipt from the producer")
FILES = Text("Berkas", "Files")
FORM = Text("Diisi", "To fill in")
ONLY_IF = Text("Hanya bila", "Only if")
ITSELF = Text("Lolos sendiri setelah", "Passes by itself after")
PER_BATCH = Text("per kumpulan", "per batch")
TERMS = {
    "collect": Text("Mengumpulkan", "Collect"),
    "first": Text("Mengirim", "Deliver"),
    "repair": Text("Memperbaiki", "Repair"),
    "resubmit": Text("Mengajukan lagi", "Submit again"),
}
SUBMIT = Text("ajukan", "submit")
PASS = Text("sesuai", "passed")
READ = Text("dibaca", "read")
OUT = Text("terbit", "published")
RETURN = Text("kembali", "return")
HAND_ON = Text("teruskan", "hand on")
AGAIN = Text("ajukan lagi", "submit again")


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its title, who acts, and what else there is to know. ``sometimes``: not everything goes through it."""

    key: str
    kind: NodeKind
    title: Text
    lines: tuple[Text, ...] = ()
    sometimes: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow. ``both``: a return that can be sent back."""

    source: str
    target: str
    kind: EdgeKind
    label: Text


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes from top to bottom, and arrows."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def place(self, here: str | None) -> str | None:
        """The key of the box for a stage or a state; ``None`` when the picture has none."""
        if any(node.key == here for node in self.nodes):
            return here
        ends = PUBLISH if any(node.key == PUBLISH for node in self.nodes) else END
        return {"draft": PRODUCER, "revision": PRODUCER, "verified": ends, "published": END}.get(here or "")


def graph(definition: Definition) -> Graph:
    """The boxes and arrows of a definition."""
    nodes = [_producer(definition), *(_stage(definition, stage) for stage in definition.stages)]
    publish = definition.transitions.get("publish")
    if publish is not None and definition.publishes:
        lines = [_who(definition, publish.who()), *_files(publish.evidence)]
        nodes.append(Node(PUBLISH, "publish", PUBLISHES, tuple(_with_term(lines, publish.sla))))
    nodes.append(Node(END, "end", PUBLISHED if definition.publishes else APPROVED))
    way = [node.key for node in nodes if node.kind != "relay"]
    edges = [Edge(source, target, "forward", _forward_label(definition, source)) for source, target in pairwise(way)]
    for number, stage in enumerate(definition.stages):
        edges += _returns(definition, stage, definition.stages[:number])
    back = definition.transitions.get("return")
    if back is not None and back.by:
        edges.append(Edge(PUBLISH if definition.publishes else END, PRODUCER, "return", RETURN))
    return Graph(tuple(nodes), tuple(edges))


def _forward_label(definition: Definition, source: str) -> Text:
    if source in (PRODUCER, PUBLISH):
        return SUBMIT if source == PRODUCER else OUT
    stage = definition.stage(source)
    return PASS if stage is None or stage.judges else READ


def _producer(definition: Definition) -> Node:
    submit = definition.transitions.get("submit")
    lines = [FILLS_IN]
    for name, words in TERMS.items():
        term: Sla | None = getattr(definition.producer, name)
        if term is not None:
            lines.append(_colon(words, term.text()))
    lines += _files(submit.evidence) if submit is not None else []
    return Node(PRODUCER, "producer", _who(definition, submit.who() if submit is not None else ()), tuple(lines))


def _stage(definition: Definition, stage: Stage) -> Node:
    lines = _with_term([_who(definition, stage.who())], stage.sla)
    lines += [HANDS_ON] if stage.relay else []
    lines += [READS] if stage.kind == "report" else []
    if stage.when is not None:
        lines.append(_joined(ONLY_IF, spoken(stage.when)))
    form = definition.form_of(stage)
    lines += [_colon(FORM, form.title)] if form is not None else []
    lines += _files(stage.evidence)
    lines += [BATCH] if stage.start_when == "all_submitted" else []
    lines += [RECEIPT] if stage.receipt else []
    lines += [OPTIONAL] if stage.optional else []
    if stage.auto_pass_after is not None:
        lines.append(_joined(ITSELF, stage.auto_pass_after.text()))
    sometimes = stage.when is not None or stage.optional
    return Node(stage.key, "relay" if stage.relay else "stage", stage.label, tuple(lines), sometimes)


def _returns(definition: Definition, stage: Stage, before: tuple[Stage, ...]) -> list[Edge]:
    if stage.relay:
        return [Edge(stage.key, PRODUCER, "return", HAND_ON)]
    if not stage.judges:
        return []
    found = [_return(definition, stage, [other for other in before if not other.relay])]
    if stage.resubmit_to == "here":
        found.append(Edge(PRODUCER, stage.key, "resubmit", AGAIN))
    return found


def _return(definition: Definition, stage: Stage, before: list[Stage]) -> Edge:
    way = stage.return_to
    target: str | None = None
    if way.kind == "previous" and before:
        target = before[-1].key
    elif way.kind == "stage":
        target = next((other.key for other in before if other.key == way.name), None)
    elif way.kind == "via":
        for relay in definition.stages:
            placed = way.position is None or not relay.positions or way.position in relay.positions
            if relay.relay and relay.role == way.name and placed:
                return Edge(stage.key, relay.key, "both", RETURN)
        target = next((other.key for other in reversed(before) if other.role == way.name), None)
    return Edge(stage.key, target or PRODUCER, "return", RETURN)


def _who(definition: Definition, holders: tuple[Holder, ...]) -> Text:
    """``Walidata (Staf / Kasi) atau Sekretariat``."""
    found: list[Text] = []
    for role in dict.fromkeys(holder.role for holder in holders):
        label = definition.role_label(role)
        named = [holder.position for holder in holders if holder.role == role and holder.position is not None]
        positions = [definition.position_label(position) for position in named]
        if positions:
            inside = Text(" / ".join(one.id for one in positions), " / ".join(one.en for one in positions))
            label = Text(f"{label.id} ({inside.id})", f"{label.en} ({inside.en})")
        found.append(label)
    if not found:
        return NOBODY
    return Text(" atau ".join(label.id for label in found), " or ".join(label.en for label in found))


def _with_term(lines: list[Text], term: Sla | None) -> list[Text]:
    if term is None:
        return lines
    words = _joined(term.text(), PER_BATCH) if term.basis == "batch" else term.text()
    return [*lines, words]


def _files(evidence: tuple[EvidenceRule, ...]) -> list[Text]:
    if not evidence:
        return []
    labels = [rule.label for rule in evidence]
    return [_colon(FILES, Text(", ".join(one.id for one in labels), ", ".join(one.en for one in labels)))]


def _colon(first: Text, second: Text) -> Text:
    return Text(f"{first.id}: {second.id}", f"{first.en}: {second.en}")


def _joined(first: Text, second: Text) -> Text:
    return Text(f"{first.id} {second.id}", f"{first.en} {second.en}")
