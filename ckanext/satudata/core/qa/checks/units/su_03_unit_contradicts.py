"""SU-03: the unit in the file is the one the metadata state, and one figure has one unit."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.core.qa import cells, units
from ckanext.satudata.core.qa.about import not_told
from ckanext.satudata.core.qa.findings import Found, NotApplicable, mark
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.registry import Asked, Words, check
from ckanext.satudata.core.qa.table.model import TableColumn
from ckanext.satudata.core.reference.codelist import CodeList, plain_name
from ckanext.satudata.core.text import Text


@check(
    id="SU-03",
    title=Text("Satuan sama di file, kamus data, dan metadata", "File, dictionary and metadata state the same unit"),
    meaning=Text(
        "Satu ukuran memakai satu satuan. Bila sebagian baris memakai ribu orang dan sebagian orang, jumlahnya salah; "
        "bila file dan metadata berbeda, pembaca tidak tahu mana yang benar.",
        "One measure has one unit. With thousands of persons in some rows and persons in others every sum is wrong; "
        "where file and metadata differ nobody knows which is right.",
    ),
    bad="Metadata: Persen; kolom satuan: ORANG",
    good="Metadata: Orang; kolom satuan: ORANG",
    principle="standar_data",
    dimension="keterbandingan",
    severity="warning",
    sop=("SD-02", "SD-03"),
    words={
        "mixed": Words(
            Text("Satuan bercampur dalam satu kolom", "Units mixed in one column"),
            Text(
                "{count} baris memakai satuan “{value}”, baris lain “{usual}”, untuk ukuran yang sama.",
                "{count} rows have the unit “{value}”, others “{usual}”, for the same measure.",
            ),
            Text(
                "Ubah semua nilai ke satu satuan, atau pisahkan menjadi dua kolom.",
                "Bring all values to one unit, or make two columns.",
            ),
        ),
        "metadata": Words(
            Text("Satuan berbeda dari metadata", "Unit other than in the metadata"),
            Text(
                "{count} baris memakai satuan “{value}”, tetapi metadata atau kamus data menyebut “{stated}”.",
                "{count} rows have the unit “{value}”, but metadata or dictionary state “{stated}”.",
            ),
            Text(
                "Tentukan satuan yang benar, lalu samakan file dan metadata.",
                "Decide which one is right and mend both.",
            ),
        ),
        "header": Words(
            Text("Satuan di judul kolom berbeda dari metadata", "Unit in the header other than in the metadata"),
            Text(
                "Judul kolom {column} menyebut satuan “{header}”, tetapi metadata atau kamus data menyebut “{stated}”.",
                "The header of {column} says “{header}”, but metadata or dictionary state “{stated}”.",
            ),
            Text("Samakan judul kolom dan metadata.", "Make header and metadata agree."),
        ),
    },
)
def run(asked: Asked) -> Iterable[Found] | NotApplicable:
    shape = asked.dictionary.shape
    known = units.known_units(asked.lists)
    stated = {column.unit for column, _ in shape.figures if column.unit} or {asked.about.unit} - {""}
    if not shape.units and not stated:
        return not_told("unit")
    found: list[Found | None] = []
    for there in shape.units:
        found += _column(asked, there, known, stated)
    for column, there in shape.figures:
        said = units.in_header(there.name, known)
        wanted = column.unit or (asked.about.unit if len(shape.figures) == 1 else "")
        if said is not None and wanted and units.unit(said, known) and not _fits(said, {wanted}, known):
            found.append(Found(there.name, (), (), "header", {"header": said, "stated": wanted}, count=1))
    return [one for one in found if one is not None]


def _column(asked: Asked, there: TableColumn, known: CodeList, stated: set[str]) -> list[Found | None]:
    cell = cells.plain(there.id)
    kept = asked.table.rows.filter(~cells.is_missing(there.id))
    counted = kept.group_by(cell.alias("value"), maintain_order=True).len("times").sort("times", descending=True)
    values: list[str] = counted["value"].to_list()
    if not values:
        return []
    found: list[Found | None] = []
    if len(values) > 1 and _one_measure(asked):
        usual = values[0]
        other = [value for value in values[1:] if _differs(value, usual, known)]
        hit = cell.is_in(pl.Series(other, dtype=pl.String).implode())
        found.append(mark(asked.table, there.id, hit, variant="mixed", parameters={"usual": usual}))
    if stated:
        strange = [value for value in values if not _fits(value, stated, known)]
        hit = cell.is_in(pl.Series(strange, dtype=pl.String).implode())
        found.append(
            mark(asked.table, there.id, hit, variant="metadata", parameters={"stated": ", ".join(sorted(stated))})
        )
    return found


def _one_measure(asked: Asked) -> bool:
    """One column of figures and no text but places and units: then every row measures the same thing. A list of goods
    has rupiah per kilogram in one row and rupiah per litre in the next.
    """
    shape = asked.dictionary.shape
    figures = [there for _, there in shape.figures if there.id not in shape.wide_ids]
    known = {there.id for _, there in (*shape.places, *shape.codes)}
    known |= {there.id for there in (*shape.units, *shape.times)}
    others = [there for column, there in asked.dictionary.pairs if column.type == "text" and there.id not in known]
    return len(figures) <= 1 and not others


def _differs(one: str, other: str, known: CodeList) -> bool:
    first, second = units.unit(one, known), units.unit(other, known)
    if first is None or second is None:
        return False  # an unknown unit is SU-02's matter
    return first.code != second.code


def _fits(value: str, stated: set[str], known: CodeList) -> bool:
    return any(plain_name(value) == plain_name(one) or not _surely_differs(value, one, known) for one in stated)


def _surely_differs(value: str, stated: str, known: CodeList) -> bool:
    first, second = units.unit(value, known), units.unit(stated, known)
    if first is None or second is None:
        return False
    if first.code == second.code:
        return False
    # Persons and residents are counted alike; only size and kind make another unit.
    alike = first.properties.get("kind") == second.properties.get("kind") == "count"
    return not (alike and first.properties.get("factor") == second.properties.get("factor"))
