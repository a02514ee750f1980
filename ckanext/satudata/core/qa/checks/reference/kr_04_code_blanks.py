"""KR-04: no blanks inside a code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_CODE_NAME = re.compile(r"(?:^|[_ ])(?:kode|kd|code)(?:[_ .]|$)")


@check(
    id="KR-04",
    title=Text("Kode ditulis tanpa spasi", "Codes are written without blanks"),
    meaning=Text(
        "Kode dengan spasi di dalamnya tidak akan bertemu kode yang sama di tabel lain.",
        "A code with blanks inside never meets the same code of another table.",
    ),
    bad="32. 04. 05",
    good="32.04.05",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="error",
    sop=("KR-01",),
    reads="parts",
    words={
        "": Words(
            Text("Spasi di dalam kode", "Blanks inside codes"),
            Text(
                "{count} sel kolom {column}. Tertulis “{value}”, seharusnya “{proposal}”.",
                "{count} cells of {column}. Written “{value}”, should be “{proposal}”.",
            ),
            Text("Hapus spasi di dalam kode: “{proposal}”.", "Remove the blanks: “{proposal}”."),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    coded = [
        there for column, there in asked.dictionary.pairs if column.list or _CODE_NAME.search(same_name(there.name))
    ]
    if not coded:
        return no_column("kode", "codes")
    found = [
        mark(
            asked.table,
            there.id,
            # Digits parted by a blank; a value with words in it is no code.
            cells.plain(there.id).str.contains(r"^\d[\d. \u{a0}]*[ \u{a0}][\d. \u{a0}]*\d$"),
            proposal=cells.plain(there.id).str.replace_all(r"[ \u{a0}]", ""),
        )
        for there in coded
    ]
    return [one for one in found if one is not None]
