"""KR-12: a region stands in no year before it existed."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.reference.codelist import Entry, plain_name
from ckanext.satudata.core.text import Text


@check(
    id="KR-12",
    title=Text("Wilayah sudah ada di tahunnya", "Regions existed in their year"),
    meaning=Text(
        "Empat provinsi baru di Papua ada sejak 2022. Data tahun sebelumnya memakai provinsi lama, kecuali "
        "dihitung ulang; "
        "sebutkan di metadata bila demikian.",
        "Four new provinces in Papua exist since 2022. Data of earlier years use the old ones, unless they were "
        "recounted; "
        "say so in the metadata.",
    ),
    bad="Papua Selatan | 2019 | 518.000",
    good="Papua | 2019 | 3.379.000",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="question",
    sop=("KR-01", "KK-02"),
    words={
        "": Words(
            Text("Wilayah belum ada di tahun itu", "Regions did not exist in that year"),
            Text(
                "{count} baris. Contoh: baris {row}, {value} tahun {year}, padahal baru ada sejak {since}.",
                "{count} rows. Example: row {row}, {value} in {year}, although it exists since {since}.",
            ),
            Text(
                "Pakai wilayah yang berlaku di tahun itu, atau jelaskan bila datanya dihitung ulang.",
                "Use the regions of that year, or say that the figures were recounted.",
            ),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    year = next((there for column, there in asked.dictionary.pairs if column.type == "year"), None)
    columns = [*shape.codes, *((None, there) for _, there in shape.places)]
    if year is None or not columns:
        return no_column("wilayah dan tahun", "regions and years")
    known = asked.lists.get("wilayah_kemendagri"), asked.lists.get("provinsi")
    dated = [entry for one in known if one is not None for entry in one if entry.valid_from is not None]
    if not dated:
        return NotApplicable(
            Text("Daftar wilayah tidak memuat tanggal berlaku.", "The list of regions has no dates of validity."),
            "wilayah_berlaku",
        )
    for column, there in columns:
        # A BPS code is another region's Kemendagri code: there the names decide.
        since = _since(dated, coded=column is not None and column.list == "wilayah_kemendagri")
        values = asked.table.rows[there.id].str.strip_chars().unique().to_list()
        begun = {value: since[key] for value in values if (key := _key(value, coded=column is not None)) in since}
        if not begun or (column is not None and column.list != "wilayah_kemendagri"):
            continue
        cell = cells.plain(there.id)
        began = cell.replace_strict(begun, default=None, return_dtype=pl.Int64)
        there_year = cells.plain(year.id).str.extract(r"^(\d{4})").cast(pl.Int64, strict=False)
        note = {"year": there_year, "since": began}
        found = mark(asked.table, there.id, there_year < began, note=note)
        return [found] if found is not None else []
    return []


def _key(value: str, *, coded: bool) -> str:
    return value.replace(".", "").replace(" ", "") if coded else plain_name(value)


def _since(dated: list[Entry], *, coded: bool) -> dict[str, int]:
    """The year in which each region began, by code or by name."""
    found: dict[str, int] = {}
    for entry in dated:
        if entry.valid_from is not None:
            found[_key(entry.code if coded else entry.name, coded=coded)] = entry.valid_from.year
    return found
