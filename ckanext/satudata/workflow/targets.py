"""What a note can stand at, and what people call it."""

from __future__ import annotations

from ckanext.satudata.core.text import Text
from ckanext.satudata.workflow.model import NoteRow


def words(note: NoteRow) -> Text:
    """What a note stands at, in both languages."""
    return Text(note.label, note.label)
