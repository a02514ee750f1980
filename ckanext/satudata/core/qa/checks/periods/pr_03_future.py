"""PR-03: no period after the day of the check."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, times
from ckanext.satudata.core.qa.about import not_told
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.text import Text

_PLANNED = re.compile(r"(?i)proyeksi|target|rencana|perkiraan|estimasi|ramalan|prognosis|renstra|rpjm|sasaran|jadwal")


@check(
    id="PR-03",
    title=Text("Tidak ada periode di masa depan", "No period lies in the future"),
    meaning=Text(
        "Data tentang yang sudah terjadi tidak mungkin bertanggal sesudah hari ini. Tahun berjalan boleh ada. "
        "Proyeksi, "
        "target dan rencana tidak diperiksa bila judulnya menyebut demikian.",
        "Data on what happened cannot be dated after today. The current year may be there. Projections, targets "
        "and plans "
        "are not looked at where a header or title says so.",
    ),
    bad="tahun 2032 | jumlah 12 (seharusnya 2023)",
    good="tahun 2023 | jumlah 12",
    principle="standar_data",
    dimension="aktualitas",
    severity="warning",
    sop=("TW-01", "QC-03"),
    words={
        "": Words(
            Text("Periode di masa depan", "Periods in the future"),
            Text(
                "{count} sel kolom {column} sesudah hari pemeriksaan ({today}), misalnya {value} di baris {row}.",
                "{count} cells of {column} lie after the day of the check ({today}), such as {value} in row {row}.",
            ),
            Text(
                "Perbaiki tahunnya. Bila data ini proyeksi atau target, sebutkan di judul.",
                "Correct the year. If these are projections or targets, say so in the title.",
            ),
        ),
        "header": Words(
            Text("Kolom untuk periode di masa depan", "Columns of periods in the future"),
            Text(
                "{count} kolom untuk periode sesudah hari pemeriksaan ({today}): {columns}.",
                "{count} columns are of periods after the day of the check ({today}): {columns}.",
            ),
            Text(
                "Bila data ini proyeksi atau target, sebutkan di judul.",
                "If these are projections or targets, say so in the title.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape, today = asked.dictionary.shape, asked.about.today
    if not shape.times and not shape.wide_ids:
        return no_column("tahun atau periode", "years or periods")
    if today is None:
        return not_told("today")
    told = (*shape.texts("title"), asked.about.title, *asked.table.header)
    if any(_PLANNED.search(text.replace("_", " ")) for text in told):
        return []
    found: list[Found | None] = []
    for there in shape.times:
        late = [text for text in _written(asked, there.id) if _begins_after(text, today.isoformat())]
        hit = cells.plain(there.id).is_in(pl.Series(late, dtype=pl.String).implode())
        found.append(mark(asked.table, there.id, hit, parameters={"today": today.isoformat()}))
    wide = [
        there.name
        for group in shape.wide.values()
        for there, period in group
        if _begins_after(period, today.isoformat())
    ]
    if wide:
        words = {"today": today.isoformat(), "columns": ", ".join(wide[:8])}
        found.append(Found(None, (), (), "header", words, count=len(wide)))
    return [one for one in found if one is not None]


def _written(asked: Asked, column: str) -> list[str]:
    return asked.table.rows[column].str.strip_chars().unique(maintain_order=True).to_list()


def _begins_after(text: str, today: str) -> bool:
    """Whether the period begins after today: the running year and month are no future."""
    period = times.sortable(text)
    if period is None or not period[:4].isdigit() or len(period) < 4:
        return False
    if len(period) > 5 and period[5].isalpha():  # quarters and the like count by their year
        period = period[:4]
    return period[:10] > today[: len(period[:10])] if "/" not in period else period[:4] > today[:4]
