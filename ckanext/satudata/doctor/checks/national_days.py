"""The calendar knows next year: national holidays and joint leave, which every deadline counts by."""

from __future__ import annotations

from collections.abc import Iterator

import holidays

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

# The joint decree of the three ministers usually comes by then.
DECREED_BY = 11


@check(
    title=Text("Hari libur", "Holidays"),
    meaning=Text(
        "Hari libur dan cuti bersama tahun ini dan tahun depan dikenal; kalender daerah terbaca.",
        "Holidays and joint leave of this year and the next are known; the region's calendar is readable.",
    ),
)
def look() -> Iterator[Finding]:
    try:
        today = terms.calendar().local_date(now())
    except (OSError, ValueError) as error:
        yield finding(
            "national_days.calendar",
            "error",
            what=Text("Kalender daerah tidak terbaca: {error}", "The region's calendar cannot be read: {error}"),
            why=Text(
                "Tenggat tidak dapat dihitung, jadi pengajuan dan keputusan gagal.",
                "Deadlines cannot be counted, so submissions and decisions fail.",
            ),
            remedy=Text("Perbaiki berkas di ckanext.satudata.calendar.", "Mend the file in ckanext.satudata.calendar."),
            error=str(error)[:300],
        )
        return
    for year in (today.year, today.year + 1):
        if not _knows(year):
            late = year == today.year or today.month >= DECREED_BY
            yield finding(
                "national_days.unknown",
                "warning" if late else "info",
                what=Text("Cuti bersama {year} belum dikenal.", "Joint leave of {year} is not known."),
                why=Text(
                    "Tenggat yang melewati hari itu dihitung terlalu cepat.",
                    "Deadlines across those days come too early.",
                ),
                remedy=Text(
                    "Perbarui paket holidays, atau tulis hari itu di kalender daerah (libur).",
                    "Update the package holidays, or write those days into the region's calendar (libur).",
                ),
                command="pip install --upgrade holidays",
                year=year,
            )


def _knows(year: int) -> bool:
    return bool(holidays.country_holidays("ID", years=year, categories=("government",))) or any(
        day.year == year for day in terms.calendar().closed
    )
