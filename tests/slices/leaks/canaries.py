"""One word for each kind of content and each situation, found again wherever it turns up.

``kenari<kind>x<situation>q``: letters only and no two alike, so that it survives the index, file names, tags and
addresses, and a hit says at once what leaked and from where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

# What everybody reads of a public dataset, and nobody outside of a hidden one.
CONTENT = (
    "title",
    "notes",
    "field",
    "tag",
    "name",
    "file",
    "filename",
    "byte",
    "cell",
    "label",
    "view",
    "id",
    "fileid",
    "origin",
)
# What members and reviewers read, of public datasets too.
PRIVATE = ("note", "reason", "proof", "proofbyte")
# What its author alone reads until the decision.
UNSENT = ("pending", "waiting", "waitingbyte")
# Of accounts: the situation is whose it is.
ACCOUNT = ("person", "mail", "login")
KINDS = (*CONTENT, *PRIVATE, *UNSENT, "publicreason", *ACCOUNT)

WORD = re.compile(r"kenari([a-wyz]+)x([a-pr-z]+)q", re.IGNORECASE)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


class Found(NamedTuple):
    """A canary: what it is of, and where it stood (a situation, or a role for what is of an account)."""

    kind: str
    situation: str


def word(kind: str, situation: str) -> str:
    """The canary of a kind in a situation."""
    assert kind in KINDS, kind
    made = f"kenari{kind}x{situation}q"
    assert WORD.fullmatch(made), made
    return made


@dataclass
class Known:
    """Ids are canaries too: which belong to which dataset and file."""

    ids: dict[str, Found] = field(default_factory=dict)

    def learn(self, kind: str, situation: str, value: str) -> None:
        self.ids[value] = Found(kind, situation)

    def within(self, text: str) -> set[Found]:
        """Every canary of a text."""
        found = {Found(kind.lower(), situation.lower()) for kind, situation in WORD.findall(text)}
        found |= {self.ids[one] for one in UUID.findall(text) if one in self.ids}
        return found

    def told(self, text: str, asked: str, headers: Mapping[str, str] | None = None) -> set[Found]:
        """Every canary of an answer that the question did not hold already."""
        whole = text + "\n" + "\n".join(f"{key}: {value}" for key, value in (headers or {}).items())
        return self.within(whole) - self.within(asked)
