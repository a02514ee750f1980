"""KR-08: codes of two systems in one table say which is which."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import TableColumn
from ckanext.satudata.core.text import Text

_SAID = re.compile(r"(?i)bps|kemendagri|dagri|permendagri|kepmendagri")


@check(
    id="KR-08",
    title=Text("Kode BPS dan kode Kemendagri dibedakan", "BPS and Kemendagri codes are told apart"),
    meaning=Text(
        "Kode wilayah BPS dan Kemendagri mirip tetapi berbeda untuk wilayah yang sama. Bila tabel memuat "
        "keduanya, judul "
        "kolom menyebut yang mana.",
        "Region codes of BPS and Kemendagri look alike and differ for the same region. Where a table holds both, the "
        "headers say which is which.",
    ),
    bad="bps_kode_kecamatan | KODE_KEC",
    good="kode_kecamatan_bps | kode_kecamatan_kemendagri",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="info",
    sop=("KR-01", "KR-03"),
    words={
        "both": Words(
            Text("Kode BPS dan Kemendagri berdampingan", "BPS and Kemendagri codes side by side"),
            Text(
                "Tabel ini memuat kode BPS ({bps}) dan kode Kemendagri ({kemendagri}).",
                "The table holds BPS codes ({bps}) and Kemendagri codes ({kemendagri}).",
            ),
            Text(
                "Tidak perlu diubah; pakai kolom yang tepat saat menggabung tabel.",
                "No need to change it; use the right column when joining tables.",
            ),
        ),
        "unsaid": Words(
            Text("Dua macam kode wilayah tanpa keterangan", "Two kinds of region codes, not told apart"),
            Text(
                "Tabel ini memuat kode BPS ({bps}) dan kode Kemendagri ({kemendagri}), tetapi judul kolom "
                "{unsaid} tidak "
                "menyebut yang mana.",
                "The table holds BPS codes ({bps}) and Kemendagri codes ({kemendagri}), but the header {unsaid} "
                "does not "
                "say which.",
            ),
            Text(
                "Sebut “bps” atau “kemendagri” di judul kolom, dan pilih daftarnya di kamus data.",
                "Put “bps” or “kemendagri” into the header, and name the list in the data dictionary.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    codes = asked.dictionary.shape.codes
    if len(codes) < 2:
        return no_column("kode wilayah dari dua daftar", "region codes of two lists")
    systems: dict[str, dict[int, TableColumn]] = {}
    for column, there in codes:
        systems.setdefault(column.list or "", {})[_digits(asked, there)] = there
    bps, kemendagri = systems.get("wilayah_bps", {}), systems.get("wilayah_kemendagri", {})
    # District codes have seven digits with BPS and six with Kemendagri; all other levels have the same.
    pairs = [
        (one, other)
        for size, one in bps.items()
        for other_size, other in kemendagri.items()
        if size == other_size or (size, other_size) == (7, 6)
    ]
    if not pairs:
        return []
    one, other = pairs[-1]
    unsaid = [there.name for there in (one, other) if not _SAID.search(there.name)]
    words = {"bps": one.name, "kemendagri": other.name, "unsaid": ", ".join(unsaid)}
    header = (asked.table.header_rows[1],) if asked.table.header_rows is not None else ()
    return [Found((unsaid or [other.name])[0], header, (), "unsaid" if unsaid else "both", words, count=1)]


def _digits(asked: Asked, there: TableColumn) -> int:
    """How many digits the codes of a column mostly have."""
    bare = cells.plain(there.id).str.replace_all(r"\D", "").str.len_chars()
    sizes = asked.table.rows.filter(~cells.is_missing(there.id)).select(size=bare)["size"].mode()
    return int(sizes[0]) if sizes.len() else 0
