"""Why something is returned or rejected: a code that can be counted, beside the reviewer's own words."""

from __future__ import annotations

from ckanext.satudata.core.text import Text

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


def reason_label(code: str | None) -> Text:
    """The words for a reason code; the code itself for one this version does not know."""
    return REASON_CODES.get(code or "", Text(code or "", code or ""))
