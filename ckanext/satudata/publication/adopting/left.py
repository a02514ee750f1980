"""What other approval extensions left in a dataset, and what it meant there.

``publishing_status``: ckanext-datasetapproval and its national fork; ``approval_state``: ckanext-approvalworkflow;
``workflow_status``: ckanext-workflow of Victoria.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.core.text import Text

DRAFT = Text("konsep", "draft")
WAITING = Text("menunggu persetujuan", "waits for approval")
APPROVED = Text("disetujui", "approved")
REJECTED = Text("ditolak", "rejected")
PUBLISHED = Text("terbit", "published")
ARCHIVED = Text("diarsipkan", "archived")

MEANINGS: Mapping[str, Mapping[str, Text]] = {
    "publishing_status": {"draft": DRAFT, "in_review": WAITING, "approved": APPROVED, "rejected": REJECTED},
    "approval_state": {"pending": WAITING, "approved": APPROVED, "rejected": REJECTED},
    "workflow_status": {
        "draft": DRAFT,
        "ready_for_approval": WAITING,
        "published": PUBLISHED,
        "archived": ARCHIVED,
    },
}
# These were hidden by labels and a search filter of that extension, and stayed public in CKAN's own terms: without it
# they would open. The others hid by CKAN's own `private`, so what is public of theirs was public.
HELD_BACK = {"publishing_status": frozenset({"draft", "in_review", "rejected"})}


@dataclass(frozen=True, slots=True)
class Left:
    """One such field with its value."""

    field: str
    value: str

    @property
    def held_back(self) -> bool:
        """Whether the public could not read the dataset, whatever CKAN's ``private`` says."""
        return self.value in HELD_BACK.get(self.field, ())

    def render(self, language: str) -> str:
        """``publishing_status: in_review (menunggu persetujuan)``; a value nobody knows stands as it is."""
        meaning = MEANINGS[self.field].get(self.value)
        return f"{self.field}: {self.value}" + (f" ({meaning.render(language)})" if meaning else "")


def left_in(extras: Mapping[str, Any]) -> tuple[Left, ...]:
    """Every such field of a dataset that holds something."""
    return tuple(Left(field, str(extras[field])) for field in MEANINGS if extras.get(field))
