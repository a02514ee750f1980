"""What a notice says. The mail of the same key is ``templates/satudata/notices/<language>/<key>.txt``."""

from __future__ import annotations

from ckanext.satudata.core.text import Text

SENTENCES: dict[str, Text] = {
    "to_review": Text(
        "“{title}” dari {organization} menunggu Anda periksa.", "“{title}” of {organization} waits for your review."
    ),
    "to_publish": Text(
        "“{title}” dari {organization} sudah disetujui dan siap diterbitkan.",
        "“{title}” of {organization} is approved and ready to be published.",
    ),
    "passed": Text("“{title}” disetujui.", "“{title}” was approved."),
    "returned": Text(
        "“{title}” dikembalikan dengan catatan. Perbaiki, lalu ajukan lagi.",
        "“{title}” came back with a note. Mend it and submit it again.",
    ),
    "rejected": Text("“{title}” ditolak dengan catatan.", "“{title}” was rejected with a note."),
    "reopened": Text("“{title}” dibuka kembali sebagai draf.", "“{title}” was reopened as a draft."),
    "published": Text("“{title}” sudah terbit.", "“{title}” is published."),
}
