"""IS-04: no dots or commas that group thousands, and none that could be either."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import Table
from ckanext.satudata.core.text import Text


@check(
    id="IS-04",
    title=Text("Angka ditulis tanpa pemisah ribuan", "Numbers are written without thousands marks"),
    meaning=Text(
        "Titik ribuan membuat 1.474 terbaca sebagai satu koma empat tujuh empat, dan lembar kerja "
        "membuang nol di belakangnya "
        "(1.490 menjadi 1.49).",
        "With a dot for thousands 1.474 reads as one and a half, and spreadsheets drop the zeros "
        "behind it (1.490 becomes 1.49).",
    ),
    bad="1.474, 686, 1.49",
    good="1474, 686, 1490",
    principle="interoperabilitas",
    dimension="akurasi",
    severity="error",
    sop=("QC-03",),
    reads="parts",
    words={
        "mixed": Words(
            Text("{mark_id} dipakai sebagai pemisah ribuan", "{mark_en} groups thousands"),
            Text(
                "{mark_id} dipakai sebagai pemisah ribuan di {count} sel kolom {column}. Contoh: "
                "{value} di baris {row}.",
                "{mark_en} groups thousands in {count} cells of {column}. Example: {value} in row {row}.",
            ),
            Text("Tulis angka tanpa pemisah: {proposal}, bukan {value}.", "Write {proposal}, not {value}."),
        ),
        "zero_lost": Words(
            Text("Nol di belakang hilang setelah {mark_small_id} ribuan", "Zeros lost behind the thousands mark"),
            Text(
                "{count} sel kolom {column} kehilangan nol di belakang. Contoh: {value} di baris "
                "{row} tampaknya {proposal}.",
                "{count} cells of {column} lost a zero at the end. Example: {value} in row {row} "
                "seems to be {proposal}.",
            ),
            Text(
                "Cocokkan dengan catatan asli, lalu tulis {proposal}.",
                "Compare with the original, then write {proposal}.",
            ),
        ),
        "grouped": Words(
            Text("Angka memakai pemisah ribuan", "Numbers with thousands marks"),
            Text(
                "{count} sel kolom {column} memakai pemisah ribuan, misalnya {value}. Sistem "
                "membacanya sebagai {proposal}.",
                "{count} cells of {column} group thousands, such as {value}. They were read as {proposal}.",
            ),
            Text("Sebaiknya tulis angka tanpa pemisah: {proposal}.", "Better write numbers without marks: {proposal}."),
            severity="warning",
        ),
        "ambiguous": Words(
            Text("Angka dapat dibaca dua cara", "Numbers that read two ways"),
            Text(
                "{count} sel kolom {column} seperti {value}: ribuan ({proposal}) atau desimal? Kolom "
                "ini tidak menunjukkannya.",
                "{count} cells of {column} such as {value}: thousands ({proposal}) or a fraction? "
                "The column does not tell.",
            ),
            Text(
                "Bila ribuan, tulis {proposal}. Bila desimal, jelaskan.",
                "If thousands, write {proposal}; if not, say so.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    figures = asked.dictionary.of_type("integer", "number")
    if not figures:
        return no_column("angka", "figures")
    found: list[Found | None] = []
    for column, there in figures:
        how = asked.dictionary.notation(there)
        for sign, role in ((".", how.dot), (",", how.comma)):
            if role == "ambiguous" and column.type == "integer":
                role = "mixed"  # whole numbers were declared: the mark can only group thousands
            found += _found(asked.table, there.id, sign, role)
    return [one for one in found if one is not None]


def _found(table: Table, column: str, sign: str, role: str) -> list[Found | None]:
    if role not in ("mixed", "thousands", "ambiguous"):
        return []
    cell = cells.plain(column)
    mark_words = ("Titik", "A dot") if sign == "." else ("Koma", "A comma")
    words = {"mark_id": mark_words[0], "mark_en": mark_words[1], "mark_small_id": mark_words[0].lower()}
    other = "," if sign == "." else "."
    escaped = "\\" + sign
    whole_groups = rf"^[+-]?\d{{1,3}}(?:{escaped}\d{{3}})+(?:\{other}\d+)?$"
    grouped = cell.str.contains(whole_groups)
    as_number = cell.str.replace_all(sign, "", literal=True).str.replace(other, ".", literal=True)
    if role == "thousands":
        return [mark(table, column, grouped, proposal=as_number, variant="grouped", parameters=words)]
    if role == "ambiguous":
        return [mark(table, column, grouped, proposal=as_number, variant="ambiguous", parameters=words)]
    lost = cell.str.contains(rf"^[+-]?[1-9]\d{{0,2}}{escaped}\d{{1,2}}$")
    parts = cell.str.split(sign)
    padded = pl.concat_str(parts.list.get(0, null_on_oob=True), parts.list.get(1, null_on_oob=True).str.pad_end(3, "0"))
    return [
        mark(table, column, grouped, proposal=as_number, variant="mixed", parameters=words),
        mark(table, column, lost, proposal=padded, variant="zero_lost", parameters=words),
    ]
