"""KR-09: codes and names were not sorted apart from each other."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample, no_list
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.lists import REGIONS
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.reference.codelist import CodeList, plain_name
from ckanext.satudata.core.text import Text


@check(
    id="KR-09",
    title=Text("Kolom kode dan nama diurutkan bersama", "Codes and names are sorted together"),
    meaning=Text(
        "Bila satu kolom diurutkan sendiri (kode dari kecil ke besar, nama menurut abjad), hampir semua pasangan "
        "kode dan "
        "nama menjadi salah, dan angkanya menempel pada kode yang keliru.",
        "Where one column was sorted on its own (codes by number, names by letter) nearly all pairs are wrong, and the "
        "figures stand beside the wrong code.",
    ),
    bad="32.04.05 Arjasari / 32.04.06 Baleendah / 32.04.07 Banjaran",
    good="32.04.16 Arjasari / 32.04.32 Baleendah / 32.04.13 Banjaran",
    principle="kode_referensi",
    dimension="akurasi",
    severity="error",
    sop=("KR-02",),
    parameters={"least_rows": 6, "least_wrong": 0.6},
    words={
        "": Words(
            Text("Kolom kode dan nama terurut sendiri-sendiri", "Codes and names were sorted apart"),
            Text(
                "Di {count} baris berurutan kode naik menurut angka dan nama naik menurut abjad, tetapi {wrong} "
                "pasangan "
                "tidak cocok. Contoh: baris {row}, {value} seharusnya {proposal}.",
                "In {count} rows in sequence the codes ascend by number and the names by letter, but {wrong} "
                "pairs do not "
                "fit. Example: row {row}, {value} should be {proposal}.",
            ),
            Text(
                "Kembalikan urutan kolom kode menurut namanya. Cocokkan juga angkanya: bandingkan dengan tahun lalu.",
                "Bring the codes back to their names. Compare the figures with last year, too.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    found: list[Found] = []
    looked = False
    for column, code in asked.dictionary.shape.codes:
        name = asked.dictionary.name_column(code)
        known = asked.lists.get(column.list, column.edition) or asked.lists.get(column.list)
        if name is None or known is None:
            continue
        looked = True
        found += _runs(asked, code, name, known)
    return found if looked else no_list(REGIONS)


def _runs(asked: Asked, code: TableColumn, name: TableColumn, known: CodeList) -> Iterable[Found]:
    """Stretches in which both columns ascend, judged one by one."""
    frame = (
        asked.table.rows.select(ROW, code=cells.plain(code.id), name=cells.plain(name.id))
        .with_columns(bare=pl.col("code").str.replace_all(r"\D", ""), lower=pl.col("name").str.to_lowercase())
        .with_columns(breaks=(pl.col("bare") <= pl.col("bare").shift()) | (pl.col("lower") <= pl.col("lower").shift()))
        .with_columns(run=pl.col("breaks").fill_null(value=True).cum_sum())
    )
    least = asked.parameters["least_rows"]
    long = frame.filter(pl.len().over("run") >= least)
    for part in long.partition_by("run", maintain_order=True):
        rows: list[tuple[int, str, str]] = part.select(ROW, "code", "name").rows()
        wrong = [row for row in rows if not _fits(row[1], row[2], known)]
        if len(wrong) < asked.parameters["least_wrong"] * len(rows):
            continue
        samples = tuple(
            Sample(number, code.name, written, _code_of(written, text, known), {"name": text})
            for number, written, text in wrong[:SAMPLES]
        )
        # Most names have to be regions beside the code, else these are codes of another list.
        if sum(one.proposal is not None for one in samples) < 0.5 * len(samples):
            continue
        yield Found(code.name, part[ROW], samples, "", {"wrong": len(wrong)})


def _fits(code: str, name: str, known: CodeList) -> bool:
    entry = known.find(code)
    return entry is None or known.holds(entry, name)


def _code_of(code: str, name: str, known: CodeList) -> str | None:
    """The code of this name among the neighbours of the code that stands there."""
    entry = known.find(code)
    if entry is None:
        return None
    squeezed = plain_name(name).replace(" ", "")
    near = [one for one in known.children(entry.parent) if plain_name(one.name).replace(" ", "") == squeezed]
    near = near or [one for one in known.children(entry.parent) if known.holds(one, name)]
    return near[0].code if len(near) == 1 else None
