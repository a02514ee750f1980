"""Text files: quotes, control characters, sizes, lines that lead astray."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.core.qa.hostile.recipe import Bait, Hostile, of_bytes, of_parts

HEAD = "kode,nama,jumlah\n"
ROWS = "32.04.05,Cileunyi,12\n32.04.16,Arjasari,7\n"
# Right to left, invisible, joining, deprecated, private, not characters at all.
ODD_CHARACTERS = (
    *(0x85, 0xA0, 0xAD, 0x300, 0x61C, 0x180E, 0x200B, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202D, 0x202E),
    *(0x2066, 0x2068, 0x2069, 0x3000, 0xE000, 0xFDD0, 0xFEFF, 0xFFF9, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F4A9, 0xE0001),
    0x10FFFF,
)


def recipes() -> Iterator[Hostile]:
    yield from _quotes()
    yield from _characters()
    yield from _lines()
    yield from _values()
    yield from _names()
    yield from _large()


def _quotes() -> Iterator[Hostile]:
    contents = {
        "opened in the header": '"kode,nama,jumlah\n' + ROWS * 50,
        "opened in the first row": HEAD + '"32.04.05,Cileunyi,12\n' + ROWS * 50,
        "opened in the last cell": HEAD + ROWS * 50 + '32.04.05,Cileunyi,"12',
        "opened behind 200 kB": HEAD + ROWS * 5_000 + '"' + ROWS * 5_000,
        "nothing else": '"' * 1_001,
        "a hundred thousand": HEAD + '"' * 100_000 + ",a,1\n",
        "in the middle of cells": HEAD + 'a"b"c,d"",""e\n' * 30,
        "closed and going on": HEAD + '"a"b,"c" d,"1"2\n' * 30,
        "opened at the end of each line": HEAD + 'a,b,"\n' * 30,
        "around line ends": HEAD + 'a,"\n\n\n\r\r\n",1\n' * 30,
        "single ones": HEAD + "'a,'b',''\n" * 30,
        "typographic ones": HEAD + "“a,b”,‘1’\n" * 30,
    }
    for name, content in contents.items():
        yield of_bytes(f"quotes: {name}", content)


def _characters() -> Iterator[Hostile]:
    for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F):
        yield of_bytes(f"control character {code:02x} in a cell", HEAD + f"11,a{chr(code)}b,1\n" + ROWS)
        yield of_bytes(f"control character {code:02x} in the header", f"kode,na{chr(code)}ma,jumlah\n" + ROWS)
    for code in ODD_CHARACTERS:
        text = chr(code)
        yield of_bytes(f"character {code:04x}", f"kode,{text}nama{text},jumlah\n11,{text}Aceh{text},{text}1\n" + ROWS)
    yield of_bytes("a thousand accents on one letter", HEAD + "11,a" + "\u0301" * 1_000 + ",1\n")
    yield of_bytes("right to left marks never closed", HEAD + "11," + "\u202e" * 5_000 + "Aceh,1\n")


def _lines() -> Iterator[Hostile]:
    contents: dict[str, str] = {
        "sep without a character": "sep=\n" + HEAD + ROWS,
        "sep with two characters": "sep=,,\n" + HEAD + ROWS,
        "sep with a quote": 'sep="\n' + HEAD + ROWS,
        "sep with a letter": "sep=a\n" + HEAD + ROWS,
        "sep with a zero byte": "sep=\x00\n" + HEAD + ROWS,
        "sep with a line end": "sep=\r\n" + HEAD + ROWS,
        "sep twice": "sep=;\nsep=,\n" + HEAD + ROWS,
        "sep and nothing": "sep=;",
        "all three line ends": "a,b\n1,2\r\n3,4\r5,6\n\r7,8\r\r\n9,10",
        "only returns": "\r" * 10_000,
        "a line end in each cell": '"a\n","b\n"\n' * 500,
        "one column without a delimiter": "a\n" * 3_000,
        "as many delimiters as cells": "a,b;c\td|e\n" * 300,
        "every line of another length": "".join("1," * (number % 90) + "\n" for number in range(400)),
        "a header and a wide line": HEAD + "," * 5_000 + "\n" + ROWS,
        "a header longer than the rows": "a," * 1_500 + "\n" + ROWS,
        "the same header 2,000 times": "a," * 1_999 + "a\n" + "1," * 1_999 + "1\n",
        "header of braces": "{kode},{0.__class__},{column!r:>99}\n" + ROWS,
        "header of percent signs": "%s,%n,%(name)s\n" + ROWS,
        "title lines without a table": "LAPORAN\n" * 400,
        "nothing but totals": "JUMLAH,1\n" * 60,
        "nothing but notes": "Sumber: x\n" * 60,
    }
    for name, content in contents.items():
        yield of_bytes(f"lines: {name}", content)


def _values() -> Iterator[Hostile]:
    values: dict[str, str] = {
        "a number of 20,000 digits": "9" * 20_000,
        "a number with 5,000 thousands dots": "1" + ".000" * 5_000,
        "dots and commas by turns": "1,1." * 3_000,
        "beyond 64 bits": "99999999999999999999999",
        "beyond doubles": "1e999",
        "below doubles": "-1e-999",
        "minus zero": "-0.0",
        "infinity": "inf",
        "not a number": "NaN",
        "hexadecimal": "0xFFFFFFFFFFFF",
        "arabic digits": "١٢٣٤",
        "full-width digits": "１２３４",
        "30 February": "30/02/2023",
        "the year 0": "0000-00-00",
        "the year 99999": "99999-12-31",
        "a date of 10,000 dashes": "2023" + "-01" * 10_000,
        "a code without end": "32." * 10_000,
        "signs without end": "+-" * 5_000,
        "blanks without end": " " * 50_000 + "1",
        "no-break spaces without end": "\u00a0" * 20_000 + "x",
        "markup": "<script>fetch('<<url>>')</script><img src=x onerror=alert(1)>",
        "a template": "{{ 7*7 }}${7*7}#{7*7}<%= 7*7 %>{% include '<<file>>' %}",
        "a path": "../../../../../../<<file>>",
        "an address": "<<url>>/bocor?x=1",
        "braces of a format": "{0.__class__.__mro__}{column}{count:>999999999}",
    }
    for name, value in values.items():
        yield of_bytes(f"value: {name}", HEAD + "".join(f"{code},{value},{value}\n" for code in range(11, 21)))


def _names() -> Iterator[Hostile]:
    names = {
        "a path up": "../../../../etc/passwd",
        "a path from the root": "/etc/passwd",
        "a path of Windows": "C:\\Windows\\win.ini",
        "a zero byte": "tabel\x00.csv",
        "line ends": "tabel\r\nX-Injected: 1\r\n.csv",
        "markup": "<img src=x onerror=alert(1)>.csv",
        "braces": "{0.__class__}{size_mb:>99999999}.csv",
        "right to left": "tabel\u202evsc.exe",
        "five thousand letters": "a" * 5_000 + ".csv",
        "nothing but blanks": "   ",
        "half a character": "tabel\udcff.csv",
        "a device": "/dev/zero",
        "a formula": '=HYPERLINK("<<url>>")',
    }
    for name, value in names.items():
        yield of_bytes(f"name: {name}", HEAD + ROWS, name=value)
        yield of_bytes(f"name of a PDF: {name}", "%PDF-1.7", "pdf", name=value)


def _large() -> Iterator[Hostile]:
    mega = b"x" * (1 << 20)
    head, rows = HEAD.encode(), ROWS.encode()
    parts: dict[str, tuple[Callable[[], Iterable[bytes]], str]] = {
        "a million columns": (lambda: [b"a," * 1_000_000, b"\n", b"1," * 1_000_000], "too_many_columns"),
        "a million columns in the second row": (lambda: [b"a,b\n", b"1," * 1_000_000, b"\n1,2\n"], ""),
        "ten million delimiters": (lambda: [b";" * 10_000_000], "no_rows"),
        "a million empty lines": (lambda: [head, b"\n" * 1_000_000, rows], ""),
        "a million lines of one letter": (lambda: [b"a\n" * 1_000_000], ""),
        "a million distinct rows": (lambda: (b"%d,%d\n" % (n, n * 7) for n in range(1_000_000)), ""),
        "a cell of 200 MB": (lambda: [head, b"11,", *[mega] * 200, b",1\n"], "line_too_long"),
        # 150 MB in one record: too long, or too much for the memory there is.
        "a quoted cell of 150 MB": (lambda: [head, b'11,"', *[b"x\n" * (1 << 19)] * 150, b'",1\n'], ""),
        "a line of 100 MB": (lambda: [mega] * 100, "line_too_long"),
        "100 MB of zero bytes": (lambda: [bytes(1 << 20)] * 100, "binary"),
        "100 MB of noise": (lambda: [bytes(range(1, 256)) * 4096] * 100, ""),
        "a header cell of 30 MB": (lambda: [b"a,", *[mega] * 30, b"\n1,2\n"], ""),
    }
    for name, (content, answer) in parts.items():
        yield of_parts(f"large: {name}", content, *([answer] if answer else []))
    yield Hostile("large: a sparse file of 3 GB", _sparse, answers=frozenset({"too_big"}), heavy=True)


def _sparse(path: Path, _bait: Bait) -> None:
    with path.open("wb") as file:
        file.write(HEAD.encode())
        file.truncate(3 << 30)
