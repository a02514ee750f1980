"""Who returns, rejects or withdraws from the public says why.

Bad: returned without a word. Good: "Satuan: yang dihitung rumah, bukan orang. Pilih Unit." Who hands a return on need
not: the note goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 80
KEY = "note"

NO_PUBLIC_NOTE = Text(
    "Tulis alasan penarikan dengan kalimat yang dibaca publik.",
    "Write why it is withdrawn, in words that the public reads.",
)
NO_NOTE = Text(
    "Tulis catatan: apa yang harus diperbaiki, di mana, dan bagaimana.",
    "Write a note: what has to be mended, where, and how.",
)


def check(attempt: Attempt) -> Sequence[Reason]:
    request = attempt.request
    if request is not None and attempt.rule.needs_note and not attempt.relay and not request.note.strip():
        return [reason("note_missing", NO_PUBLIC_NOTE if attempt.rule.public_note else NO_NOTE)]
    return ()
