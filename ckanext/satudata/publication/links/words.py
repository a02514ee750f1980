"""What is said of a linked file: why it could not be fetched, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.core.text import Text

MEGABYTE = 1 << 20

# code → what happened, what to do
FINDINGS: Mapping[str, tuple[Text, Text]] = {
    "bad_url": (
        Text("Alamat ini bukan alamat file di web.", "This is no address of a file on the web."),
        Text(
            "Tulis alamat lengkap yang diawali http:// atau https://, tanpa nama pengguna dan sandi.",
            "Write the whole address beginning with http:// or https://, without user name and password.",
        ),
    ),
    "forbidden": (
        Text(
            "Alamat ini menuju jaringan tertutup ({host}), yang tidak boleh dibuka oleh portal.",
            "This address leads into a closed network ({host}), which the portal may not look into.",
        ),
        Text(
            "Unggah filenya. Bila situs ini memang milik pemerintah daerah, minta pengelola portal mengizinkannya "
            "(ckanext.satudata.links.allow).",
            "Upload the file. If this website belongs to the local government, ask the operator of the portal to allow "
            "it (ckanext.satudata.links.allow).",
        ),
    ),
    "not_found": (
        Text("Di alamat ini tidak ada file (jawaban {status}).", "There is no file at this address (answer {status})."),
        Text(
            "Buka alamatnya di peramban, perbaiki tautannya, atau unggah filenya.",
            "Open the address in your browser, mend the link, or upload the file.",
        ),
    ),
    "login": (
        Text(
            "Situs ini meminta masuk (login) sebelum memberikan file.",
            "This website asks to sign in before it gives the file.",
        ),
        Text(
            "Buka akses file itu untuk siapa saja yang punya tautannya, atau unduh lalu unggah filenya di sini.",
            "Open the file to anyone who has the link, or download it and upload it here.",
        ),
    ),
    "status": (
        Text(
            "Situs ini menolak memberikan file (jawaban {status}).", "This website refused the file (answer {status})."
        ),
        Text(
            "Coba lagi nanti. Bila tetap begitu, unggah filenya.", "Try again later. If it stays so, upload the file."
        ),
    ),
    "too_large": (
        Text("File di sana lebih besar dari batas {most} MB.", "The file there is larger than the limit of {most} MB."),
        Text(
            "Bagi menjadi beberapa file (misalnya per tahun), atau minta bantuan walidata.",
            "Split it (by year, for example), or ask the walidata.",
        ),
    ),
    "html": (
        Text("Alamat ini memberikan halaman web, bukan file data.", "This address gives a web page, not a data file."),
        Text(
            "Salin alamat dari tombol unduh di halaman itu, atau unduh lalu unggah filenya di sini.",
            "Copy the address of the download button on that page, or download the file and upload it here.",
        ),
    ),
    "empty": (
        Text("File di sana kosong.", "The file there is empty."),
        Text("Perbaiki file di sana, atau unggah filenya.", "Mend the file there, or upload the file."),
    ),
    "slow": (
        Text(
            "Situs ini tidak selesai memberikan file dalam {seconds} detik.",
            "This website did not give the whole file within {seconds} seconds.",
        ),
        Text(
            "Coba lagi nanti. Bila tetap begitu, unggah filenya.", "Try again later. If it stays so, upload the file."
        ),
    ),
    "unreachable": (
        Text("Situs ini tidak dapat dihubungi.", "This website cannot be reached."),
        Text(
            "Periksa ejaan alamatnya, coba lagi nanti, atau unggah filenya.",
            "Look at the spelling of the address, try again later, or upload the file.",
        ),
    ),
    "certificate": (
        Text("Sertifikat keamanan situs ini tidak sah.", "The security certificate of this website is not valid."),
        Text(
            "Beri tahu pengelola situs itu, dan unggah filenya di sini.",
            "Tell whoever runs that website, and upload the file here.",
        ),
    ),
    "redirects": (
        Text("Alamat ini mengalihkan lebih dari {most} kali.", "This address leads on more than {most} times."),
        Text(
            "Salin alamat terakhir dari peramban, atau unggah filenya.",
            "Copy the last address from your browser, or upload the file.",
        ),
    ),
    "broken": (
        Text("Sambungan terputus sebelum file selesai.", "The connection broke before the file was whole."),
        Text("Coba lagi, atau unggah filenya.", "Try again, or upload the file."),
    ),
    "lost": (
        Text("Pengambilan terhenti di tengah jalan.", "Fetching was interrupted."),
        Text("Coba lagi, atau unggah filenya.", "Try again, or upload the file."),
    ),
    "not_saved": (
        Text("File sudah diambil, tetapi tidak dapat disimpan: {why}", "The file was fetched, but not saved: {why}"),
        Text("Perbaiki hal itu lalu coba lagi.", "Mend that and try again."),
    ),
}

NOT_ASKED = Text("File di situs lain itu belum diambil.", "The file on the other website was not fetched yet.")
ASK = Text("Tekan “Ambil filenya”, atau unggah filenya.", "Press “Fetch the file”, or upload the file.")
WAITING = Text("File di situs lain itu sedang diambil.", "The file on the other website is being fetched.")
WAIT = Text("Tunggu sebentar.", "Wait a moment.")
MAY_STAY = Text(
    "Atau biarkan sebagai tautan luar yang tidak dijamin.", "Or let it stay an outside link that nobody vouches for."
)

NO_LINK = Text("Resource ini bukan tautan ke situs lain.", "This resource is no link to another website.")
NOT_ALLOWED = Text(
    "Portal ini tidak menerbitkan tautan luar yang tidak dijamin. Unggah filenya.",
    "This portal does not publish outside links that nobody vouches for. Upload the file.",
)
NOT_TRIED = Text(
    "Ambil dulu filenya. Hanya yang tidak bisa diambil yang boleh tetap berupa tautan.",
    "Fetch the file first. Only what cannot be fetched may stay a link.",
)

CHANGED = Text(
    "Isi tautan luar “{name}” pada dataset ini berubah di situs asalnya. Periksa apakah keterangannya masih benar.",
    "What the outside link “{name}” of this dataset leads to has changed. See whether its description still holds.",
)
DEAD = Text(
    "Tautan luar “{name}” pada dataset ini mati: {why} Perbaiki tautannya, atau unggah filenya.",
    "The outside link “{name}” of this dataset is dead: {why} Mend the link, or upload the file.",
)


def finding(code: str, detail: Mapping[str, Any] | None) -> tuple[Text, Text]:
    """What happened and what to do, with everything filled in: both are whole sentences without parameters."""
    problem, mend = FINDINGS[code]
    values = {name: value for name, value in (detail or {}).items() if value is not None}
    if code == "too_large" and "most" in values:
        values["most"] = values["most"] // MEGABYTE
    return filled(problem, **{"host": "", "status": "", "seconds": "", "most": "", "why": "", **values}), mend


def filled(text: Text, **parameters: Any) -> Text:
    """The sentence in both languages; what another website chose to write cannot be read as a parameter."""
    return Text(*(text.render(spoken, **parameters).replace("{", "{{").replace("}", "}}") for spoken in ("id", "en")))
