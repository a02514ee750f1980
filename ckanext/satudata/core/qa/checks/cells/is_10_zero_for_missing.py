"""IS-10: a zero means none, not "no report"."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.panel import NO_SERIES, Panel
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="IS-10",
    title=Text("Nol berarti tidak ada, bukan belum dilaporkan", "Zero means none, not unreported"),
    meaning=Text(
        "Nol di antara nilai-nilai besar dari wilayah yang sama biasanya berarti belum ada laporan atau "
        "wilayahnya belum "
        "ada. Nilai yang tidak diketahui dibiarkan kosong.",
        "A zero among large values of the same place usually means that no report came, or that the place did "
        "not exist "
        "yet. What is not known is left empty.",
    ),
    bad="1204 | 0 | 1251",
    good="1204 | (kosong) | 1251",
    principle="standar_data",
    dimension="akurasi",
    severity="question",
    sop=("AK-01", "QE-03"),
    parameters={"least": 20.0, "spread": 10.0},
    words={
        "": Words(
            Text("Nol di antara nilai besar", "Zeros among large values"),
            Text(
                "{count} nilai {figure} adalah nol, padahal di periode lain besar. Contoh: {label}, {period}; "
                "periode lain "
                "sekitar {usual}.",
                "{count} values of {figure} are zero although large in other periods. Example: {label}, "
                "{period}; elsewhere "
                "about {usual}.",
            ),
            Text(
                "Bila belum dilaporkan, kosongkan selnya; bila memang nol, jelaskan.",
                "If unreported, leave the cell empty; if it is zero, say why.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    panels = asked.dictionary.panels
    if not panels:
        return NO_SERIES
    return [found for panel in panels if (found := _zeros(asked, panel)) is not None]


def _zeros(asked: Asked, panel: Panel) -> Found | None:
    """Zeros of a series whose other values are all large and of one size."""
    if not (panel.frame["value"] == 0).any():
        return None
    filled = pl.col("value").filter(pl.col("value") > 0)
    judged = panel.frame.with_columns(
        low=filled.min().over("k"),
        high=filled.max().over("k"),
        usual=filled.median().over("k").round(0).cast(pl.Int64, strict=False).cast(pl.String),
        zeros=(pl.col("value") == 0).sum().over("k"),
        periods=pl.len().over("k"),
    )
    hit = judged.filter(
        pl.col("value") == 0,
        pl.col("low") >= asked.parameters["least"],
        pl.col("high") <= asked.parameters["spread"] * pl.col("low"),
        pl.col("zeros") * 2 < pl.col("periods"),
    )
    return panel.found(hit.sort("row"), "", None, usual="usual") if hit.height else None
