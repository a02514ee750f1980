"""KR-11: codes of one column have one form."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, Sample, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import ROW
from ckanext.satudata.core.text import Text

_NAMES = {
    "dotted": ("bertitik", "with dots"),
    "blank": ("bertitik dengan spasi", "with dots and blanks"),
    "bare": ("tanpa titik", "without dots"),
    "float": ("seperti angka desimal", "like decimals"),
}


@check(
    id="KR-11",
    title=Text("Kode dalam satu kolom ditulis dengan satu cara", "Codes of a column have one form"),
    meaning=Text(
        "32.04.05, 320405 dan 32. 04. 05 adalah kode yang sama, tetapi mesin menganggapnya tiga kode.",
        "32.04.05, 320405 and 32. 04. 05 are one code, but to a machine they are three.",
    ),
    bad="32.04.05 di 2022, 320405 di 2023",
    good="32.04.05 di semua tahun",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="warning",
    sop=("KR-01", "KK-01"),
    words={
        "": Words(
            Text("Kode ditulis dengan beberapa cara", "Codes written in several ways"),
            Text(
                "Kolom {column} menulis kode dengan beberapa cara: {forms_id}.",
                "Column {column} writes codes in several ways: {forms_en}.",
            ),
            Text("Pakai satu cara di semua baris, misalnya {usual}.", "Use one form in every row, such as {usual}."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    codes = [there for _, there in asked.dictionary.shape.codes]
    if not codes:
        return no_column("kode wilayah", "region codes")
    found: list[Found] = []
    for there in codes:
        cell = cells.plain(there.id)
        form = (
            pl.when(cell.str.contains(r"[ \u{a0}]"))
            .then(pl.lit("blank"))
            .when(cell.str.contains(r"^\d{3,}\.0$"))
            .then(pl.lit("float"))
            .when(cell.str.contains(r"\."))
            .then(pl.lit("dotted"))
            .otherwise(pl.lit("bare"))
        )
        # A province has no dots to write.
        written = asked.table.rows.filter(~cells.is_missing(there.id), cell.str.len_chars() > 2).select(
            ROW, value=cell, form=form
        )
        counted = written.group_by("form", maintain_order=True).agg(
            times=pl.len(), row=pl.col(ROW).first(), value=pl.col("value").first()
        ).sort("times", descending=True)  # fmt: skip
        if counted.height < 2:
            continue
        rows: list[dict[str, object]] = counted.rows(named=True)
        samples = tuple(Sample(int(str(row["row"])), there.name, str(row["value"])) for row in rows)
        words = {
            "forms_id": ", ".join(f"{row['times']} {_NAMES[str(row['form'])][0]} ({row['value']})" for row in rows),
            "forms_en": ", ".join(f"{row['times']} {_NAMES[str(row['form'])][1]} ({row['value']})" for row in rows),
            "usual": str(rows[0]["value"]),
        }
        found.append(Found(there.name, written[ROW], samples, "", words))
    return found
