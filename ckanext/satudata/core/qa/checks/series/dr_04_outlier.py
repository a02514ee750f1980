"""DR-04: a value fits the series of its own place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.panel import NO_SERIES, Panel
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_NEIGHBOURS = (-2, -1, 1, 2)
# Below this usual size a series of whole numbers scatters like counts of events.
_FEW = 100.0


@check(
    id="DR-04",
    title=Text("Nilai wajar dibanding periode lain", "Values fit their own series"),
    meaning=Text(
        "Nilai dibandingkan dengan periode di sekitarnya dari wilayah yang sama. Lonjakan yang jauh melebihi "
        "naik turunnya "
        "yang biasa ditanyakan; bila nilainya menjadi pas setelah dikali atau dibagi 10, mungkin satu angka hilang.",
        "A value is compared with the periods around it of the same place. A jump far beyond its usual ups and "
        "downs is "
        "asked about; if it fits after multiplying or dividing by 10, a digit may be missing.",
    ),
    bad="61.200 | 6.134 | 61.900",
    good="61.200 | 61.340 | 61.900",
    principle="standar_data",
    dimension="akurasi",
    severity="question",
    sop=("QE-03",),
    parameters={"least_periods": 4, "far": 4.5, "most_share": 0.02},
    words={
        "": Words(
            Text("Nilai jauh dari periode di sekitarnya", "Values far from the periods around them"),
            Text(
                "{count} nilai {figure} jauh dari biasanya. Contoh: {label}, {period}: {value}, biasanya sekitar "
                "{usual}.",
                "{count} values of {figure} are far from usual. Example: {label}, {period}: {value}, usually "
                "about {usual}.",
            ),
            Text(
                "Bila benar, jelaskan sebabnya; bila salah ketik, perbaiki.",
                "If right, say why; if a slip, correct it.",
            ),
        ),
        "digit": Words(
            Text("Satu angka mungkin hilang atau berlebih", "A digit may be missing or too many"),
            Text(
                "{count} nilai {figure} sekitar sepersepuluh, seperseratus, atau kelipatan 10 dari biasanya. Contoh: "
                "{label}, {period}: {value}, biasanya sekitar {usual}.",
                "{count} values of {figure} are a tenth, a hundredth or ten times the usual. Example: {label}, "
                "{period}: "
                "{value}, usually about {usual}.",
            ),
            Text(
                "Cocokkan dengan catatan asli; mungkin {proposal}.", "Compare with the original; it may be {proposal}."
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    panels = [panel for panel in asked.dictionary.panels if len(panel.periods) >= asked.parameters["least_periods"]]
    if not panels:
        return NO_SERIES
    return [found for panel in panels for found in _panel(panel, asked)]


def _panel(panel: Panel, asked: Asked) -> Iterator[Found]:
    frame = panel.frame.filter(pl.col("value") >= 0)
    if frame.height < 20 or frame.height < 0.9 * panel.frame.height:
        return
    median, whole = frame.select(
        pl.col("value").median(), whole=(pl.col("value") == pl.col("value").round(0)).all()
    ).row(0)
    few = bool(whole) and median < _FEW
    # Counts of events scatter like their root, everything else in proportion.
    scale = pl.col("value").sqrt() if few else pl.col("value").clip(lower_bound=1e-9).log10()
    floor = 0.5 if few else 0.01
    if not few:
        frame = frame.filter(pl.col("value") > 0)
    judged = _judged(frame.with_columns(s=scale), floor)
    far = judged.filter(pl.col("z") > asked.parameters["far"])
    usual = (pl.col("expected") ** 2 if few else 10 ** pl.col("expected")).alias("usual_value")
    far = far.with_columns(usual).with_columns(
        usual=_shown(pl.col("usual_value")),
        power=(pl.col("value") / pl.col("usual_value").clip(lower_bound=1e-9)).log10(),
    )
    digit = (
        (not few)
        & (pl.col("power").round(0).abs().is_between(1, 3))
        & ((pl.col("power") - pl.col("power").round(0)).abs() < 0.12)
        & (pl.col("noise") < 0.15)
    )
    slips = far.filter(digit).with_columns(proposal=_shown(pl.col("value") / 10 ** pl.col("power").round(0)))
    rest = far.filter(~digit if not few else pl.lit(value=True), _large(few)).sort("z", descending=True)
    if slips.height:
        yield panel.found(slips.sort("row"), "digit", None, usual="usual")
    # Where every other value is far there is no usual course to be far from.
    if 0 < rest.height <= max(3, asked.parameters["most_share"] * frame.height):
        yield panel.found(rest, "", None, usual="usual")


def _judged(frame: pl.DataFrame, floor: float) -> pl.DataFrame:
    """``expected`` by the neighbours in time, ``noise`` of the series, ``z``: how many times the usual scatter."""
    # The frame is sorted by series and time.
    beside = {
        f"n{number}": pl.when(pl.col("k").shift(step) == pl.col("k")).then(pl.col("s").shift(step))
        for number, step in enumerate(_NEIGHBOURS)
    }
    expected = (
        frame.with_columns(**beside, near=pl.len().over("k"))
        .with_columns(expected=_median([pl.col(name) for name in beside]))
        .filter(pl.col("near") >= 4, pl.col("expected").is_not_null())
        .with_columns(residual=(pl.col("s") - pl.col("expected")).abs())
    )
    pooled = expected.select(1.4826 * pl.col("residual").median()).item() or 0.0
    return expected.with_columns(noise=1.4826 * pl.col("residual").median().over("k")).with_columns(
        z=pl.col("residual") / pl.max_horizontal(pl.col("noise"), pl.lit(max(pooled, floor)))
    )


def _median(columns: list[pl.Expr]) -> pl.Expr:
    """The median of up to four columns, nulls aside."""
    count = pl.sum_horizontal(*[column.is_not_null().cast(pl.Int8) for column in columns])
    total = pl.sum_horizontal(*columns)
    inner = total - pl.max_horizontal(*columns) - pl.min_horizontal(*columns)
    return pl.when(count == 4).then(inner / 2).when(count == 3).then(inner).when(count > 0).then(total / count)


def _large(few: bool) -> pl.Expr:
    """Far in figures, too: twice or half of the usual at least."""
    if few:
        return (pl.col("value") >= 10) | (pl.col("usual_value") >= 10)
    return pl.col("power").abs() > 0.3


def _shown(value: pl.Expr) -> pl.Expr:
    """A figure as people write it: whole from 100 on."""
    return pl.when(value.abs() >= 100).then(value.round(0).cast(pl.Int64).cast(pl.String)).otherwise(
        value.round_sig_figs(3).cast(pl.String).str.strip_suffix(".0")
    )  # fmt: skip
