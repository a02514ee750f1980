"""IS-07: whole numbers are written without ``.0``."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-07",
    title=Text("Bilangan bulat tanpa “.0”", "Whole numbers without “.0”"),
    meaning=Text(
        "2014.0 adalah sisa dari pengolahan; tahun dan jumlah orang adalah bilangan bulat.",
        "2014.0 is a trace of processing; years and numbers of people are whole.",
    ),
    bad="2014.0 | 3266.0",
    good="2014 | 3266",
    principle="standar_data",
    dimension="akurasi",
    severity="warning",
    sop=("QC-03",),
    reads="parts",
    words={
        "": Words(
            Text("Bilangan bulat ditulis dengan “.0”", "Whole numbers written with “.0”"),
            Text(
                "{count} sel kolom {column} ditulis seperti {value}, padahal bilangan bulat.",
                "{count} cells of {column} are written like {value} although they are whole.",
            ),
            Text("Tulis {proposal}, bukan {value}.", "Write {proposal}, not {value}."),
        )
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    whole = asked.dictionary.of_type("integer", "year")
    if not whole:
        return no_column("bilangan bulat atau tahun", "whole numbers or years")
    found = [
        mark(
            asked.table,
            there.id,
            cells.plain(there.id).str.contains(r"^[+-]?\d+[.,]0{1,2}$"),
            proposal=cells.plain(there.id).str.replace(r"[.,]0+$", ""),
        )
        for _, there in whole
    ]
    return [one for one in found if one is not None]
