"""The seven states of a case, and the steps between them.

A region's definition says who may take a step, in which stages and behind which gates; which steps exist and from where
is the same everywhere, so that lists, reports and the write guard mean the same thing in every portal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ckanext.satudata.core.text import Text

State = Literal["draft", "in_review", "revision", "verified", "published", "rejected", "archived"]
Direction = Literal["forward", "back", "end"]
Codes = Literal["returns", "withdrawals", "takedowns"]

STATES: dict[str, Text] = {
    "draft": Text("Draf", "Draft"),
    "in_review": Text("Dalam pemeriksaan", "In review"),
    "revision": Text("Perlu perbaikan", "Needs work"),
    "verified": Text("Disetujui, belum terbit", "Approved, not published"),
    "published": Text("Terbit", "Published"),
    "rejected": Text("Ditolak", "Rejected"),
    "archived": Text("Ditarik", "Withdrawn from the public"),
}

# In these the producer may edit; in every other state the content stands still.
EDITABLE: frozenset[str] = frozenset({"draft", "revision"})

# Why, by state; ``turn`` is the role whose turn it is.
FROZEN: dict[str, Text] = {
    "in_review": Text(
        "Dataset ini sedang diperiksa {turn}, jadi isinya tidak dapat diubah. Tarik kembali, atau tunggu keputusan.",
        "This dataset is in review with the {turn}, so nobody can change it. Take it back first, or wait.",
    ),
    "verified": Text(
        "Dataset ini sudah disetujui dan menunggu terbit, jadi tidak dapat diubah. Minta {turn} mengembalikannya.",
        "This dataset is approved and waits to be published, so nobody can change it. Ask the {turn} to return it.",
    ),
    "published": Text(
        "Dataset ini sudah terbit. Isi yang dibaca publik tidak dapat diubah langsung.",
        "This dataset is published. What the public reads cannot be changed in place.",
    ),
    "rejected": Text(
        "Dataset ini ditolak dan ditutup. Minta Walidata membukanya kembali.",
        "This dataset was rejected and closed. Ask the Walidata to reopen it.",
    ),
    "archived": Text(
        "Dataset ini sudah ditarik dari publik, jadi tidak dapat diubah. Minta Walidata membukanya kembali.",
        "This dataset was withdrawn from the public and cannot be changed. Ask the Walidata to reopen it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A step as every portal knows it.

    ``by_stage``: the role of the present stage takes it, not one named for the transition. ``decides``: it judges
    somebody's content, so the author may not take it. ``level``: it counts as one level of the round.
    ``with_publish``: whoever may publish may take it, behind the same gates. ``usual``: it is there in every procedure;
    who takes it when the definition says nothing is told by :func:`engine.usual`. ``codes``: which list of
    :data:`reasons.LISTS` its reason code is from. ``public_note``: the note is read by everybody.
    """

    name: str
    label: Text
    done: Text
    message: Text
    sources: frozenset[str]
    direction: Direction
    by_stage: bool = False
    decides: bool = False
    level: bool = False
    needs_note: bool = False
    with_publish: bool = False
    usual: bool = False
    codes: Codes | None = None
    public_note: bool = False


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            "submit",
            Text("Ajukan untuk diperiksa", "Submit for review"),
            Text("Diajukan", "Submitted"),
            Text("Sudah diajukan. Sekarang giliran {turn}.", "Submitted. It is now the turn of {turn}."),
            frozenset({"draft", "revision"}),
            "forward",
        ),
        Rule(
            "withdraw",
            Text("Tarik kembali", "Take back"),
            Text("Ditarik kembali", "Taken back"),
            Text("Ditarik kembali menjadi draf.", "Taken back; it is a draft again."),
            frozenset({"in_review"}),
            "back",
        ),
        Rule(
            "pass",
            Text("Setujui", "Approve"),
            Text("Disetujui", "Approved"),
            Text("Disetujui. Berikutnya: {next}.", "Approved. Next: {next}."),
            frozenset({"in_review"}),
            "forward",
            by_stage=True,
            decides=True,
            level=True,
        ),
        Rule(
            "return",
            Text("Kembalikan dengan catatan", "Return with a note"),
            Text("Dikembalikan", "Returned"),
            Text("Dikembalikan ke {target} dengan catatan Anda.", "Returned to {target} with your note."),
            frozenset({"in_review", "verified"}),
            "back",
            by_stage=True,
            decides=True,
            level=True,
            needs_note=True,
            codes="returns",
        ),
        Rule(
            "reject",
            Text("Tolak", "Reject"),
            Text("Ditolak", "Rejected"),
            Text("Ditolak dan ditutup.", "Rejected and closed."),
            frozenset({"in_review"}),
            "end",
            by_stage=True,
            decides=True,
            level=True,
            needs_note=True,
            codes="returns",
        ),
        Rule(
            "reopen",
            Text("Buka kembali", "Reopen"),
            Text("Dibuka kembali", "Reopened"),
            Text("Dibuka kembali sebagai draf.", "Reopened as a draft."),
            frozenset({"rejected", "archived"}),
            "back",
        ),
        Rule(
            "publish",
            Text("Terbitkan", "Publish"),
            Text("Diterbitkan", "Published"),
            Text("Terbit. Publik dapat membacanya.", "Published. Everybody can read it."),
            frozenset({"verified"}),
            "forward",
            decides=True,
        ),
        Rule(
            "schedule",
            Text("Jadwalkan rilis", "Schedule the release"),
            Text("Rilis dijadwalkan", "Release scheduled"),
            Text("Rilis dijadwalkan. Terbit sendiri pada waktunya.", "Scheduled. It is published at that time."),
            frozenset({"verified"}),
            "forward",
            decides=True,
            with_publish=True,
        ),
        Rule(
            "unschedule",
            Text("Batalkan jadwal rilis", "Cancel the scheduled release"),
            Text("Jadwal rilis dibatalkan", "Scheduled release cancelled"),
            Text("Jadwal rilis dibatalkan.", "The scheduled release is cancelled."),
            frozenset({"verified"}),
            "back",
            with_publish=True,
        ),
        Rule(
            "unpublish",
            Text("Tarik dari publik", "Withdraw from the public"),
            Text("Ditarik dari publik", "Withdrawn from the public"),
            Text(
                "Ditarik dari publik. Siapa yang membuka alamatnya membaca tanggal dan alasan Anda.",
                "Withdrawn from the public. Whoever opens its address reads the date and your reason.",
            ),
            frozenset({"published"}),
            "end",
            needs_note=True,
            usual=True,
            codes="withdrawals",
            public_note=True,
        ),
        Rule(
            "takedown",
            Text("Turunkan seketika", "Take down at once"),
            Text("Diturunkan seketika", "Taken down at once"),
            Text(
                "Diturunkan. File dan barisnya dihapus; publik hanya membaca tanggal dan jenis alasannya.",
                "Taken down. Its files and rows are erased; the public reads the date and the kind of reason only.",
            ),
            frozenset({"published", "archived"}),
            "end",
            usual=True,
            codes="takedowns",
        ),
    )
}


def state_label(state: str) -> Text:
    """The word for a state; the key itself for one this version does not know."""
    return STATES.get(state, Text(state, state))


# What a step is called in a stage of a special kind: the button, and what the history says.
SPECIAL: dict[tuple[str, str], tuple[Text, Text]] = {
    ("report", "pass"): (Text("Sudah dibaca", "Noted"), Text("Sudah dibaca", "Noted")),
    ("sign_off", "pass"): (Text("Sahkan", "Sign off"), Text("Disahkan", "Signed off")),
    ("relay", "pass"): (Text("Kirim balik", "Send back"), Text("Dikirim balik", "Sent back")),
    ("relay", "return"): (
        Text("Teruskan ke Produsen Data", "Hand on to the producer"),
        Text("Diteruskan ke Produsen Data", "Handed on to the producer"),
    ),
}


def step_label(transition: str, kind: str | None = None) -> Text:
    """What the button of a step is called in a stage of that kind; the name itself for an unknown step."""
    special = SPECIAL.get((kind or "", transition))
    if special is not None:
        return special[0]
    rule = RULES.get(transition)
    return rule.label if rule is not None else Text(transition, transition)


def done_label(transition: str, kind: str | None = None) -> Text:
    """What the history calls a step taken in a stage of that kind; the name itself for an unknown step."""
    special = SPECIAL.get((kind or "", transition))
    if special is not None:
        return special[1]
    rule = RULES.get(transition)
    return rule.done if rule is not None else Text(transition, transition)
