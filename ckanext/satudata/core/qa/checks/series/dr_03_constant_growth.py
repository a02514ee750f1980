"""DR-03: places do not all grow by the same rate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.panel import NO_SERIES, Panel
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="DR-03",
    title=Text("Pertumbuhan tidak seragam di semua baris", "Growth is not the same everywhere"),
    meaning=Text(
        "Bila semua wilayah tumbuh dengan persentase yang sama persis, nilainya diperkirakan dari tahun lalu, "
        "bukan dicacah. "
        "Sebutkan di metadata bila memang proyeksi.",
        "Where all places grow by exactly the same rate, the values were projected from last year, not counted. "
        "Say so in "
        "the metadata if they are a projection.",
    ),
    bad="A 1000 → 1062, B 2000 → 2124, C 5000 → 5309 (semua naik 6,187 %)",
    good="A 1000 → 1013, B 2000 → 2156, C 5000 → 4987",
    principle="standar_data",
    dimension="akurasi",
    severity="question",
    sop=("QE-03",),
    parameters={"least": 8, "share": 0.9},
    words={
        "": Words(
            Text("Semua baris tumbuh sama", "All rows grow alike"),
            Text(
                "{figure}: di periode {periods} semua nilai berubah dengan persentase yang sama ({growth} %) "
                "dari periode "
                "sebelumnya.",
                "{figure}: in {periods} all values change by the same rate ({growth} %) from the period before.",
            ),
            Text(
                "Bila nilainya perkiraan atau proyeksi, sebutkan di metadata; bila dicacah, periksa lagi.",
                "If the values are estimates or projections, say so in the metadata; if they were counted, look again.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    panels = asked.dictionary.panels
    if not panels:
        return NO_SERIES
    return [found for panel in panels for found in _panel(panel, asked)]


def _panel(panel: Panel, asked: Asked) -> Iterator[Found]:
    # What rounding to the last digit written can hide.
    decimals = panel.frame["text"].str.extract(r"[.,](\d+)$").str.len_chars().max()
    unit = 0.6 * 10.0 ** -(int(str(decimals)) if decimals is not None else 0)
    hit: list[int] = []
    rates: list[str] = []
    for number in range(len(panel.periods) - 1):
        growth = _growth(panel, number, unit, asked)
        if growth is not None:
            hit.append(number + 1)
            rates.append(f"{100 * (growth - 1):.4g}")
    if hit:
        words = {"periods": ", ".join(panel.periods[number] for number in hit[:8]), "growth": ", ".join(rates[:8])}
        yield panel.found(panel.at(hit), "", words)


def _growth(panel: Panel, number: int, unit: float, asked: Asked) -> float | None:
    """The rate by which all places grow to the next period; ``None`` where they do not agree."""
    one, other = str(number), str(number + 1)
    # Small values round to the same rate by chance.
    both = panel.matrix.filter(pl.col(one) >= 500 * unit, pl.col(other) > 0).select(one, other)
    if both.height < asked.parameters["least"] or both[one].n_unique() < 0.5 * both.height:
        return None
    heavy = both.sort(one, descending=True).head(max(3, both.height // 3))
    rate = heavy.select((pl.col(other) / pl.col(one)).median()).item()
    if abs(rate - 1) < 1e-4:
        return None
    fits = both.filter((pl.col(other) - pl.col(one) * rate).abs() <= unit * (1 + rate) + 1e-4 * pl.col(other)).height
    return float(rate) if fits >= asked.parameters["share"] * both.height else None
