"""Files that are not what their name says."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Iterator

from tests.core.qa.hostile.recipe import Hostile, of_bytes, of_parts

TABLE = b"kode,nama,jumlah\n32.04.05,Cileunyi,12\n32.04.16,Arjasari,7\n"
STARTS: dict[str, bytes] = {
    "PDF": b"%PDF-1.7\n",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff\xe0",
    "GIF": b"GIF89a",
    "BMP": b"BM\x36\x00\x0c\x00\x00\x00\x00\x00",
    "TIFF": b"II*\x00",
    "WEBP": b"RIFF\x00\x00\x00\x00WEBP",
    "RAR": b"Rar!\x1a\x07\x01\x00",
    "7Z": b"7z\xbc\xaf\x27\x1c",
    "ZSTD": b"\x28\xb5\x2f\xfd",
    "LZ4": b"\x04\x22\x4d\x18",
    "ELF": b"\x7fELF\x02\x01\x01",
    "program of Windows": b"MZ\x90\x00\x03",
    "class of Java": b"\xca\xfe\xba\xbe",
    "SQLite": b"SQLite format 3\x00",
    "Parquet": b"PAR1\x15\x04",
    "Arrow": b"ARROW1\x00\x00",
    "pickle": b"\x80\x04\x95",
    "pickle that runs": b"cos\nsystem\n(S'touch <<file>>'\ntR.",
    "script": b"#!/bin/sh\ntouch <<file>>\n",
    "mail": b"From: a@example.id\nContent-Type: text/csv\n\n",
    "HTML": b"<!doctype html><html><body>",
    "HTML behind a comment": b"<!-- x --><html>",
    "HTML that loads": b"<html><iframe src='<<url>>'></iframe>",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='fetch(\"<<url>>\")'>",
    "XML": b"<?xml version='1.0'?><rows/>",
    "XML with an outer entity": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file://<<file>>'>]><a>&b;</a>",
    "RTF": b"{\\rtf1\\object",
    "PostScript": b"%!PS-Adobe-3.0\n(<<file>>) (r) file\n",
    "OLE": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "empty ZIP": b"PK\x05\x06" + b"\x00" * 18,
    "ZIP of parts": b"PK\x07\x08PK\x03\x04",
    "wasm": b"\x00asm\x01\x00\x00\x00",
    "Lotus": b"\x00\x00\x1a\x00\x00\x10\x04\x00",
    "BIFF 5 without OLE": b"\x09\x08\x10\x00\x00\x05\x05\x00",
    "SYLK": b"ID;PWXL;N;E\nC;Y1;X1;K=cmd|' /C calc'!A0\nE\n",
    "DIF": b'TABLE\n0,1\n"EXCEL"\n',
    "web query": b"WEB\n1\n<<url>>\n",
    "shortcut": b"[InternetShortcut]\nURL=file://<<file>>\n",
    "YAML that runs": b"!!python/object/apply:os.system ['touch <<file>>']\n",
}


def recipes() -> Iterator[Hostile]:
    for name, start in STARTS.items():
        yield of_bytes(f"magic: {name}, and nothing more", start)
        yield of_bytes(f"magic: {name} before a table", start + TABLE)
    yield of_bytes("magic: a table in GZ", gzip.compress(TABLE))
    yield of_bytes("magic: a table in BZ2", bz2.compress(TABLE), "archive")
    yield of_bytes("magic: a table in XZ", lzma.compress(TABLE), "archive")
    yield of_bytes("magic: a table in TAR", _tar({"tabel.csv": TABLE}))
    yield of_bytes("magic: a path up in TAR", _tar({"../../../../tmp/x.csv": TABLE}))
    yield of_bytes("magic: GZ cut off", gzip.compress(TABLE * 50)[:-20])
    yield of_bytes("magic: GZ with a wrong checksum", gzip.compress(TABLE)[:-8] + b"\x00" * 8)
    yield of_bytes("magic: GZ with something behind", gzip.compress(TABLE) + b"noise" * 40)
    yield of_bytes("magic: GZ in GZ in GZ", gzip.compress(gzip.compress(gzip.compress(TABLE))))
    # Members one behind the other are one file, so the same compressed megabyte can be repeated.
    yield of_parts("magic: GZ of 300 MB of zeros", lambda: [gzip.compress(bytes(1 << 20))] * 300)
    rows = b"1,2,3,4,5,6,7,8\n" * 65_536
    yield of_parts("magic: GZ of 3 GB of rows", lambda: [gzip.compress(rows)] * 3_000)


def _tar(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
