"""Notes of earlier rounds are settled before the content is passed.

Bad: passed while the note on *Satuan* still stands. Good: each note is marked mended, its explanation accepted, or it
is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow.case import Attempt

ORDER = 75

UNSETTLED: dict[str, Text] = {
    "open": Text(
        "Belum bisa disetujui: catatan pada “{label}” belum diputuskan. Tandai sudah diperbaiki atau belum.",
        "This cannot be passed yet: the note on “{label}” is not judged. Mark it as mended or not.",
    ),
    "explained": Text(
        "Belum bisa disetujui: penjelasan Produsen Data pada “{label}” belum diputuskan. Terima atau tolak.",
        "This cannot be passed yet: the producer's explanation on “{label}” is not judged. Accept it or not.",
    ),
    "not_mended": Text(
        "Belum bisa disetujui: catatan pada “{label}” belum diperbaiki. Kembalikan, atau hapus catatannya.",
        "This cannot be passed yet: the note on “{label}” is not mended. Return it, or take the note away.",
    ),
}


def check(attempt: Attempt) -> Sequence[Reason]:
    stage = attempt.stage
    if attempt.rule.name != "pass" or stage is None or not stage.judges or not stage.notes:
        return ()
    return [
        reason("note_unjudged", UNSETTLED[note.state], label=note.label, note=note.id)
        for note in attempt.case.open_notes
        if note.state in UNSETTLED
    ]
