"""What a test of the review page and of the status page needs to say in one line."""

from __future__ import annotations

import io
from typing import Any

from tests.slices.pages.conftest import Page, Story

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SAID = {"note": "Satuan belum tepat.", "reason_code": "metadata"}


def letter(name: str = "surat.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(PDF), name


def review(dataset: dict[str, Any]) -> str:
    return f"/dataset/{dataset['name']}/tinjau"


def status(dataset: dict[str, Any]) -> str:
    return f"/dataset/{dataset['name']}/status"


def notes(story: Story, who: str, dataset: dict[str, Any]) -> list[dict[str, Any]]:
    return story.act(who, "satudata_note_list", id=dataset["id"])


def state(story: Story, dataset: dict[str, Any]) -> str:
    return story.act("sysadmin", "satudata_case_show", id=dataset["id"])["state"]


def part(page: Page, anchor: str) -> str:
    """The source from an element with this id on."""
    return page.body.split(f'id="{anchor}"')[1][:3000]


def returned(story: Story, dataset: dict[str, Any], **at: Any) -> dict[str, Any]:
    """Give one note and return; the note."""
    at = at or {"target_type": "field", "target": "sds_satuan"}
    story.act("walidata", "satudata_note_create", id=dataset["id"], text="Pilih Puskesmas.", **at)
    story.decide("walidata", dataset["id"], "return", "Satuan belum tepat.")
    return notes(story, "operator", dataset)[0]
