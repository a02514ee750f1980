"""Why nothing can be said to a finding now."""

from __future__ import annotations

from ckanext.satudata.core.text import Text, reason

NO_REPORT = reason(
    "qa_no_report",
    Text(
        "Belum ada laporan atas file ini. Tunggu pemeriksaannya selesai.",
        "There is no report on this file yet. Wait until its check is done.",
    ),
)
GONE = reason(
    "qa_finding_gone",
    Text(
        "Temuan itu tidak ada lagi: file, kamus data, atau aturannya berubah. Lihat laporan yang sekarang.",
        "That finding is there no more: the file, its data dictionary or the rules changed. See the present report.",
    ),
)
REMARK = reason(
    "qa_only_remark",
    Text("Catatan tidak perlu dijawab.", "A remark needs no answer."),
)
ONLY_MENDED = reason(
    "qa_only_mended",
    Text(
        "Temuan ini tidak dapat dijelaskan atau dikesampingkan. Perbaiki tabelnya.",
        "This finding can be neither explained nor set aside. Mend the table.",
    ),
)
NOT_AN_ERROR = reason(
    "qa_not_in_the_way",
    Text(
        "Hanya temuan yang menghalangi suatu langkah yang dapat dikesampingkan.",
        "Only a finding that stands in the way of a step can be set aside.",
    ),
)
NOT_NOW = reason(
    "qa_not_open",
    Text(
        "Dataset ini sudah diputuskan. Temuan dijawab di salinan kerja, sebelum versi berikutnya terbit.",
        "This dataset is decided. Findings are answered in a working copy, before the next version is published.",
    ),
)
IN_REVIEW = reason(
    "qa_in_review",
    Text(
        "Dataset sedang diperiksa; penjelasan diberikan sebelum diajukan. Tarik kembali dahulu, atau jawab catatan "
        "pemeriksa.",
        "The dataset is in review; explanations are given before it is submitted. Take it back first, or answer the "
        "reviewer's note.",
    ),
)
OWN_WORK = reason(
    "qa_own_work",
    Text(
        "Anda ikut menulis isi ini, jadi temuannya dikesampingkan oleh orang lain.",
        "You wrote part of this content, so somebody else sets its findings aside.",
    ),
)
NO_REPLY = reason(
    "qa_no_reply",
    Text("Jawaban itu tidak ada atau sudah ditarik.", "There is no such answer, or it was taken back."),
)
