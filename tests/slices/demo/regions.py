"""A hand-written extract of the region list: what the tables of the demo name."""

from __future__ import annotations

from pathlib import Path

from ckan import model

from ckanext.satudata.core.reference.importer import KEMENDAGRI, read_list
from ckanext.satudata.reference import files, store

NAMES = (
    "Tanjung Palas",
    "Tanjung Palas Barat",
    "Tanjung Palas Utara",
    "Tanjung Palas Timur",
    "Tanjung Selor",
    "Tanjung Palas Tengah",
    "Peso",
    "Peso Hilir",
    "Sekatak",
    "Bunyu",
)


def use(folder: Path) -> None:
    """Import the extract as the edition in use."""
    lines = ["code,name", "65,Kalimantan Utara", "65.01,Kabupaten Bulungan"]
    lines += [f"65.01.{number:02d},{name}" for number, name in enumerate(NAMES, 1)]
    path = folder / "wilayah.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    reading = read_list(path, KEMENDAGRI, "contoh")
    assert not reading.errors, reading.errors
    store.save(reading, valid_from=None)
    model.repo.commit()
    files.list_file(KEMENDAGRI)
