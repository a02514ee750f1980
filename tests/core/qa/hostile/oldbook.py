"""A small XLS, record by record: BIFF 8 in an OLE container of 512-byte sectors."""

from __future__ import annotations

import struct
from collections.abc import Sequence

Record = tuple[int, bytes]
TABLE: tuple[tuple[str | int, ...], ...] = (("nama", "jumlah"), ("Cileunyi", 12), ("Arjasari", 7))
BOF, EOF, SHEET, SHARED, AREA, TEXT, NUMBER = 0x809, 0x0A, 0x85, 0xFC, 0x200, 0xFD, 0x203
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def records(table: Sequence[Sequence[str | int]] = TABLE) -> list[Record]:
    """The records of a workbook of one sheet; the sheet's offset is filled in by :func:`stream`."""
    texts = [cell for row in table for cell in row if isinstance(cell, str)]
    listed = b"".join(struct.pack("<HB", len(text), 0) + text.encode("latin-1") for text in texts)
    head = [
        (BOF, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0x600)),
        (0x42, struct.pack("<H", 1200)),
        (0xE0, bytes(20)),
        (SHEET, struct.pack("<IBBBB", 0, 0, 0, 4, 0) + b"Data"),
        (SHARED, struct.pack("<II", len(texts), len(texts)) + listed),
        (EOF, b""),
    ]
    cells: list[Record] = []
    for number, row in enumerate(table):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(cell, str):
                cells.append((TEXT, place + struct.pack("<I", texts.index(cell))))
            else:
                cells.append((NUMBER, place + struct.pack("<d", cell)))
    area = struct.pack("<IIHHH", 0, len(table), 0, len(table[0]), 0)
    return [*head, (BOF, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 0x600)), (AREA, area), *cells, (EOF, b"")]


def stream(parts: Sequence[Record]) -> bytes:
    """The records one behind the other, the sheet's offset set."""
    packed = [struct.pack("<HH", kind, len(data)) + data for kind, data in parts]
    second = [index for index, (kind, _) in enumerate(parts) if kind == BOF][1:2]
    if second and parts[3][0] == SHEET:
        offset = sum(len(part) for part in packed[: second[0]])
        packed[3] = packed[3][:4] + struct.pack("<I", offset) + packed[3][8:]
    return b"".join(packed)


def container(workbook: bytes, name: str = "Workbook") -> bytes:
    """An OLE file with one stream: header, one sector of FAT, one of directory, then the stream."""
    workbook = workbook.ljust(max(4096, -(-len(workbook) // 512) * 512), b"\x00")
    sectors = len(workbook) // 512
    chain = [_FAT, _END, *range(3, 2 + sectors), _END]
    fat = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0) + _entry(name, 2, _FREE, 2, len(workbook))
    directory = directory.ljust(512, b"\x00")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    return header + fat + directory + workbook


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    head = text.ljust(64, b"\x00") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<IQ", start, size)


def old_workbook(parts: Sequence[Record] | None = None) -> bytes:
    """A whole XLS of these records."""
    return container(stream(records() if parts is None else parts))
