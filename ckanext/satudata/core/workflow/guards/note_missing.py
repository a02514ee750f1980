"""Who returns or rejects says why.

Bad: returned without a word. Good: "Satuan: yang dihitung rumah, bukan orang. Pilih Unit." Who hands a return on need
not: the note goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 80
KEY = "note"

NO_NOTE = Text(
    "Tulis catatan: apa yang harus diperbaiki, di mana, dan bagaimana.",
    "Write a note: what has to be mended, where, and how.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    request = attempt.request
    if request is not None and attempt.rule.needs_note and not attempt.relay and not request.note.strip():
        return [reason("note_missing", NO_NOTE)]
    return ()
