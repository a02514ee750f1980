"""A few dozen regions by hand, with the traps of real lists: neighbours, a city and a regency of one name, Papua."""

from __future__ import annotations

from ckanext.satudata.core.qa.lists import REGIONS
from ckanext.satudata.core.reference.codelist import CodeList, Entry, code_list

_ROWS = """
11|Aceh
11.01|Kabupaten Aceh Selatan
11.02|Kabupaten Aceh Tenggara
31|Daerah Khusus Ibukota Jakarta
31.01|Kabupaten Administrasi Kepulauan Seribu
32|Jawa Barat
32.04|Kabupaten Bandung
32.73|Kota Bandung
32.04.05|Cileunyi
32.04.06|Cimenyan
32.04.10|Margaasih
32.04.13|Banjaran
32.04.16|Arjasari
32.04.32|Baleendah
32.04.34|Solokanjeruk
91|Papua
92|Papua Barat
94|Papua Tengah
"""


def regions() -> CodeList:
    """The list, under the key the portal uses."""
    entries: list[Entry] = []
    for line in _ROWS.strip().splitlines():
        code, name = line.split("|")
        entries.append(Entry(code, name, code.rpartition(".")[0] or None))
    return code_list(REGIONS, "Kode wilayah Kemendagri", "contoh", entries)
