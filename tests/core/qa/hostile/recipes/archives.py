"""ZIP archives that lie about what is in them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.core.qa.hostile.parts import archive, workbook
from tests.core.qa.hostile.recipe import Bait, Hostile, of_bytes

SMALL = workbook()


def recipes() -> Iterator[Hostile]:
    yield from _members()
    yield from _headers()
    yield from _places()
    yield from _bombs()


def _with(members: dict[str, str | bytes]) -> bytes:
    return workbook({**members})


def _members() -> Iterator[Hostile]:
    names = {
        "a path up": "../../../../tmp/satudata-bocor",
        "a path from the root": "/tmp/satudata-bocor",
        "a path of Windows": "C:\\x",
        "a path with backslashes": "xl\\worksheets\\sheet1.xml",
        "a name of 60,000 letters": "a" * 60_000,
        "a right to left name": "\u202etxt.exe",
        "a name of blanks": " ",
        "a name of line ends": "a\r\nb",
        "a folder as file": "xl/worksheets/sheet1.xml/",
        "another case": "XL/Workbook.xml",
    }
    for name, member in names.items():
        yield of_bytes(f"archive: {name}", _with({member: b"x"}), name="tabel.xlsx")
    yield of_bytes("archive: ten files in each other", _nested(10), name="tabel.zip")
    yield of_bytes("archive: a table with a path up", archive({"../../tabel.csv": "a,b\n1,2\n"}), name="tabel.zip")
    yield of_bytes("archive: 3,000 tables", archive({f"{n}.csv": "a,b\n1,2\n" for n in range(3_000)}), name="tabel.zip")
    crowd = _with({f"x{n}": "" for n in range(12_000)})
    yield of_bytes("archive: 12,000 members", crowd, "zip_bomb", name="tabel.xlsx")
    yield of_bytes("archive: a PDF and a picture", archive({"a.pdf": "%PDF-1.4", "b.png": "\x89PNG"}), name="tabel.zip")
    link = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO(SMALL)
    with zipfile.ZipFile(buffer, "a") as file:
        file.writestr(link, "/etc/passwd")
    yield of_bytes("archive: a link to a file of the machine", buffer.getvalue(), name="tabel.xlsx")
    same = _with({f"xl/media/{n:02}": b"x" for n in range(50)})
    for number in range(50):
        same = same.replace(b"xl/media/%02d" % number, b"xl/media/00")
    yield of_bytes("archive: one name fifty times", same, name="tabel.xlsx")


def _nested(depth: int) -> bytes:
    content = archive({"tabel.csv": "a,b\n1,2\n"})
    for _ in range(depth):
        content = archive({"dalam.zip": content})
    return content


def _headers() -> Iterator[Hostile]:
    """Fields of the first local header and of the first entry of the directory set to what they must not be."""
    directory = SMALL.index(b"PK\x01\x02")
    fields = {
        "version": (4, 6, "<H"),
        "flags": (6, 8, "<H"),
        "method": (8, 10, "<H"),
        "time": (10, 12, "<I"),
        "checksum": (14, 16, "<I"),
        "packed size": (18, 20, "<I"),
        "size": (22, 24, "<I"),
        "length of the name": (26, 28, "<H"),
        "length of what follows": (28, 30, "<H"),
    }
    for name, (local, central, form) in fields.items():
        most = (1 << 8 * struct.calcsize(form)) - 1
        for value in (0, 1, most // 2, most):
            there = _patched(SMALL, local, form, value)
            yield of_bytes(f"archive: {name} {value} before the member", there, name="tabel.xlsx")
            there = _patched(SMALL, directory + central, form, value)
            yield of_bytes(f"archive: {name} {value} in the directory", there, name="tabel.xlsx")
            there = _patched(_patched(SMALL, local, form, value), directory + central, form, value)
            yield of_bytes(f"archive: {name} {value} in both", there, name="tabel.xlsx")


def _patched(data: bytes, offset: int, form: str, value: int) -> bytes:
    return data[:offset] + struct.pack(form, value) + data[offset + struct.calcsize(form) :]


def _places() -> Iterator[Hostile]:
    directory = SMALL.index(b"PK\x01\x02")
    end = SMALL.rindex(b"PK\x05\x06")
    for value in (0, 1, directory, len(SMALL), 0x7FFFFFFF, 0xFFFFFFFF):
        yield of_bytes(f"archive: a member at {value}", _patched(SMALL, directory + 42, "<I", value), name="tabel.xlsx")
        yield of_bytes(f"archive: the directory at {value}", _patched(SMALL, end + 16, "<I", value), name="tabel.xlsx")
        yield of_bytes(f"archive: a directory of {value}", _patched(SMALL, end + 12, "<I", value), name="tabel.xlsx")
    for value in (0, 1, 0x7FFF, 0xFFFF):
        yield of_bytes(f"archive: {value} members are said", _patched(SMALL, end + 10, "<H", value), name="tabel.xlsx")
    whole = {
        "without its end": SMALL[:end],
        "without its directory": SMALL[:directory],
        "nothing but its directory": SMALL[directory:],
        "with noise before it": b"MZ" + bytes(500) + SMALL,
        "with noise behind it": SMALL + bytes(70_000),
        "twice": SMALL + SMALL,
        "with a table before it": b"kode,nama\n11,Aceh\n" + SMALL,
        "with a remark of 65,000 letters": SMALL[:-2] + struct.pack("<H", 65_000) + b"PK\x05\x06" * 16_250,
        "with all places zero": SMALL.replace(b"PK\x01\x02", b"\x00\x00\x00\x00"),
        "with each member named alike": SMALL.replace(b"styles.xml", b"sheet1.xml"),
    }
    for name, data in whole.items():
        yield of_bytes(f"archive: {name}", data, name="tabel.xlsx")


def _bombs() -> Iterator[Hostile]:
    makers: dict[str, Callable[[], bytes]] = {
        "1.2 GB in one member": lambda: _bomb(1_200, 1),
        "1.2 GB in 100 members": lambda: _bomb(12, 100),
        "1.2 GB that says it is 10 bytes": lambda: _lying(_bomb(1_200, 1)),
        "members that overlap": lambda: _overlapping(2_000),
        "800 MB in a sheet": lambda: workbook({"xl/worksheets/sheet1.xml": b" " * (800 << 20)}),
        "800 MB in the shared strings": lambda: workbook({"xl/sharedStrings.xml": b" " * (800 << 20)}),
    }
    for name, make in makers.items():

        def write(path: Path, _bait: Bait, make: Callable[[], bytes] = make) -> None:
            path.write_bytes(make())

        yield Hostile(f"bomb: {name}", write, "tabel.xlsx", heavy=True)
    yield of_bytes("bomb: members that overlap, a few", _overlapping(40), name="tabel.xlsx")


def _bomb(megabytes: int, members: int) -> bytes:
    buffer = io.BytesIO(SMALL)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as file:
        for number in range(members):
            with file.open(f"xl/media/{number}.bin", "w", force_zip64=True) as member:
                for _ in range(megabytes):
                    member.write(bytes(1 << 20))
    return buffer.getvalue()


def _lying(data: bytes) -> bytes:
    return data.replace((1_200 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def _overlapping(times: int) -> bytes:
    """Many entries of the directory that all point at the same member."""
    data = _bomb(1, 1)
    end = data.rindex(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    directory = data[start:end]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    count = directory.count(b"PK\x01\x02") + times
    grown = directory + last * times
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(grown), start, 0)
    return data[:start] + grown + tail
