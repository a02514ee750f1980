"""What a notice says. The mail of the same key is ``templates/satudata/notices/<language>/<key>.txt``.

A sentence may name any parameter of its notice. Parameters are plain JSON: a text, a number, a moment in ISO 8601
(:data:`MOMENTS`), or words in both languages, ``{"id": …, "en": …}``, alone or in a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ckanext.satudata.core.text import Language, Text
from ckanext.satudata.notices import dates

# Names of parameters that hold a moment.
MOMENTS = ("due", "at", "from", "until")
LONGEST = 140  # characters of a title
# Every parameter a sentence or a mail may name; one that a notice lacks is empty.
PARAMETERS = (
    *("title", "organization", "stage", "count", "batch", "reasons", "post", "person", "letter"),
    *("needs", "receipt", "text", *MOMENTS),
)

TURN = {
    "to_review": Text(
        "“{title}” dari {organization} menunggu Anda periksa.", "“{title}” of {organization} waits for your review."
    ),
    "to_sign_off": Text(
        "“{title}” dari {organization} menunggu pengesahan Anda.",
        "“{title}” of {organization} waits for your sign-off.",
    ),
    "to_relay": Text(
        "Catatan untuk “{title}” menunggu Anda teruskan kepada {organization}.",
        "The notes on “{title}” wait for you to pass them on to {organization}.",
    ),
    "to_read": Text(
        "Laporan tentang “{title}” dari {organization} menunggu Anda baca.",
        "A report about “{title}” of {organization} waits for you to read it.",
    ),
    "came_back": Text(
        "“{title}” dari {organization} kembali ke tahap Anda dengan catatan.",
        "“{title}” of {organization} came back to your step with a note.",
    ),
    "to_publish": Text(
        "“{title}” dari {organization} sudah disetujui dan siap diterbitkan.",
        "“{title}” of {organization} is approved and ready to be published.",
    ),
    "batch_complete": Text(
        "Kumpulan “{batch}” sudah lengkap: {count} dataset menunggu Anda periksa bersama-sama.",
        "The set “{batch}” is complete: {count} datasets wait for your review together.",
    ),
    "assigned": Text(
        "“{title}” dari {organization} ditugaskan kepada Anda.", "“{title}” of {organization} was assigned to you."
    ),
    "taken_over": Text(
        "“{title}” dari {organization} dialihkan ke petugas lain.",
        "“{title}” of {organization} was handed to another officer.",
    ),
    "withdrawn": Text(
        "“{title}” ditarik kembali oleh {organization}; Anda tidak perlu memeriksanya lagi.",
        "{organization} took “{title}” back; you need not review it any more.",
    ),
    "auto_passed": Text(
        "“{title}” dari {organization} melewati tahap Anda dengan sendirinya karena waktunya habis.",
        "“{title}” of {organization} passed your step by itself because its time was up.",
    ),
    "release_refused": Text(
        "“{title}” dari {organization} tidak terbit pada waktu yang dijadwalkan. Alasannya: {reasons}",
        "“{title}” of {organization} was not published at the planned time. Why: {reasons}",
    ),
}
PRODUCERS = {
    "passed": Text("“{title}” disetujui pada satu tahap dan dilanjutkan.", "“{title}” passed a step and moves on."),
    "approved": Text("“{title}” disetujui.", "“{title}” was approved."),
    "verified": Text("“{title}” sudah terverifikasi.", "“{title}” is verified."),
    "returned": Text(
        "“{title}” dikembalikan dengan catatan. Perbaiki, lalu ajukan lagi.",
        "“{title}” came back with a note. Mend it and submit it again.",
    ),
    "rejected": Text("“{title}” ditolak dengan catatan.", "“{title}” was rejected with a note."),
    "reopened": Text("“{title}” dibuka kembali sebagai draf.", "“{title}” was reopened as a draft."),
    "unpublished": Text("“{title}” ditarik dari publik.", "“{title}” was withdrawn from the public."),
    "taken_down": Text(
        "“{title}” diturunkan seketika; file dan barisnya dihapus.",
        "“{title}” was taken down at once; its files and rows are erased.",
    ),
    "opened_for_edit": Text(
        "“{title}” dibuka administrator untuk diubah. Pemeriksaan dimulai lagi setelah diajukan.",
        "“{title}” was opened for editing by an administrator. The review starts again once it is submitted.",
    ),
    "published": Text("“{title}” sudah terbit.", "“{title}” is published."),
    "scheduled": Text("“{title}” dijadwalkan terbit {at}.", "“{title}” will be published on {at}."),
    "unscheduled": Text("Jadwal terbit “{title}” dibatalkan.", "The planned release of “{title}” was cancelled."),
    "migrated": Text(
        "“{title}” dipindahkan ke alur kerja yang berlaku sekarang.", "“{title}” was moved to the present procedure."
    ),
}
DEADLINES = {
    "due_soon": Text(
        "Tenggat “{title}” dari {organization}, yang menunggu Anda, sudah dekat.",
        "“{title}” of {organization}, which waits for you, is due soon.",
    ),
    "due_today": Text(
        "Hari ini tenggat “{title}” dari {organization}, yang menunggu Anda.",
        "“{title}” of {organization}, which waits for you, is due today.",
    ),
    "late": Text(
        "“{title}” dari {organization} lewat tenggat dan masih menunggu Anda.",
        "“{title}” of {organization} is late and still waits for you.",
    ),
    "escalated": Text(
        "Diteruskan kepada Anda karena lewat tenggat: “{title}” dari {organization}.",
        "Passed up to you because it is late: “{title}” of {organization}.",
    ),
    "work_due_soon": Text("Tenggat Anda untuk “{title}” sudah dekat.", "Your work on “{title}” is due soon."),
    "work_due_today": Text("Hari ini tenggat Anda untuk “{title}”.", "Your work on “{title}” is due today."),
    "work_late": Text(
        "“{title}” lewat tenggat dan belum Anda ajukan.", "“{title}” is late and has not been submitted yet."
    ),
    "work_escalated": Text(
        "{organization} belum mengajukan “{title}”, yang sudah lewat tenggat.",
        "{organization} has not submitted “{title}” yet, which is late.",
    ),
    "repair_due": Text(
        "Waktu untuk memperbaiki “{title}” habis; ajukan lagi sebelum tenggatnya.",
        "The time to mend “{title}” is up; submit it again before it is due.",
    ),
    "collect_due": Text(
        "Waktu untuk mengumpulkan data “{title}” habis; ajukan sebelum tenggatnya.",
        "The time to collect the data of “{title}” is up; submit it before it is due.",
    ),
    "reverify": Text(
        "“{title}” dari {organization} sudah waktunya dimutakhirkan. Data yang terbit tetap dapat dibaca publik.",
        "“{title}” of {organization} should be brought up to date. What is published stays public.",
    ),
    "many_due": Text(
        "{count} dataset yang menunggu Anda mendekati tenggat.", "{count} datasets that wait for you are due soon."
    ),
    "many_late": Text(
        "{count} dataset lewat tenggat dan menunggu Anda.", "{count} datasets are late and wait for you."
    ),
    "many_escalated": Text(
        "{count} dataset diteruskan kepada Anda karena lewat tenggat.",
        "{count} datasets were passed up to you because they are late.",
    ),
    "many_work_due": Text("{count} dataset Anda mendekati tenggat.", "{count} of your datasets are due soon."),
    "many_work_late": Text(
        "{count} dataset Anda lewat tenggat dan belum diajukan.", "{count} of your datasets are late and not submitted."
    ),
    "many_work_escalated": Text(
        "{count} dataset lewat tenggat dan belum diajukan oleh OPD.",
        "{count} datasets are late and have not been submitted by their offices.",
    ),
    "many_reverify": Text(
        "{count} dataset yang terbit sudah waktunya dimutakhirkan.",
        "{count} published datasets should be brought up to date.",
    ),
}
PEOPLE = {
    "grant_given": Text("Anda diberi peran {post}.", "You were given the role {post}."),
    "grant_ended": Text("Peran Anda sebagai {post} berakhir.", "Your role as {post} has ended."),
    "deputy_given": Text(
        "Anda ditunjuk menggantikan {person} sebagai {post}.", "You were appointed to act for {person} as {post}."
    ),
    "deputy_ended": Text(
        "Tugas Anda menggantikan {person} sebagai {post} berakhir.", "You no longer act for {person} as {post}."
    ),
    "vacancy": Text(
        "Tidak ada yang dapat bertindak sebagai {post} di {organization}. Berikan peran itu kepada seseorang.",
        "Nobody can act as {post} in {organization}. Give that role to somebody.",
    ),
    "vacancy_soon": Text(
        "Sebentar lagi tidak ada yang dapat bertindak sebagai {post} di {organization}.",
        "Soon nobody will be able to act as {post} in {organization}.",
    ),
    "message": Text("{text}", "{text}"),
}
SENTENCES: dict[str, Text] = {**TURN, **PRODUCERS, **DEADLINES, **PEOPLE}

# What is told besides, when the notice has that parameter.
DETAILS = {
    "stage": Text("Tahap: {stage}.", "Step: {stage}."),
    "due": Text("Paling lambat {due}.", "Due {due}."),
    "until": Text("Berlaku sampai {until}.", "Until {until}."),
    "needs": Text("Siapkan berkas: {needs}.", "Have ready: {needs}."),
    "receipt": Text("Konfirmasikan bahwa Anda sudah membacanya.", "Please confirm that you have read it."),
}


def sentence(key: str, parameters: Mapping[str, Any], language: Language) -> str:
    """The notice in one or two sentences."""
    return SENTENCES.get(key, Text("{title}", "{title}")).render(language, **said(parameters, language))


def detail(parameters: Mapping[str, Any], language: Language) -> str:
    """Until when, at which stage, what to bring; empty when there is nothing to add."""
    words = said(parameters, language)
    return " ".join(text.render(language, **words) for name, text in DETAILS.items() if words[name])


def said(parameters: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Every parameter in words; one that is missing is empty."""
    words = dict.fromkeys(PARAMETERS, "")
    return {**words, **{name: _said(name, value, language) for name, value in parameters.items()}}


def _said(name: str, value: Any, language: Language) -> str:
    if value is None or value is False:
        return ""
    if name in MOMENTS:
        return dates.day(str(value), language)
    if isinstance(value, Mapping):
        both = cast("Mapping[str, Any]", value)
        return str(both.get(language) or both.get("id") or "")
    if isinstance(value, list):
        return ", ".join(_said("", part, language) for part in cast("list[Any]", value))
    text = str(value)
    return f"{text[: LONGEST - 1].rstrip()}…" if name == "title" and len(text) > LONGEST else text
