"""Bytes that are no text, or text of another kind than they say."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from tests.core.qa.hostile.recipe import Hostile, of_bytes, of_parts

TABLE = "kode,nama,jumlah\n32.04.05,Cileunyi,12\n32.04.16,Arjasari,7\n"
ACCENTED = TABLE.replace("Cileunyi", "Cilé – “unyi”")


def recipes() -> Iterator[Hostile]:
    middle = TABLE.encode()[:20], TABLE.encode()[20:]
    broken: dict[str, bytes] = {
        "a lone continuation byte": b"\x80",
        "an overlong slash": b"\xc0\xaf",
        "an overlong zero": b"\xe0\x80\x80",
        "a surrogate": b"\xed\xa0\x80",
        "beyond the last character": b"\xf4\x90\x80\x80",
        "five bytes": b"\xf8\x88\x80\x80\x80",
        "a character cut off": b"\xe2\x82",
        "fe and ff": b"\xfe\xff",
        "a zero byte": b"\x00",
        "a thousand zero bytes": b"\x00" * 1_000,
        "an escape of a terminal": b"\x1b]0;judul\x07\x1b[2J\x1b[31m",
    }
    for name, data in broken.items():
        yield of_bytes(f"encoding: {name} inside", middle[0] + data + middle[1])
        yield of_bytes(f"encoding: {name} at the end", TABLE.encode() + data)
        yield of_bytes(f"encoding: {name} at the start", data + TABLE.encode())
    for name in ("utf-7", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp500", "gb18030", "shift_jis", "cp437"):
        data = ACCENTED.encode(name, "replace")
        yield of_bytes(f"encoding: {name}", data)
        yield of_bytes(f"encoding: {name} cut in a character", data[:-1])
    marks = {
        "UTF-8": codecs.BOM_UTF8,
        "UTF-16 LE": codecs.BOM_UTF16_LE,
        "UTF-16 BE": codecs.BOM_UTF16_BE,
        "UTF-32 LE": codecs.BOM_UTF32_LE,
        "UTF-32 BE": codecs.BOM_UTF32_BE,
    }
    for name, mark in marks.items():
        yield of_bytes(f"encoding: nothing but the mark of {name}", mark)
        yield of_bytes(f"encoding: the mark of {name} before plain text", mark + TABLE.encode())
        yield of_bytes(f"encoding: the mark of {name} twice", mark + mark + TABLE.encode())
        yield of_bytes(f"encoding: the mark of {name} before noise", mark + bytes(range(256)) * 40)
    yield of_bytes("encoding: half a pair in UTF-16", codecs.BOM_UTF16_LE + "a,b\n1,".encode("utf-16-le") + b"\x00\xd8")
    yield of_bytes("encoding: a number too large in UTF-32", codecs.BOM_UTF32_LE + b"a\0\0\0,\0\0\0\xff\xff\xff\x7f")
    yield of_bytes("encoding: UTF-8 and Windows in one file", ACCENTED.encode() + ACCENTED.encode("cp1252"))
    late = lambda: [ACCENTED.encode() * 70_000, b"\xe9\n"]  # noqa: E731
    yield of_parts("encoding: Windows after 5 MB of UTF-8", late, "broken_encoding")
