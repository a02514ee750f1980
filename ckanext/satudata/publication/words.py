"""Why a write is refused, in the words of the person who wanted to write."""

from __future__ import annotations

from ckanext.satudata.core.text import Reason, Text, reason

FROZEN = {
    "in_review": Text(
        id="Dataset ini sedang diperiksa, jadi belum bisa diubah. Tarik kembali pengajuannya bila perlu diperbaiki.",
        en="This dataset is being reviewed and cannot be changed. Withdraw the submission if something must be mended.",
    ),
    "verified": Text(
        id="Dataset ini sudah lolos pemeriksaan dan menunggu diterbitkan, jadi tidak bisa diubah.",
        en="This dataset has passed its review and waits to be published; it cannot be changed.",
    ),
    "published": Text(
        id=(
            "Dataset ini sudah terbit, jadi tidak bisa langsung diubah: yang terbit tetap sama dengan yang disetujui. "
            "Perubahan diajukan sebagai versi berikutnya."
        ),
        en=(
            "This dataset is published and cannot be changed directly: what is public stays what was approved. "
            "A change is submitted as its next version."
        ),
    ),
    "rejected": Text(
        id="Dataset ini ditolak. Buka kembali dahulu bila ingin memperbaikinya.",
        en="This dataset was rejected. Reopen it first if you want to mend it.",
    ),
    "archived": Text(
        id="Dataset ini sudah ditarik, jadi tidak bisa diubah.",
        en="This dataset was withdrawn and cannot be changed.",
    ),
}

NOT_PUBLIC = reason(
    "publication.not_public",
    Text(
        id="Dataset hanya terbit lewat persetujuan. Simpan dahulu, lalu ajukan untuk diperiksa.",
        en="A dataset becomes public only by approval. Save it, then submit it for review.",
    ),
    field="private",
)

BULK = reason(
    "publication.bulk",
    Text(
        id="Tidak ada yang diubah: {judul} tidak boleh diterbitkan, disembunyikan, atau dihapus dari sini. "
        "Gunakan tombol pada halaman dataset.",
        en="Nothing was changed: {judul} may not be published, hidden or deleted from here. "
        "Use the button on the dataset's page.",
    ),
)

ROWS = reason(
    "publication.rows",
    Text(
        id="Isi tabel di portal selalu berasal dari file yang sudah diperiksa. Unggah file baru untuk mengubahnya.",
        en="The rows of a table always come from the checked file. Upload a new file to change them.",
    ),
)

COLLABORATOR = reason(
    "publication.collaborator",
    Text(
        id="Dataset yang belum disetujui tidak bisa dibagikan kepada orang lain.",
        en="A dataset that is not approved yet cannot be shared with other people.",
    ),
)

RELATIONSHIP = reason(
    "publication.relationship",
    Text(
        id="Hubungan antar-dataset tidak bisa dibuat pada dataset yang lewat persetujuan.",
        en="Relationships cannot be made on datasets that need approval.",
    ),
)

DECIDED_MEANWHILE = reason(
    "publication.decided_meanwhile",
    Text(
        id="Perubahan tidak disimpan: dataset ini baru saja diajukan atau diputuskan. Muat ulang halaman.",
        en="The change was not saved: this dataset has just been submitted or decided on. Reload the page.",
    ),
)

GROUP = reason(
    "publication.group",
    Text(
        id="Perubahan tidak disimpan: kelompok atau tag ini memuat dataset yang sedang diperiksa atau sudah terbit.",
        en="The change was not saved: this group or tag holds a dataset that is being reviewed or published.",
    ),
)

NOT_AN_ID = Text(id="Isi dengan satu id atau nama, sebagai teks.", en="Give one id or name, as text.")

NO_DATASETS = Text(id="Sebutkan dataset mana saja, sebagai daftar id.", en="Name the datasets, as a list of ids.")

TABLE_LIST = Text(
    id="Daftar semua tabel tidak dibuka untuk umum.",
    en="The list of all tables is not public.",
)


def frozen(state: str) -> Reason:
    """Why a dataset in this state is not changed."""
    return reason(f"publication.frozen_{state}", FROZEN[state])


def bulk(title: str) -> Reason:
    """Why a bulk action is refused, naming the first dataset that stands in the way."""
    return reason(BULK.code, BULK.text, judul=title)
