"""From bytes to UTF-8: proving instead of guessing, over the whole file."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ckanext.satudata.core.qa.table.unreadable import Unreadable

_CHUNK = 4 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """``name`` as Python knows it, ``label`` for people, bytes of a byte order mark to skip."""

    name: str
    label: str
    bom: int


_UTF8 = Encoding("utf-8", "UTF-8", 0)
_CP1252 = Encoding("cp1252", "Windows-1252", 0)


def encoding_of(path: Path) -> Encoding:
    """Byte order mark, else proof of UTF-8, else Windows-1252; raises :class:`Unreadable` when nothing fits."""
    with path.open("rb") as file:
        start = file.read(4096)
    marked = _by_mark(start)
    if marked is not None:
        _prove(path, marked)
        return marked
    if b"\x00" in start:
        wide = _wide_without_mark(start)
        if wide is None:
            raise Unreadable("binary")
        _prove(path, wide)
        return wide
    broken_at, multibyte, broken = _utf8_faults(path)
    if broken == 0:
        return _UTF8
    # Some broken bytes in a text that is plainly UTF-8 are damage; taking it for Windows-1252 would spoil every accent.
    if multibyte > broken:
        raise Unreadable("broken_encoding", line=broken_at)
    _prove(path, _CP1252)
    return _CP1252


def _by_mark(start: bytes) -> Encoding | None:
    if start.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", "UTF-8", 3)
    if start.startswith(codecs.BOM_UTF32_LE) and len(start) % 4 == 0:
        return Encoding("utf-32-le", "UTF-32", 4)
    if start.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16-le", "UTF-16", 2)
    if start.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16-be", "UTF-16", 2)
    return None


def _wide_without_mark(start: bytes) -> Encoding | None:
    """UTF-16 without a mark: Latin text has its zero bytes all in odd or all in even places."""
    even, odd = start[0::2], start[1::2]
    if odd.count(0) > 0.7 * len(odd) and even.count(0) == 0:
        return Encoding("utf-16-le", "UTF-16", 0)
    if even.count(0) > 0.7 * len(even) and odd.count(0) == 0:
        return Encoding("utf-16-be", "UTF-16", 0)
    return None


def _chunks(path: Path, skip: int = 0) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(skip)
        while chunk := file.read(_CHUNK):
            yield chunk


def _prove(path: Path, encoding: Encoding) -> None:
    decoder = codecs.getincrementaldecoder(encoding.name)()
    line = 1
    try:
        for chunk in _chunks(path, encoding.bom):
            line += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode(encoding.name, "ignore")
        raise Unreadable("broken_encoding", line=line + good.count("\n")) from error


def _utf8_faults(path: Path) -> tuple[int, int, int]:
    """Line of the first fault, well-formed multi-byte characters and faults; the counts stop being exact at a fault."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    decoded = pending = 0
    try:
        for chunk in _chunks(path):
            if pending or not chunk.isascii():
                decoder.decode(chunk)
                pending = len(decoder.getstate()[0])
            decoded += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line = _lines_before(path, decoded - pending + error.start) + 1
        # Once it is known not to be clean, how it mostly is decides; a window around the fault is enough for that.
        multibyte = faults = 0
        for chunk in _chunks(path):
            text = chunk.decode("utf-8", "replace")
            faults += text.count("\ufffd")
            multibyte += sum(1 for character in text if character > "\x7f" and character != "\ufffd")
            if faults + multibyte > 1000:
                break
        return line, multibyte, max(faults, 1)
    return 0, 0, 0


def _lines_before(path: Path, end: int) -> int:
    lines = 0
    for chunk in _chunks(path):
        lines += chunk[: max(end, 0)].count(b"\n")
        end -= len(chunk)
    return lines


def open_utf8(path: Path, encoding: Encoding) -> BinaryIO:
    """A stream of UTF-8 bytes without byte order mark; other encodings go through a temporary file."""
    if encoding.name == "utf-8":
        file = path.open("rb")
        file.seek(encoding.bom)
        return cast("BinaryIO", file)
    copy = tempfile.SpooledTemporaryFile(max_size=32 << 20)  # noqa: SIM115 - handed to the caller, who closes it
    decoder = codecs.getincrementaldecoder(encoding.name)()
    for chunk in _chunks(path, encoding.bom):
        copy.write(decoder.decode(chunk).encode("utf-8"))
    copy.seek(0)
    return cast("BinaryIO", copy)
