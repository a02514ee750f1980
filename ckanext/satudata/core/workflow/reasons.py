"""Why something is returned, rejected or taken from the public: a code to be counted, beside the person's words."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.states import RULES, Codes

REASON_CODES: dict[str, Text] = {
    "standar_data": Text("Tidak sesuai Standar Data", "Does not follow the data standard"),
    "metadata": Text("Metadata kurang atau keliru", "Metadata missing or wrong"),
    "isi_data": Text("Isi data perlu diperbaiki", "Data content has to be mended"),
    "kode_referensi": Text("Kode referensi tidak cocok", "Reference codes do not match"),
    "kelengkapan": Text("Berkas atau data belum lengkap", "Files or data are incomplete"),
    "salah_berkas": Text("Salah berkas", "Wrong file"),
    "bukan_kewenangan": Text("Bukan kewenangan OPD ini", "Not the business of this office"),
    "data_pribadi": Text("Memuat data pribadi atau dikecualikan", "Holds personal or excluded data"),
    "lainnya": Text("Lainnya", "Something else"),
}

# Read by everybody where the dataset was: they say what kind of reason it is and nothing of the content.
WITHDRAWAL_CODES: dict[str, Text] = {
    "data_keliru": Text("Datanya keliru", "The data are wrong"),
    "diganti": Text("Diganti dataset lain", "Replaced by another dataset"),
    "usang": Text("Tidak dimutakhirkan lagi", "No longer kept up to date"),
    "salah_terbit": Text("Terbit karena kekeliruan", "Published by mistake"),
    "bukan_kewenangan": Text("Bukan kewenangan OPD ini", "Not the business of this office"),
    "lainnya": Text("Lainnya", "Something else"),
}

# UU 27/2022 on personal data; UU 14/2008, Pasal 17, on excluded information.
TAKEDOWN_CODES: dict[str, Text] = {
    "data_pribadi": Text("Pelindungan data pribadi", "Protection of personal data"),
    "dikecualikan": Text("Informasi yang dikecualikan", "Excluded information"),
    "perintah_hukum": Text("Perintah hukum atau hak pihak lain", "A legal order, or the rights of others"),
}

LISTS: dict[Codes, dict[str, Text]] = {
    "returns": REASON_CODES,
    "withdrawals": WITHDRAWAL_CODES,
    "takedowns": TAKEDOWN_CODES,
}


def codes_of(transition: str) -> Mapping[str, Text]:
    """The reason codes that go with a step; none for a step that needs no reason."""
    rule = RULES.get(transition)
    return LISTS[rule.codes] if rule is not None and rule.codes is not None else {}


def reason_label(code: str | None, transition: str | None = None) -> Text:
    """The words for a reason code, as the step means it; the code itself for one this version does not know."""
    known = codes_of(transition or "")
    everywhere = {**TAKEDOWN_CODES, **WITHDRAWAL_CODES, **REASON_CODES}
    return known.get(code or "") or everywhere.get(code or "", Text(code or "", code or ""))
