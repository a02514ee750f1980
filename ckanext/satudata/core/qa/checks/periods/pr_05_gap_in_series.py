"""PR-05: no period is left out of the series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from ckanext.satudata.core.qa import times
from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.panel import NO_SERIES
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="PR-05",
    title=Text("Deret periode tidak berlubang", "No period is left out"),
    meaning=Text(
        "Dari periode pertama sampai terakhir tidak ada tahun atau bulan yang hilang. Survei yang memang tidak "
        "tiap tahun "
        "tidak ditanyakan bila jaraknya tetap.",
        "From the first to the last period no year or month is missing. Surveys that are not made every year are "
        "not asked "
        "about if their distance is regular.",
    ),
    bad="2018, 2019, 2021, 2022",
    good="2018, 2019, 2020, 2021, 2022",
    principle="standar_data",
    dimension="keterbandingan",
    severity="question",
    sop=("KK-01", "AK-01"),
    parameters={"least_periods": 3},
    words={
        "": Words(
            Text("Ada periode yang hilang", "Periods are missing"),
            Text(
                "{count} periode tidak ada di antara {first} dan {last}: {missing}.",
                "{count} periods are missing between {first} and {last}: {missing}.",
            ),
            Text(
                "Lengkapi periodenya, atau jelaskan mengapa tidak ada datanya.",
                "Add these periods, or say why there are no data.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    panels = asked.dictionary.panels
    if not panels:
        return NO_SERIES
    for panel in panels:
        missing = gaps(panel.all_periods)
        if missing and len(panel.all_periods) >= asked.parameters["least_periods"]:
            shown = ", ".join(missing[:8]) + (" …" if len(missing) > 8 else "")
            words = {"first": panel.all_periods[0], "last": panel.all_periods[-1], "missing": shown}
            return [Found(None, (), (), "", words, count=len(missing))]
    return []


def gaps(periods: list[str]) -> list[str]:
    """The periods left out of a sorted series of one kind; none where the distance is regular or the kinds are "
    "mixed."""
    if len({len(period) for period in periods}) > 1 or not all(period[:4].isdigit() for period in periods):
        return []
    steps: list[list[str]] = []
    for one, other in pairwise(periods):
        between: list[str] = []
        period = times.following(one)
        while period is not None and period < other and len(between) < 1000:
            between.append(period)
            period = times.following(period)
        if period is None:
            return []
        steps.append(between)
    usual = Counter(len(between) for between in steps).most_common(1)
    if not usual or usual[0][0] > 0:  # every second or third year
        return []
    return [period for between in steps for period in between]
