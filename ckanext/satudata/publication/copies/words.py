"""What is said about working copies."""

from __future__ import annotations

from ckanext.satudata.core.text import Reason, Text, reason

NOT_PUBLISHED = reason(
    "copy.not_published",
    Text(
        id="Perubahan hanya dibuat untuk dataset yang sudah terbit. Dataset ini belum; ubah langsung di formulir.",
        en="A working copy is made of a published dataset. This one is not published; change it in its form.",
    ),
)
NOT_GUARDED = reason(
    "copy.not_guarded",
    Text(
        id="Dataset jenis ini tidak lewat pemeriksaan; ubah langsung.",
        en="Datasets of this type need no approval; change it directly.",
    ),
)
OF_A_COPY = reason(
    "copy.of_a_copy",
    Text(
        id="Dataset ini sendiri sebuah salinan kerja. Ubah langsung di sini.",
        en="This dataset is a working copy itself. Change it right here.",
    ),
)
IS_OPEN = reason(
    "copy.open",
    Text(
        id="Perubahan dataset ini sudah dikerjakan pada salinan {salinan}, dibuka {nama} pada {tanggal}. "
        "Lanjutkan di salinan itu, atau buang dahulu.",
        en="A change of this dataset is being made in the working copy {salinan}, opened by {nama} on {tanggal}. "
        "Go on there, or discard it first.",
    ),
)
NONE_OPEN = reason(
    "copy.none_open",
    Text(
        id="Dataset ini tidak punya salinan kerja yang terbuka.",
        en="This dataset has no open working copy.",
    ),
)
USE_DISCARD = reason(
    "copy.use_discard",
    Text(
        id="Ini salinan kerja. Pilih Buang perubahan pada halamannya (API: satudata_copy_discard).",
        en="This is a working copy. Choose Discard the change on its page (API: satudata_copy_discard).",
    ),
)
IN_REVIEW = reason(
    "copy.in_review",
    Text(
        id="Perubahan ini sedang diperiksa atau menunggu terbit, jadi belum bisa dibuang. Tarik kembali dahulu.",
        en="This change is being reviewed or waits to be published and cannot be discarded. Take it back first.",
    ),
)
NOTE_MISSING = reason(
    "copy.note_missing",
    Text(
        id="Tulis apa yang diralat. Catatan ralat dibaca publik.",
        en="Say what is corrected. The note of a correction is read by the public.",
    ),
    field="note",
)
UNCHANGED = reason(
    "copy.unchanged",
    Text(
        id="Belum ada yang berubah dari versi yang terbit. Ubah dahulu, atau buang salinan ini.",
        en="Nothing differs from the published version yet. Change something first, or discard this copy.",
    ),
)
PUBLIC_CHANGED = reason(
    "copy.public_changed",
    Text(
        id="Dataset yang terbit berubah sejak salinan ini dibuka. Buang salinan ini dan buka yang baru.",
        en="The published dataset has changed since this copy was opened. Discard this copy and open a new one.",
    ),
)
PUBLIC_GONE = reason(
    "copy.public_gone",
    Text(
        id="Dataset ini tidak lagi terbit, jadi perubahannya tidak bisa diterbitkan.",
        en="The dataset is no longer published, so its change cannot be published.",
    ),
)
TABLE_BUSY = Text(
    id="Tabel perubahan ini masih disiapkan. Coba terbitkan lagi sebentar lagi.",
    en="The table of this change is still being prepared. Publish it again in a moment.",
)
TABLE_FAILED = reason(
    "copy.table_failed",
    Text(
        id="Tabel dari file {nama} tidak dapat disiapkan, jadi perubahan belum diterbitkan. Hubungi administrator.",
        en="The table of the file {nama} could not be prepared, so nothing was published. Ask the administrator.",
    ),
)
WORK_IN_COPY = reason(
    "publication.frozen_published",
    Text(
        id="Dataset ini sudah terbit, jadi tidak bisa langsung diubah. Perubahan dikerjakan pada salinan {salinan}; "
        "ubah di sana, lalu ajukan.",
        en="This dataset is published and cannot be changed directly. Its change is made in the copy {salinan}; "
        "edit that one, then submit it.",
    ),
)
OPEN_A_COPY = reason(
    "publication.frozen_published",
    Text(
        id="Dataset ini sudah terbit, jadi tidak bisa langsung diubah: yang terbit tetap sama dengan yang disetujui. "
        "Pilih Buat perubahan pada halamannya (API: satudata_copy_create) untuk mengerjakan versi berikutnya.",
        en="This dataset is published and cannot be changed directly: what is public stays what was approved. "
        "Choose Buat perubahan on its page (API: satudata_copy_create) to work on its next version.",
    ),
)


def is_open(copy_name: str, person: str, day: str) -> Reason:
    """Why no second copy is opened."""
    return reason(IS_OPEN.code, IS_OPEN.text, salinan=copy_name, nama=person, tanggal=day)


def published(copy_name: str | None) -> Reason:
    """Why a published dataset is not written to, and where its next version is made."""
    if copy_name is None:
        return OPEN_A_COPY
    return reason(WORK_IN_COPY.code, WORK_IN_COPY.text, salinan=copy_name)


def table_failed(file_name: str) -> Reason:
    """Why a swap does not happen."""
    return reason(TABLE_FAILED.code, TABLE_FAILED.text, nama=file_name)
