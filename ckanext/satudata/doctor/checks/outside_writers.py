"""Programs that write by themselves are known to the portal: a harvester has its account, no second loader runs."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

# They load the rows of every file again, unread and without its dictionary.
LOADERS = ("xloader", "datapusher")
# The account a harvester writes as: ckanext-harvest's own option, else this name, else CKAN's site user.
ACCOUNT, USUAL = "ckanext.harvest.user_name", "harvest"
ARRIVALS = "ckanext.satudata.arrivals"


@check(
    title=Text("Program yang menulis sendiri", "Programs that write by themselves"),
    meaning=Text(
        "Akun pemanen dikenal portal, dan tidak ada pemuat tabel kedua.",
        "The account of a harvester is known to the portal, and no second loader of tables runs.",
    ),
)
def look() -> Iterator[Finding]:
    for name in filter(p.plugin_loaded, LOADERS):
        yield _loader(name)
    if p.plugin_loaded("harvest"):
        account = str(tk.config.get(ACCOUNT) or USUAL)
        if account not in _named():
            yield _harvester(account)
    if str(tk.config.get("ckan.site_id") or "") in _named():
        yield _site_user()


def _named() -> list[str]:
    configured = tk.config.get(ARRIVALS) or []
    return configured.split() if isinstance(configured, str) else list(configured)


def _loader(name: str) -> Finding:
    return finding(
        f"outside_writers.{name}",
        "warning",
        what=Text("Plugin {name} menyala.", "The plugin {name} is on."),
        why=Text(
            "Tabel dataset yang diperiksa dimuat portal sendiri dari file yang disetujui; setiap pekerjaan {name} pada "
            "dataset seperti itu ditolak dan hanya memenuhi antrean dan catatan.",
            "Tables of datasets that need approval are loaded by the portal itself from the approved file; every job "
            "of {name} on such a dataset is refused, and only fills the queue and the log.",
        ),
        remedy=Text(
            "Keluarkan {name} dari ckan.plugins, kecuali ada jenis dataset yang dikecualikan yang memerlukannya.",
            "Take {name} out of ckan.plugins, unless an exempt type of dataset needs it.",
        ),
        name=name,
    )


def _harvester(account: str) -> Finding:
    return finding(
        "outside_writers.harvester",
        "warning",
        what=Text(
            "Pemanen menulis dengan akun yang tidak dikenal portal.", "The harvester writes as an unknown account."
        ),
        why=Text(
            "Perubahan yang dipanen dari dataset yang sudah terbit ditolak, bukan menunggu di salinan kerja; dan pada "
            "draf, isian orang tertimpa.",
            "Harvested changes of published datasets are refused instead of waiting in a working copy; and in drafts "
            "they replace what people wrote.",
        ),
        remedy=Text(
            "Buat akun khusus, tulis namanya di ckanext.harvest.user_name dan ckanext.satudata.arrivals, lalu mulai "
            "ulang CKAN dan pemanen.",
            "Make an account for it, write its name into ckanext.harvest.user_name and ckanext.satudata.arrivals, then "
            "restart CKAN and the harvester.",
        ),
        command=f"ckan config-tool ckan.ini {ACCOUNT}={account} {ARRIVALS}={account}",
        items=(account,),
    )


def _site_user() -> Finding:
    return finding(
        "outside_writers.site_user",
        "warning",
        what=Text("Akun situs tercantum di {option}.", "The site user is named in {option}."),
        why=Text(
            "Akun itu dipakai setiap program di server; perubahan dari mana pun dianggap datang dari sumber data.",
            "Every program on the server writes as that account; a change from anywhere would count as the source's.",
        ),
        remedy=Text("Beri program itu akun sendiri.", "Give that program an account of its own."),
        option=ARRIVALS,
    )
