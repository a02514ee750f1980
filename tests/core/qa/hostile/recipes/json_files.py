"""JSON that a parser would choke on."""

from __future__ import annotations

from collections.abc import Iterator

from tests.core.qa.hostile.recipe import Hostile, of_bytes, of_parts

CONTENTS: dict[str, bytes] = {
    "100,000 arrays in each other": b"[" * 100_000 + b"]" * 100_000,
    "100,000 arrays never closed": b"[" * 100_000,
    "100,000 objects in each other": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 objects in a record": b'[{"kode": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}]",
    "cut off": b'[{"kode": "11", "nama": "Ac',
    "a comma too many": b'[{"kode": "11"},]',
    "the same key twice": b'[{"kode": "11", "kode": "12"}]',
    "20,000 keys": b"[{" + b",".join(b'"k%d": 1' % number for number in range(20_000)) + b"}]",
    "records of other keys each": b"[" + b",".join(b'{"k%d": 1}' % number for number in range(5_000)) + b"]",
    "half a pair": b'[{"kode": "\\ud800", "nama": "\\udfff\\ud800"}]',
    "a zero byte": b'[{"kode": "a\\u0000b"}]',
    "not a number": b'[{"kode": NaN, "a": Infinity, "b": -Infinity}]',
    "a number of 20,000 digits": b'[{"kode": ' + b"9" * 20_000 + b"}]",
    "a number of 20,000 digits behind the point": b'[{"kode": 0.' + b"9" * 20_000 + b"}]",
    "an exponent without end": b'[{"kode": 1e99999999}]',
    "a formula": b'[{"kode": "=1+1", "=cmd|x": "@SUM(1)"}, {"kode": "+1+1"}]',
    "nothing": b"[]",
    "null": b"null",
    "arrays of arrays": b"[[1,2],[3,[4,[5]]]]",
    "text instead of records": b'["a", "b"]',
    "a record and a number": b'[{"kode": 1}, 2, null, [3]]',
    "empty keys": b'[{"": 1, " ": 2}]',
    "a key of 100,000 letters": b'[{"' + b"k" * 100_000 + b'": 1}]',
    "GeoJSON without features": b'{"type": "FeatureCollection"}',
    "GeoJSON with null": b'{"type":"FeatureCollection","features":[null,{"type":"Feature","properties":null}]}',
    "GeoJSON with deep places": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},'
    b'"geometry":{"type":"Polygon","coordinates":' + b"[" * 50_000 + b"]" * 50_000 + b"}}]}",
    "GeoJSON whose features are text": b'{"type":"FeatureCollection","features":"' + b"x" * 1_000 + b'"}',
    "lines": b'{"kode": "11"}\n{"kode": "12"}\n{"kode": \n',
    "a hidden prototype": b'[{"__proto__": {"x": 1}, "constructor": 2, "__class__": 3}]',
    "invalid UTF-8": b'[{"kode": "\xff\xfe"}]',
    "a reference to a file": b'{"$ref": "file://<<file>>", "$schema": "<<url>>/schema.json"}',
    "a frictionless package": b'{"resources":[{"name":"a","path":"<<file>>"},{"name":"b","path":"<<url>>/x.csv"}]}',
}


def recipes() -> Iterator[Hostile]:
    for name, content in CONTENTS.items():
        yield of_bytes(f"json: {name}", content, name="tabel.json")
    yield of_parts("json: a million records", lambda: [b"[", b'{"a":1},' * 1_000_000, b'{"a":1}]'], name="tabel.json")
    text = lambda: [b'[{"a":"', *[b"x" * (1 << 20)] * 70, b'"}]']  # noqa: E731
    yield of_parts("json: a text of 70 MB", text, name="tabel.json")
