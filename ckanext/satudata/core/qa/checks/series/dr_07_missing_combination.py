"""DR-07: every place and class has a row for every period."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa.findings import SAMPLES, Found, NotApplicable, Sample
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.panel import NO_SERIES, Panel
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="DR-07",
    title=Text("Tidak ada pasangan wilayah dan periode yang hilang", "No place lacks a period"),
    meaning=Text(
        "Setiap wilayah (dan klasifikasi) mempunyai nilai di setiap periode. Yang hilang membuat jumlah "
        "antartahun tidak "
        "dapat dibandingkan; wilayah baru boleh mulai kemudian.",
        "Every place (and class) has a value in every period. Where one is missing, totals of years cannot be "
        "compared; new "
        "regions may start later.",
    ),
    bad="Ciparay 2021, 2022, 2023; Pacet 2021, 2023",
    good="Ciparay 2021, 2022, 2023; Pacet 2021, 2022, 2023",
    principle="standar_data",
    dimension="keterbandingan",
    severity="question",
    sop=("AK-01", "KK-01", "KK-02"),
    parameters={"least_share": 0.8, "least_keys": 3},
    words={
        "": Words(
            Text("Pasangan wilayah dan periode tidak lengkap", "Combinations of place and period are missing"),
            Text(
                "{count} dari {expected} pasangan tidak ada, misalnya {value}.",
                "{count} of {expected} combinations are missing, such as {value}.",
            ),
            Text(
                "Tambahkan barisnya; bila nilainya memang tidak ada, tulis baris dengan sel kosong dan jelaskan.",
                "Add the rows; if there is no value, write the row with an empty cell and say why.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    # Only rows that are not there: empty cells are another check's matter. All figures of a long table share its rows.
    panels = [panel for panel in asked.dictionary.panels if panel.column is not None][:1]
    if not panels:
        return NO_SERIES
    return [found for panel in panels if (found := _missing(asked, panel)) is not None]


def _missing(asked: Asked, panel: Panel) -> Found | None:
    keys = panel.all_keys
    expected = keys["key"].n_unique() * len(panel.all_periods)
    there = keys.select("key", "period").unique()
    missing = expected - there.height
    if not missing or there["key"].n_unique() < asked.parameters["least_keys"]:
        return None
    # Where much is missing the table is no grid: events, or places that differ from year to year.
    if there.height < asked.parameters["least_share"] * expected:
        return None
    labels = keys.unique("key", keep="first", maintain_order=True).select("row", "key", "label")
    grid = labels.join(pl.DataFrame({"period": panel.all_periods}), how="cross")
    gone = grid.join(there, on=["key", "period"], how="anti", maintain_order="left").head(SAMPLES)
    # There is no row to show: the first one of the same place is.
    samples = tuple(
        Sample(row, "", f"{label}, {period}") for row, label, period in gone.select("row", "label", "period").rows()
    )
    return Found(None, (), samples, "", {"expected": expected}, count=missing)
