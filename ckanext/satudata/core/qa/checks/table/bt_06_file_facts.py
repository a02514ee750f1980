"""BT-06: how the file is written. Facts, no faults: they explain how it was read."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import Found
from ckanext.satudata.core.qa.registry import Words, check
from ckanext.satudata.core.qa.table.model import Source
from ckanext.satudata.core.text import Text

_NOTHING = Text("Tidak perlu diubah.", "No need to change it.")
_DELIMITERS = {
    "semicolon": ("titik koma (;)", "semicolon (;)"),
    "tab": ("tab", "tab"),
    "pipe": ("garis tegak (|)", "pipe (|)"),
}


@check(
    id="BT-06",
    title=Text("Cara file ditulis", "How the file is written"),
    meaning=Text(
        "Pengodean huruf, pemisah sel dan akhir baris. Sistem membacanya sendiri; di sini disebutkan apa yang dibaca.",
        "Encoding, separator and line ends. They are recognised by themselves; here is what was recognised.",
    ),
    bad="–",
    good="UTF-8, pemisah koma, akhir baris LF",
    principle="interoperabilitas",
    dimension="aksesibilitas",
    severity="info",
    scope="file",
    sop=("QC-02",),
    words={
        "encoding": Words(
            Text("Pengodean huruf", "Encoding"),
            Text(
                "File ditulis dengan pengodean {encoding}, bukan UTF-8.",
                "The file is encoded as {encoding}, not UTF-8.",
            ),
            Text("Bila menyimpan ulang, pilih “CSV UTF-8”.", "When you save it again, choose “CSV UTF-8”."),
        ),
        "bom": Words(
            Text("Tanda urutan bita di awal file", "Byte order mark"),
            Text("File diawali tanda BOM.", "The file starts with a byte order mark."),
            _NOTHING,
        ),
        "delimiter": Words(
            Text("Pemisah sel", "Separator"),
            Text("Sel dipisahkan dengan {delimiter_id}.", "Cells are separated by {delimiter_en}."),
            _NOTHING,
        ),
        "line_ends": Words(
            Text("Akhir baris", "Line ends"),
            Text("Akhir baris: {line_ends}.", "Line ends: {line_ends}."),
            _NOTHING,
        ),
        "final_newline": Words(
            Text("Baris terakhir tanpa akhir baris", "No end of line on the last line"),
            Text("Baris terakhir tidak diakhiri ganti baris.", "The last line has no line end."),
            _NOTHING,
        ),
        "merged": Words(
            Text("Sel gabungan", "Merged cells"),
            Text("Lembar “{sheet}” memakai sel gabungan: {areas}.", "Sheet “{sheet}” has merged cells: {areas}."),
            Text("Pisahkan sel gabungan di dalam tabel.", "Unmerge the cells of the table."),
        ),
        "hidden": Words(
            Text("Lembar tersembunyi", "Hidden sheet"),
            Text("Lembar “{sheet}” tersembunyi tetapi berisi tabel.", "Sheet “{sheet}” is hidden but holds a table."),
            Text("Hapus lembar itu bila tidak untuk dibagikan.", "Remove it if it is not meant to be shared."),
            severity="question",
        ),
    },
)
def run(source: Source) -> Iterable[Found]:
    facts = source.facts
    if source.kind in ("csv", "json", "jsonl", "geojson"):
        if facts["encoding"] != "UTF-8":
            yield Found(variant="encoding", parameters={"encoding": facts["encoding"]}, count=1)
        if facts["bom"] and facts["encoding"] == "UTF-8":
            yield Found(variant="bom", count=1)
    if source.kind == "csv":
        if facts["delimiter_name"] in _DELIMITERS:
            words_id, words_en = _DELIMITERS[facts["delimiter_name"]]
            words = {"delimiter_id": words_id, "delimiter_en": words_en}
            yield Found(variant="delimiter", parameters=words, count=1)
        if facts["line_ends"] in ("CR", "mixed"):
            ends = {"CR": "CR (Macintosh lama)", "mixed": "campuran"}[facts["line_ends"]]
            yield Found(variant="line_ends", parameters={"line_ends": ends}, count=1)
        if not facts["final_newline"]:
            yield Found(variant="final_newline", count=1)
    for table in source.tables:
        if table.merged:
            areas = ", ".join(table.merged[:10]) + (" …" if len(table.merged) > 10 else "")
            yield Found(variant="merged", parameters={"sheet": table.name, "areas": areas}, count=len(table.merged))
        if table.hidden:
            yield Found(variant="hidden", parameters={"sheet": table.name}, count=1)
