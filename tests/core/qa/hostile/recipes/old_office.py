"""XLS files: containers that go in circles, records that lie about their length."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.core.qa.hostile import oldbook
from tests.core.qa.hostile.oldbook import AREA, BOF, EOF, NUMBER, SHARED, SHEET, TEXT, Record, old_workbook, records
from tests.core.qa.hostile.recipe import Hostile, of_bytes

WHOLE = old_workbook()


def recipes() -> Iterator[Hostile]:
    for identity, data in (*_containers(), *_records()):
        yield of_bytes(f"xls: {identity}", data, name="tabel.xls")


def _containers() -> Iterator[tuple[str, bytes]]:
    for shift in (0, 1, 8, 12, 16, 31, 63, 65535):
        yield f"sectors of 2^{shift} bytes", _set(WHOLE, 30, "<H", shift)
        yield f"small sectors of 2^{shift} bytes", _set(WHOLE, 32, "<H", shift)
    fields = {"sectors of FAT": 44, "first of the directory": 48, "first small": 60, "small ones": 64}
    fields |= {"first of DIFAT": 68, "of DIFAT": 72, "place of the FAT": 76, "the limit of small streams": 56}
    for name, offset in fields.items():
        for value in (0, 1, 2, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF):
            yield f"{name} {value}", _set(WHOLE, offset, "<I", value)
    # The stream's first sector points at itself, at the one before, at nothing.
    for value in (2, 1, 0, 0x7FFFFFFF, 0xFFFFFFFF):
        yield f"a chain that goes to {value}", _set(WHOLE, 512 + 8, "<I", value)
    entry = 1024 + 128
    for name, offset in {"left": 68, "right": 72, "child": 76, "start": 116}.items():
        for value in (0, 1, 0x7FFFFFFF):
            yield f"{name} of the stream {value}", _set(WHOLE, entry + offset, "<I", value)
    for value in (0, 1, 4095, 1 << 31, (1 << 63) - 1):
        yield f"a stream of {value} bytes", _set(WHOLE, entry + 120, "<Q", value)
    yield "a name of 65,535 bytes", _set(WHOLE, entry + 64, "<H", 65535)
    yield "a directory that is its own child", _set(WHOLE, 1024 + 76, "<I", 0)
    for kept in (8, 76, 511, 512, 1024, 1200, 1536, 2000):
        yield f"cut off behind {kept} bytes", WHOLE[:kept]
    yield "a stream of another name", oldbook.container(oldbook.stream(records()), "Buku")
    yield "the old stream's name", oldbook.container(oldbook.stream(records()), "Book")
    yield "the new workbook within", oldbook.container(b"PK\x03\x04", "Package")


def _records() -> Iterator[tuple[str, bytes]]:
    for value in (0, 2, 99, 0x500, 0x700, 0xFFFF):
        yield f"version {value}", old_workbook(_with(BOF, 0, "<H", value))
        yield f"a part of kind {value}", old_workbook(_with(BOF, 2, "<H", value))
    for value in (0, 1, 1 << 16, 0x7FFFFFFF, 0xFFFFFFFF):
        yield f"a sheet at {value}", oldbook.container(_offset(value))
        yield f"{value} strings", old_workbook(_with(SHARED, 4, "<I", value))
        yield f"string {value}", old_workbook(_with(TEXT, 6, "<I", value))
        yield f"an area of {value} rows", old_workbook(_with(AREA, 4, "<I", value))
        yield f"an area from row {value}", old_workbook(_with(AREA, 0, "<I", value))
    for value in (255, 256, 16_384, 65_535):
        yield f"a number in row {value}", old_workbook(_with(NUMBER, 0, "<H", value))
        yield f"a number in column {value}", old_workbook(_with(NUMBER, 2, "<H", value))
        yield f"a number in style {value}", old_workbook(_with(NUMBER, 4, "<H", value))
        yield f"a string of {value} letters", old_workbook(_with(SHARED, 8, "<H", value))
    for value in (0, 3, 5, 255):
        yield f"a sheet's name of {value} letters", old_workbook(_with(SHEET, 6, "<B", value))
    for value in (1, 4, 8, 0x0D, 0xFF):
        yield f"a string with flags {value}", old_workbook(_with(SHARED, 10, "<B", value))
    for number in (float("nan"), float("inf"), -1e308, 5e-324):
        yield f"the number {number}", old_workbook(_with(NUMBER, 6, "<d", number))
    for kind in (BOF, SHEET, SHARED, AREA, TEXT, NUMBER, EOF):
        whole = records()
        yield f"without records {kind:x}", old_workbook([part for part in whole if part[0] != kind])
        short = [(key, data[: len(data) // 2] if key == kind else data) for key, data in whole]
        yield f"with records {kind:x} cut short", old_workbook(short)
        yield f"with records {kind:x} empty", old_workbook([(k, b"" if k == kind else data) for k, data in whole])
        often = [part for part in whole for _ in range(100 if part[0] == kind else 1)]
        yield f"with records {kind:x} a hundred times", old_workbook(often)
    extra: dict[str, tuple[int, bytes]] = {
        "a continuation of nothing": (0x3C, bytes(100)),
        "a password": (0x2F, bytes(54)),
        "a formula that is noise": (0x06, bytes(20) + struct.pack("<H", 60_000) + bytes(range(200))),
        "numbers in columns backwards": (0xBD, struct.pack("<HH", 3, 9) + bytes(12) + struct.pack("<H", 1)),
        "merged areas without end": (0xE5, struct.pack("<H", 65_535) + bytes(8)),
        "a text beside the strings": (0x204, struct.pack("<HHHH", 3, 0, 0, 60_000) + b"a"),
        "a date system of its own": (0x22, struct.pack("<H", 65_535)),
        "a code page of its own": (0x42, struct.pack("<H", 65_535)),
        "a format without end": (0x41E, struct.pack("<HHB", 200, 65_535, 1) + b"a"),
        "an error cell of no kind": (0x205, struct.pack("<HHHBB", 3, 0, 0, 255, 1)),
        "an unknown record": (0xFFFF, bytes(5_000)),
    }
    for name, record in extra.items():
        parts = records()
        yield name, old_workbook([*parts[:-1], record, parts[-1]])
        yield f"{name}, in the head", old_workbook([parts[0], parts[1], parts[2], parts[3], record, *parts[4:]])


def _set(data: bytes, offset: int, form: str, value: int) -> bytes:
    return data[:offset] + struct.pack(form, value) + data[offset + struct.calcsize(form) :]


def _with(kind: int, offset: int, form: str, value: float) -> list[Record]:
    """The records with one field of all of ``kind`` changed."""
    end = offset + struct.calcsize(form)
    packed = struct.pack(form, value)
    return [(key, data[:offset] + packed + data[end:] if key == kind else data) for key, data in records()]


def _offset(value: int) -> bytes:
    data = oldbook.stream(records())
    place = data.index(struct.pack("<HH", SHEET, 12)) + 4
    return _set(data, place, "<I", value)
