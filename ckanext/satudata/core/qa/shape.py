"""What the columns of a table are for: time, places, units, figures, classes; worked out once for all checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ckanext.satudata.core.qa import cells, times
from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.propose import running_number
from ckanext.satudata.core.qa.table.model import TableColumn

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.dictionary import Bound, Column

_TIME_NAME = re.compile(
    r"\b(?:tahun|thn|year|bulan|bln|month|triwulan|tw|kuartal|quarter|semester|smt|caturwulan|periode|period"
    r"|tanggal|tgl|date|waktu|minggu)\b"
)
_UNIT_NAME = re.compile(r"(?:unit |nama )?satuan(?: (?:data|unit|ukuran|indikator))?|uom")
_NO_FIGURE = re.compile(
    r"\b(?:lat|lon|long|lng|latitude|longitude|lintang|bujur|koordinat|kode|kd|code|id|nik|nip|npwp|npsn|nisn|kk"
    r"|no|nomor|nomer|urut|rt|rw|pos|kodepos|telp|telepon|hp|ranking|peringkat|rank|umur|usia|rekening|latlong|x|y)\b"
)
# The finest word counts: "kelurahan/desa di kecamatan X" is a column of villages.
LEVELS = (
    (4, re.compile(r"\b(?:desa|kelurahan|kel|nagari|gampong|kampung|pekon|desa/kelurahan)\b")),
    (3, re.compile(r"\b(?:kecamatan|kec|distrik)\b")),
    (2, re.compile(r"\b(?:kabupaten|kab|kota|kabkota|kabkot|kab/kota|kabupaten/kota)\b")),
    (1, re.compile(r"\b(?:provinsi|propinsi|prov)\b")),
    (0, re.compile(r"\b(?:wilayah|daerah|lokasi administrasi)\b")),
)
_PLACE_BESIDE = re.compile(
    r"\b(?:kode|kd|jumlah|banyak|luas|jenis|tipe|status|ibu|adat|kepala|pendek|alamat|kategori|asal|nama kepala)\b"
)
Wide = Mapping[str, tuple[tuple[TableColumn, str], ...]]  # rest of the name → columns with the period each holds


def _words(name: str) -> str:
    return same_name(name).replace("_", " ")


@dataclass(frozen=True)
class Shape:
    """A reading of the table that ``bound`` describes."""

    bound: Bound

    @cached_property
    def wide(self) -> Wide:
        """Columns whose header is a period (2019, 2020, … or Januari, …), by what the rest of the header says."""
        groups: dict[str, list[tuple[TableColumn, str]]] = {}
        for there in self.bound.table.columns:
            found = times.in_header(there.name)
            if found is not None:
                groups.setdefault(found[0], []).append((there, found[1]))
        plain = set(groups) == {""}
        return {rest: tuple(group) for rest, group in groups.items() if len(group) > 1 or plain}

    @cached_property
    def wide_ids(self) -> frozenset[str]:
        return frozenset(there.id for group in self.wide.values() for there, _ in group)

    @cached_property
    def times(self) -> tuple[TableColumn, ...]:
        """Columns that hold time, in the table's order: years, months, dates."""
        return tuple(
            there
            for column, there in self.bound.pairs
            if there.id not in self.wide_ids
            and (
                column.type in ("year", "period", "date")
                or (_TIME_NAME.search(_words(there.name)) and not _NO_FIGURE.search(_words(there.name)))
            )
            and not re.search(r"\b(?:jumlah|lama|kurun|jangka)\b", _words(there.name))
        )

    @cached_property
    def units(self) -> tuple[TableColumn, ...]:
        """Columns that name units."""
        return tuple(there for there in self.bound.table.columns if _UNIT_NAME.fullmatch(_words(there.name)))

    @cached_property
    def figures(self) -> tuple[tuple[Column, TableColumn], ...]:
        """Columns that measure something: no codes, numbers of rows, years, ages or coordinates."""
        times_ids = {there.id for there in self.times}
        return tuple(
            (column, there)
            for column, there in self.bound.pairs
            if there.id in self.wide_ids
            or (
                column.type in ("integer", "number")
                and not column.list
                and there.id not in times_ids
                and not _NO_FIGURE.search(_words(there.name))
                and not running_number(self.bound.table, there)
            )
        )

    @cached_property
    def places(self) -> tuple[tuple[int, TableColumn], ...]:
        """Columns of region names by header with their level, largest first: 1 province … 4 village, 0 any."""
        found: list[tuple[int, TableColumn]] = []
        for column, there in self.bound.pairs:
            words = _words(there.name)
            if column.type != "text" or column.list or _PLACE_BESIDE.search(words):
                continue
            level = next((level for level, pattern in LEVELS if pattern.search(words)), None)
            if level is not None:
                found.append((level, there))
        return tuple(sorted(found, key=lambda pair: pair[0]))

    @cached_property
    def codes(self) -> tuple[tuple[Column, TableColumn], ...]:
        """Columns of region codes, declared or proposed."""
        return tuple(self.bound.coded("wilayah"))

    @cached_property
    def classes(self) -> tuple[TableColumn, ...]:
        """Text columns whose values repeat and that name neither places nor units nor time: sex, kind, …"""
        taken = {there.id for _, there in self.places} | {there.id for there in (*self.units, *self.times)}
        return tuple(
            there
            for column, there in self.bound.pairs
            if column.type in ("text", "boolean")
            and not column.list
            and there.id not in taken
            and there.id not in self.wide_ids
            and not re.search(r"\b(?:kode|kd|keterangan|catatan|alamat|sumber)\b", _words(there.name))
            and self._repeats(there)
        )

    def _repeats(self, there: TableColumn) -> bool:
        height = self.bound.table.height
        return height > 3 and self.bound.table.rows[there.id].n_unique() <= 0.5 * height

    @cached_property
    def personal(self) -> dict[str, str]:
        """Columns that hold personal data, with its kind (:mod:`personal`)."""
        from ckanext.satudata.core.qa.personal import found_in

        return found_in(self.bound)

    def numbers(self, there: TableColumn) -> pl.Series:
        """The figures of a column as floats; null where there is none."""
        if there.id not in self._numbers:
            rows = self.bound.table.rows
            how = self.bound.notation(there)
            self._numbers[there.id] = cells.values(rows, there.id, "number", how).cast(pl.Float64, strict=False)
        return self._numbers[there.id]

    @cached_property
    def _numbers(self) -> dict[str, pl.Series]:
        return {}

    def texts(self, kind: str) -> list[str]:
        """Lines left out of the table of one kind (``title``, ``note``), in their order."""
        return [outside.text for outside in self.bound.table.outside if outside.kind == kind]
