"""What the one form of a decision page sends, and what it is shown again when it was refused.

Everything a reviewer types on the page belongs to one form: the decision, its files, the notes at fields and columns.
So no button loses what was typed elsewhere. Which button it was says ``transition`` (a decision) or ``do`` (anything
else): ``judge:<note>:mended#catatan-…``, a verb, its arguments, and the place of the page to come back to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from ckanext.satudata.workflow.pages import moments

# Prefixes of the names of inputs that there may be many of.
NOTE, EDIT, EXPLAIN, EVIDENCE, ANSWER = "catatan:", "ubah:", "penjelasan:", "bukti:", "jawaban:"


@dataclass(frozen=True)
class Target:
    """What a note stands at: ``field`` and its name, ``column`` of a file, ``check`` of a file, a file, the dataset."""

    kind: str
    resource_id: str
    name: str

    @classmethod
    def read(cls, key: str) -> Target:
        """From the name of an input, see :meth:`key`."""
        kind, resource_id, name = (*key.split(":", 2), "", "")[:3]
        return cls(kind, resource_id, name)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.resource_id}:{self.name}"


@dataclass(frozen=True)
class Act:
    """A button that decides nothing: its verb, its arguments, the place to come back to."""

    verb: str
    arguments: tuple[str, ...]
    anchor: str


@dataclass
class Sent:
    """A form as it came. What is done with is taken out; what is left is shown again."""

    transition: str = ""
    act: Act | None = None
    seen: Any = ""
    content_hash: str = ""
    last_event: str = ""
    key: str = ""
    typed: dict[str, str] = field(default_factory=dict[str, str])  # single inputs by name
    notes: dict[str, str] = field(default_factory=dict[str, str])  # new notes by target
    edits: dict[str, str] = field(default_factory=dict[str, str])  # pending notes by id
    explanations: dict[str, str] = field(default_factory=dict[str, str])  # by id of the note
    answers: dict[str, str] = field(default_factory=dict[str, str])  # of the stage's form, by question
    files: list[tuple[str, FileStorage]] = field(default_factory=list[tuple[str, FileStorage]])  # kind and file

    @property
    def holds_words(self) -> bool:
        """Whether something was typed that would be lost by loading the page anew."""
        return any((*self.typed.values(), *self.notes.values(), *self.explanations.values(), *self.answers.values()))

    def at(self) -> str:
        """The moment of a release as ISO 8601 in the zone of the portal; what was typed when it is no moment."""
        day, clock = self.typed.get("tanggal", ""), self.typed.get("jam", "")
        if not day and not clock:
            return ""
        try:
            return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=moments.zone()).isoformat()
        except ValueError:
            return f"{day} {clock}".strip()


# Inputs there is one of, with the name under which the action wants them where it is another.
SINGLE = (
    "note", "reason", "reason_code", "happened", "letter", "tanggal", "jam", "kepada", "pernyataan", "takeover",
)  # fmt: skip


def read(form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> Sent:
    """The form of the present request."""
    return Sent(
        transition=form.get("transition", ""),
        act=_act(form.get("do", "")) if "transition" not in form else None,
        seen=_json(form.get("expected", "")),
        content_hash=form.get("content_hash", ""),
        last_event=form.get("terakhir", ""),
        key=form.get("kunci", "")[:100],
        typed={name: text for name in SINGLE if (text := form.get(name, "").strip())},
        notes=dict(_many(form, NOTE)),
        edits=dict(_many(form, EDIT)),
        explanations=dict(_many(form, EXPLAIN)),
        answers=dict(_many(form, ANSWER)),
        files=[
            (name[len(EVIDENCE) :], file)
            for name, file in files.items(multi=True)
            if name.startswith(EVIDENCE) and file.filename
        ],
    )


def _many(form: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    for name, text in form.items():
        if name.startswith(prefix) and text.strip():
            yield name[len(prefix) :], text.strip()


def _act(text: str) -> Act | None:
    words, _mark, anchor = text.partition("#")
    verb, *arguments = words.split(":")
    if not verb:
        return None
    return Act(verb, tuple(arguments), anchor if re.fullmatch(r"[\w-]{0,100}", anchor) else "")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
