"""PR-04: the periods are those the metadata state."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import times
from ckanext.satudata.core.qa.about import not_told
from ckanext.satudata.core.qa.findings import Found, NotApplicable, no_column
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text


@check(
    id="PR-04",
    title=Text("Periode sesuai cakupan waktu di metadata", "Periods fit the coverage in the metadata"),
    meaning=Text(
        "Tahun di dalam file sama dengan cakupan waktu dataset. Bila berbeda, metadatanya belum diperbarui atau "
        "filenya "
        "bukan file yang dimaksud.",
        "The years in the file are those the dataset claims to cover. If not, the metadata are out of date, or this is "
        "another file.",
    ),
    bad="Metadata: 2019–2023; file: 2018–2022",
    good="Metadata: 2019–2023; file: 2019–2023",
    principle="metadata",
    dimension="aktualitas",
    severity="warning",
    sop=("KK-01", "TW-01"),
    words={
        "outside": Words(
            Text("Periode di luar cakupan waktu", "Periods outside of the coverage"),
            Text(
                "File memuat periode {periods}, di luar cakupan waktu di metadata ({first}–{last}).",
                "The file has {periods}, outside of the coverage of the metadata ({first}–{last}).",
            ),
            Text("Perbaiki cakupan waktu di metadata, atau filenya.", "Correct the coverage, or the file."),
        ),
        "short": Words(
            Text("Cakupan waktu tidak terisi semua", "The coverage is not filled"),
            Text(
                "Metadata menyebut {first}–{last}, tetapi file hanya memuat {there_first}–{there_last}.",
                "The metadata say {first}–{last}, but the file only has {there_first}–{there_last}.",
            ),
            Text("Lengkapi filenya, atau perbaiki cakupan waktu.", "Complete the file, or correct the coverage."),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    first, last = asked.about.first_period[:4], asked.about.last_period[:4]
    if not first or not last:
        return not_told("coverage")
    years = years_of(asked)
    if not years:
        return no_column("tahun atau periode", "years or periods")
    outside = [year for year in years if not first <= year <= last]
    words = {"first": first, "last": last, "there_first": years[0], "there_last": years[-1]}
    if outside:
        return [Found(None, (), (), "outside", {**words, "periods": ", ".join(outside[:8])}, count=len(outside))]
    if years[0] > first or years[-1] < last:
        missing = int(last) - int(first) + 1 - len(years)
        return [Found(None, (), (), "short", words, count=max(1, missing))]
    return []


def years_of(asked: Asked) -> list[str]:
    """The years the table is about, sorted."""
    shape = asked.dictionary.shape
    found = {period[:4] for group in shape.wide.values() for _, period in group if period[:4].isdigit()}
    for there in shape.times:
        texts = asked.table.rows[there.id].str.strip_chars().unique().to_list()
        periods = (times.sortable(text) for text in texts)
        found |= {period[:4] for period in periods if period is not None and len(period) >= 4 and period[:4].isdigit()}
    return sorted(found)
