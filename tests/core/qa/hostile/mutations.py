"""Small valid files, spoiled at random: bits flipped, bytes exchanged, pieces cut out, doubled, taken from another."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.core.qa.hostile.oldbook import old_workbook
from tests.core.qa.hostile.parts import archive, opendocument, sheet, strings, workbook

_CSV = "kode,nama,jumlah\n" + "".join(f'32.04.{n:02},"Desa, {n}",{n * 37 % 91}\n' for n in range(5, 17))
# Bytes that mean something to one of the formats.
TELLING = (
    *(b"\x00", b"\xff", b"\x80", b"\xff\xff\xff\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"\r", b"\n"),
    *(b'"', b",", b";", b"<", b">", b"&", b"=", b"]", b"}", b"-", b"9" * 40),
)


@dataclass(frozen=True)
class Mutant:
    """One spoiled file: from which seed, by which number, its bytes and its name."""

    id: str
    name: str
    content: bytes


def seeds() -> dict[str, bytes]:
    """A valid file of each kind by name. Workbooks twice: packed, and stored so that their XML itself is spoiled."""
    plain = {"xl/worksheets/sheet1.xml": sheet(), "xl/sharedStrings.xml": strings()}
    return {
        "a.csv": _CSV.encode(),
        "b.csv": ("\ufeff" + _CSV.replace(",", ";")).encode(),
        "c.tsv": _CSV.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        "d.xlsx": workbook(),
        "e.xlsx": _stored(workbook(), plain),
        "f.ods": opendocument(),
        "g.ods": _stored(opendocument(), {}),
        "h.xls": old_workbook(),
        "i.json": b'[{"kode": "32.04.05", "nama": "Cileunyi", "jumlah": 12}, {"kode": "32.04.16", "nama": "Arjasari"}]',
        "j.geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kode":"32.04.05",'
        b'"jumlah":12},"geometry":{"type":"Point","coordinates":[107.7,-6.9]}}]}',
    }


def _stored(data: bytes, changed: dict[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    return archive({**members, **changed}, zipfile.ZIP_STORED)


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """``count`` spoiled files, the same ones for the same ``seed``."""
    sources = list(seeds().items())
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        name, content = sources[number % len(sources)]
        spoiled = content
        for _ in range(chance.choice((1, 1, 1, 2, 4, 12))):
            spoiled = _spoil(spoiled, chance.choice(sources)[1], chance)
        if name.endswith(("xlsx", "ods")) and chance.random() < 0.5:
            spoiled = _with_true_checksums(spoiled)
        yield Mutant(f"{seed}/{number} of {name}", name, spoiled)


def _spoil(data: bytes, other: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    length = min(chance.choice((1, 2, 4, 16, 128, 1024)), len(data) - place)
    piece = data[place : place + length]
    way = chance.randrange(9)
    if way == 0 and data:  # one bit
        place = min(place, len(data) - 1)
        return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
    if way == 1:  # other bytes
        return data[:place] + chance.randbytes(length) + data[place + length :]
    if way == 2:  # cut off
        return data[:place]
    if way == 3:  # cut out
        return data[:place] + data[place + length :]
    if way == 4:  # doubled, often
        return data[:place] + piece * chance.choice((2, 3, 50)) + data[place + length :]
    if way == 5:  # something that means something
        return data[:place] + chance.choice(TELLING) + data[place + chance.choice((0, 1)) :]
    if way == 6:  # a piece of another file
        start = chance.randrange(len(other) + 1)
        return data[:place] + other[start : start + 200] + data[place + length :]
    if way == 7:  # the end of another file
        return data[:place] + other[chance.randrange(len(other) + 1) :]
    start = chance.randrange(len(data) + 1)  # two pieces in exchanged places
    return data[:place] + data[start : start + length] + data[place + length :]


def _with_true_checksums(data: bytes) -> bytes:
    """The checksums of stored members made right again, so that what they hold is looked at and not refused."""
    fixed = bytearray(data)
    place = data.find(b"PK\x03\x04")
    while 0 <= place <= len(data) - 30:
        size = int.from_bytes(data[place + 18 : place + 22], "little")
        start = place + 30 + int.from_bytes(data[place + 26 : place + 28], "little")
        start += int.from_bytes(data[place + 28 : place + 30], "little")
        if data[place + 8 : place + 10] == b"\x00\x00" and start + size <= len(data):
            right = zlib.crc32(data[start : start + size]).to_bytes(4, "little")
            old = data[place + 14 : place + 18]
            fixed[place + 14 : place + 18] = right
            entry = data.find(b"PK\x01\x02")
            while entry >= 0:
                if data[entry + 16 : entry + 20] == old:
                    fixed[entry + 16 : entry + 20] = right
                entry = data.find(b"PK\x01\x02", entry + 4)
        place = data.find(b"PK\x03\x04", place + 4)
    return bytes(fixed)
