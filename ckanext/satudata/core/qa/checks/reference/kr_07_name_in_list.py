"""KR-07: names of regions are those of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark, no_column, no_list
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.lists import REGIONS
from ckanext.satudata.core.qa.places import NO_REGION, Meant, Places, bare_name, places
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import TableColumn
from ckanext.satudata.core.reference.codelist import Entry, plain_name
from ckanext.satudata.core.text import Text


@check(
    id="KR-07",
    title=Text("Nama wilayah ditulis seperti di daftar", "Region names are those of the list"),
    meaning=Text(
        "Nama wilayah dieja seperti di daftar kode wilayah: tidak disingkat (Kep., Adm.), tidak digabung, dan hanya "
        "wilayah pemerintahan. Wilayah kerja kepolisian atau perusahaan bukan wilayah pemerintahan.",
        "Names of regions are spelled as in the list of codes: not shortened (Kep., Adm.), not run together, and "
        "administrative regions only. The area of a police force or a company is none.",
    ),
    bad="KEP. RIAU, TANJUNGKARANG BARAT, METRO JAYA",
    good="KEPULAUAN RIAU, TANJUNG KARANG BARAT, DKI JAKARTA",
    principle="kode_referensi",
    dimension="keterbandingan",
    severity="warning",
    sop=("KR-02",),
    parameters={"most_values": 20_000},
    words={
        "variant": Words(
            Text("Nama wilayah tidak seperti di daftar", "Region names other than in the list"),
            Text(
                "{count} sel kolom {column} menulis nama dengan cara lain. Contoh: “{value}” di baris {row}, di daftar "
                "“{proposal}”.",
                "{count} cells of {column} write a name another way. Example: “{value}” in row {row}, in the list "
                "“{proposal}”.",
            ),
            Text("Tulis nama seperti di daftar: “{proposal}”.", "Write it as the list does: “{proposal}”."),
        ),
        "spelling": Words(
            Text("Nama wilayah salah eja", "Misspelled region names"),
            Text(
                "{count} sel kolom {column} tampaknya salah eja. Contoh: “{value}” di baris {row}, di daftar "
                "“{proposal}”.",
                "{count} cells of {column} seem misspelled. Example: “{value}” in row {row}, in the list “{proposal}”.",
            ),
            Text("Tulis “{proposal}”.", "Write “{proposal}”."),
        ),
        "unknown": Words(
            Text("Nama bukan wilayah pemerintahan", "Names of no administrative region"),
            Text(
                "{count} sel kolom {column} tidak ada di daftar wilayah, misalnya “{value}” di baris {row}.",
                "{count} cells of {column} are not in the list of regions, such as “{value}” in row {row}.",
            ),
            Text(
                "Bila bukan wilayah pemerintahan, jelaskan di kamus data; bila nama lama, tulis nama yang berlaku.",
                "If it is no administrative region, say so in the data dictionary; if it is an old name, write the "
                "present one.",
            ),
            severity="question",
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    coded = {name.id for _, code in shape.codes if (name := asked.dictionary.name_column(code)) is not None}
    columns = [(level, there) for level, there in shape.places if there.id not in coded]
    if not columns:
        return no_column("nama wilayah tanpa kode", "region names without codes")
    known = places(asked.lists)
    if known is None:
        return no_list(REGIONS)
    found: list[Found | None] = []
    for _, there in columns:
        found += _column(asked, there, known)
    return [one for one in found if one is not None]


def _column(asked: Asked, there: TableColumn, known: Places) -> list[Found | None]:
    cell = cells.plain(there.id)
    names: list[str] = (
        asked.table.rows.filter(~cells.is_missing(there.id))
        .select(cell)
        .to_series()
        .unique(maintain_order=True)
        .to_list()
    )
    if not names or len(names) > asked.parameters["most_values"]:
        return []
    candidates, sure = _candidates(asked, there, names, known)
    if not candidates:
        return []
    meant = {name: _meant(name, candidates, known) for name in names if plain_name(name) not in NO_REGION}
    if sum(one.entry is not None for one in meant.values()) < 0.6 * len(meant):
        return []
    found: list[Found | None] = []
    for how in ("variant", "spelling", "unknown"):
        hit = {name: one.entry for name, one in meant.items() if one.how == how}
        if not hit or (how == "unknown" and (not sure or len(hit) > 0.2 * len(meant))):
            continue
        proposals = {name: _as_written(entry, name) for name, entry in hit.items() if entry is not None}
        found.append(
            mark(
                asked.table,
                there.id,
                cell.is_in(pl.Series(list(hit), dtype=pl.String).implode()),
                proposal=cell.replace_strict(proposals, default=None, return_dtype=pl.String) if proposals else None,
                variant=how,
            )
        )
    return found


def _candidates(asked: Asked, there: TableColumn, names: list[str], known: Places) -> tuple[Sequence[Entry], bool]:
    """The regions the names of a column may mean, and whether a name outside of them is surely none."""
    level, share = known.level(names)
    if share >= 0.5:
        parent = known.common_parent(names, level) if level > 1 else None
        if level < 3 or parent is not None:
            return (known.known.children(parent) if parent is not None else known.of_level(level)), True
    # Districts of several regencies, or villages: those below the regions named in the columns to the left.
    above = _above(asked, there, known)
    return ([child for entry in above for child in known.known.children(entry.code)], False) if above else ((), False)


def _above(asked: Asked, there: TableColumn, known: Places) -> list[Entry]:
    """The regions one level up, as named in the other columns of the table."""
    order = [column for _, column in asked.dictionary.shape.places]
    before = order[: next(number for number, column in enumerate(order) if column.id == there.id)]
    entries: list[Entry] = []
    for column in before:
        names: list[str] = asked.table.rows[column.id].str.strip_chars().unique(maintain_order=True).to_list()
        below = [child for entry in entries for child in known.known.children(entry.code)]
        if below:
            entries = [one.entry for name in names if (one := _meant(name, below, known)).entry is not None]
            continue
        level, share = known.level(names)
        if share >= 0.5:
            entries = [entry for name in names for entry in known.named(name, level)[:1]]
    return entries


def _meant(name: str, candidates: Sequence[Entry], known: Places) -> Meant:
    """A whole level is searched by its index first; a few candidates one by one."""
    if len(candidates) > 600:
        exact = [entry for level in (1, 2, 3) for entry in known.named(name, level)]
        return Meant("exact", exact[0]) if exact else Meant("unknown")
    return known.meant(name, candidates)


def _as_written(entry: Entry | None, like: str) -> str:
    """The list's name in the letters of the file, with the kind of place only if the file has one."""
    name = entry.name if entry is not None else ""
    if bare_name(like) == plain_name(like):
        name = next((name[len(kind) :] for kind in ("Kabupaten ", "Kota ") if name.startswith(kind)), name)
    return name.upper() if like.isupper() else name
