"""DP-03: no names of persons beside what tells more about them."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, personal
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text

_KINDS = {
    "nik": ("NIK", "NIK"),
    "kk": ("nomor KK", "KK numbers"),
    "phone": ("nomor ponsel", "mobile numbers"),
    "email": ("surel", "mail addresses"),
    "account": ("nomor rekening", "account numbers"),
    "birth": ("tanggal lahir", "days of birth"),
    "address": ("alamat", "addresses"),
}


@check(
    id="DP-03",
    title=Text("Tidak ada daftar nama orang", "No lists of persons"),
    meaning=Text(
        "Nama orang bersama NIK, tanggal lahir, alamat, atau nomor telepon adalah data pribadi. Data terbuka "
        "memuat jumlah, "
        "bukan orang; daftar orang disimpan di perangkat daerah.",
        "Names of persons with NIK, day of birth, address or telephone are personal data. Open data hold counts, not "
        "persons; lists of persons stay in the office.",
    ),
    bad="nama_penerima | tgl_lahir | alamat",
    good="kecamatan | jumlah penerima",
    principle="interoperabilitas",
    dimension="aksesibilitas",
    severity="error",
    sop=("AX-01",),
    conceals=True,
    words={
        "beside": Words(
            Text("Nama orang beserta data pribadinya", "Names of persons with personal data"),
            Text(
                "{count} sel kolom {column} berisi nama orang, di samping {kinds_id}. Contoh: {value} di baris {row}.",
                "{count} cells of {column} hold names of persons, beside {kinds_en}. Example: {value} in row {row}.",
            ),
            Text(
                "Terbitkan jumlahnya per wilayah, bukan daftar orangnya.",
                "Publish counts by region, not the list of persons.",
            ),
        ),
        "alone": Words(
            Text("Nama orang di tabel", "Names of persons in the table"),
            Text(
                "{count} sel kolom {column} berisi nama orang, misalnya {value} di baris {row}.",
                "{count} cells of {column} hold names of persons, such as {value} in row {row}.",
            ),
            Text(
                "Bila bukan pejabat publik, hapus namanya; bila memang boleh terbit, jelaskan dasarnya.",
                "Unless they are public officials, remove them; if they may be published, say on what ground.",
            ),
            severity="question",
        ),
        "born": Words(
            Text("Tanggal lahir orang per baris", "Days of birth, one person a row"),
            Text(
                "{count} sel kolom {column} berisi tanggal lahir: tiap baris adalah satu orang.",
                "{count} cells of {column} hold days of birth: every row is one person.",
            ),
            Text("Terbitkan kelompok umur, bukan tanggal lahir.", "Publish age groups, not days of birth."),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    kinds = asked.dictionary.shape.personal
    named = [there for there in asked.table.columns if kinds.get(there.id) == "person"]
    born = [there for there in asked.table.columns if kinds.get(there.id) == "birth"]
    if not named and not born:
        return no_column("nama orang atau tanggal lahir", "names of persons or days of birth")
    beside = list(dict.fromkeys(kind for kind in kinds.values() if kind in _KINDS))
    words = {
        "kinds_id": ", ".join(_KINDS[kind][0] for kind in beside),
        "kinds_en": ", ".join(_KINDS[kind][1] for kind in beside),
    }
    variant = "beside" if beside else "alone"
    found: list[Found] = []
    for there, kind in [*((one, variant) for one in named), *((one, "born") for one in born if not named)]:
        hit = asked.table.rows.filter(~cells.is_missing(there.id)).select(ROW, cells.plain(there.id))
        samples = tuple(Sample(row, there.name, personal.masked(value)) for row, value in hit.head(SAMPLES).rows())
        found.append(Found(there.name, hit[ROW], samples, kind, words))
    return found
