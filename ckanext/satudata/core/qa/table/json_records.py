"""Tables in JSON: records, records by line, GeoJSON properties, and the few shapes portals and libraries write.

Every value is kept as it is written (``32.10`` stays ``32.10``); a value that is itself a list or an object becomes its
JSON text. A record's number counts from 1 and stands for its row; in JSON lines it is the line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.table.area import Head
from ckanext.satudata.core.qa.table.build import build
from ckanext.satudata.core.qa.table.encoding import encoding_of, open_utf8
from ckanext.satudata.core.qa.table.model import MB, ROW, Limits, Outside, Table
from ckanext.satudata.core.qa.table.unreadable import Unreadable

# Objects within objects in which records are looked for: {"result": {"records": […]}}.
_DEPTH = 4
_GEOMETRY = "geometry"


class _Written(str):
    """A number as it is written in the file."""

    __slots__ = ()


class _Object(dict[str, Any]):
    """An object; ``repeated`` names keys it had twice, of which the last counts."""

    repeated: tuple[str, ...] = ()


def read_json(path: Path, limits: Limits) -> tuple[str, dict[str, Any], tuple[Table, ...]]:
    """Kind (``json``, ``jsonl``, ``geojson``), facts and tables; raises :class:`Unreadable`."""
    size = path.stat().st_size
    if size > limits.json_bytes:
        raise Unreadable("json_too_big", size_mb=-(-size // MB), limit_mb=limits.json_bytes // MB)
    encoding = encoding_of(path)
    with open_utf8(path, encoding) as stream:
        text = stream.read().decode("utf-8")
    try:
        kind, facts, tables = _read(text, limits)
    except json.JSONDecodeError as error:
        raise Unreadable("broken_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise Unreadable("json_nested") from error
    return kind, {"encoding": encoding.label, "bom": encoding.bom > 0, **facts}, tables


def _read(text: str, limits: Limits) -> tuple[str, dict[str, Any], tuple[Table, ...]]:
    lines = _lines(text)
    if lines is not None:
        table = _records("", lines, limits)
        return "jsonl", {}, (table,) if table is not None else ()
    document = _decode(text)
    features = _features(document)
    if features is not None:
        table = _records("", enumerate(map(_properties, features), start=1), limits)
        return "geojson", {"geometries": _geometries(features)}, (table,) if table is not None else ()
    tables = [table for name, rows in _arrays(document) if (table := _array(name, rows, limits)) is not None]
    if not tables and not _is_empty(document):
        raise Unreadable("json")
    return "json", {}, tuple(tables)


def _is_empty(document: Any) -> bool:
    """``[]`` or ``{}``: a table without rows."""
    return isinstance(document, list | dict) and not document


def _decode(text: str) -> Any:
    return json.loads(
        text, parse_float=_Written, parse_int=_Written, parse_constant=_Written, object_pairs_hook=_object
    )


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        times = Counter(name for name, _ in pairs)
        made.repeated = tuple(sorted(name for name, count in times.items() if count > 1))[:20]
    return made


def _lines(text: str) -> list[tuple[int, _Object]] | None:
    """Objects line by line, if the first line is a whole object and another line follows; else ``None``."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    if end < 0 or text[start] != "{" or not text[end:].strip():
        return None
    try:
        first = _decode(text[start:end])
    except json.JSONDecodeError:
        return None
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    found: list[tuple[int, _Object]] = [(numbered[0][0], first)]
    for number, line in numbered[1:]:
        try:
            record = _decode(line)
        except json.JSONDecodeError as error:
            raise Unreadable("broken_json", line=number, column=error.colno) from error
        if not isinstance(record, _Object):
            raise Unreadable("broken_json", line=number, column=1)
        found.append((number, record))
    return found


def _features(document: Any) -> list[_Object] | None:
    """The features of GeoJSON; ``None`` if the document is something else."""
    if not isinstance(document, _Object):
        return None
    if document.get("type") == "Feature" and isinstance(document.get("properties"), _Object):
        return [document]
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        return None
    # What is no feature stays as a row without values, so that the numbers of the others hold.
    return [feature if isinstance(feature, _Object) else _Object() for feature in cast("list[Any]", features)]


def _properties(feature: _Object) -> _Object:
    properties = feature.get("properties")
    made = properties if isinstance(properties, _Object) else _Object()
    if "id" in feature and "id" not in made:
        made = _Object({"id": feature["id"], **made})
    return made


def _geometries(features: Sequence[_Object]) -> dict[str, int]:
    """How many features have a geometry of each kind; ``-`` is none."""
    counts: dict[str, int] = {}
    for feature in features:
        geometry = feature.get(_GEOMETRY)
        kind = str(geometry.get("type")) if isinstance(geometry, _Object) else "-"
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _arrays(document: Any, name: str = "", depth: int = _DEPTH) -> Iterator[tuple[str, list[Any]]]:
    """Arrays that may be tables, with the path of keys that leads to them."""
    if isinstance(document, list):
        yield name, cast("list[Any]", document)
        return
    if not isinstance(document, _Object) or depth == 0:
        return
    named = _named_columns(document)
    if named is not None:
        yield name, named
        return
    for key, value in document.items():
        yield from _arrays(value, f"{name}.{key}" if name else key, depth - 1)


def _named_columns(document: _Object) -> list[Any] | None:
    """``{"columns": […], "data": [[…]]}`` and ``{"fields": [{"id": …}], "records": [[…]]}`` as rows with a header."""
    for names_key, rows_key in (("columns", "data"), ("fields", "records")):
        names, rows = document.get(names_key), document.get(rows_key)
        if not isinstance(names, list) or not isinstance(rows, list) or not rows:
            continue
        header = [
            str(name.get("id") or name.get("name") or "") if isinstance(name, _Object) else str(name)
            for name in cast("list[Any]", names)
        ]
        if all(isinstance(row, list) for row in cast("list[Any]", rows)):
            return [header, *cast("list[Any]", rows)]
    return None


def _array(name: str, rows: list[Any], limits: Limits) -> Table | None:
    if rows and all(isinstance(row, _Object) for row in rows):
        return _records(name, enumerate(cast("list[_Object]", rows), start=1), limits)
    if len(rows) > 1 and all(isinstance(row, list) for row in rows):
        return _rows(name, cast("list[list[Any]]", rows), limits)
    return None


@dataclass
class _Columns:
    """Columns that grow record by record."""

    limits: Limits
    numbers: list[int] = field(default_factory=list[int])
    cells: dict[str, list[str]] = field(default_factory=dict[str, "list[str]"])
    repeated: list[Outside] = field(default_factory=list[Outside])

    def add(self, number: int, record: Mapping[str, Any]) -> None:
        height = len(self.numbers)
        for key in record:
            if key not in self.cells:
                self.cells[key] = [""] * height
                if len(self.cells) > self.limits.columns:
                    raise Unreadable("too_many_columns", columns=len(self.cells), limit=self.limits.columns)
        for key, column in self.cells.items():
            column.append(_text(record[key]) if key in record else "")
        self.numbers.append(number)
        if isinstance(record, _Object) and record.repeated:
            self.repeated.append(Outside("repeated_key", number, number, ", ".join(record.repeated)))
        if (height + 1) * len(self.cells) > self.limits.cells:
            raise Unreadable(
                "too_many_cells",
                sheet="JSON",
                rows=height + 1,
                columns=len(self.cells),
                limit_cells=self.limits.cells,
            )


def _records(name: str, records: Iterable[tuple[int, _Object]], limits: Limits) -> Table | None:
    columns = _Columns(limits)
    for number, record in records:
        columns.add(number, record)
    return _build(name, columns, limits, (0, 0))


def _rows(name: str, rows: list[list[Any]], limits: Limits) -> Table | None:
    """A list of lists, the first of which names the columns."""
    header = [_text(cell) for cell in rows[0]]
    if not header or not all(isinstance(cell, str) and not isinstance(cell, _Written) for cell in rows[0]):
        return None
    width = max(len(row) for row in rows)
    keys = [*header, *[""] * (width - len(header))]
    columns = _Columns(limits, cells={str(index): [] for index in range(width)})
    for number, row in enumerate(rows[1:], start=2):
        columns.add(number, {str(index): cell for index, cell in enumerate(row)})
    return _build(name, columns, limits, (1, 1), keys)


def _whole(text: str) -> str:
    """Half a pair of surrogates, which JSON may spell and no text may hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _series(id_: str, cells: Sequence[str]) -> pl.Series:
    try:
        return pl.Series(id_, cells, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series(id_, [_whole(cell) for cell in cells], dtype=pl.String)


def _build(
    name: str, columns: _Columns, limits: Limits, header_rows: tuple[int, int], names: Sequence[str] | None = None
) -> Table | None:
    keys = [_whole(key) for key in (names if names is not None else columns.cells)]
    if not keys or not columns.numbers:
        return None
    ids = [f"c{number}" for number in range(1, len(keys) + 1)]
    frame = pl.DataFrame(
        [
            pl.Series(ROW, columns.numbers, dtype=pl.Int64),
            *[_series(id_, column) for id_, column in zip(ids, columns.cells.values(), strict=True)],
        ]
    )
    head = Head(0, len(keys), header_rows, tuple((key,) for key in keys), 0, tuple(columns.repeated))
    # Records have no line of totals by position, but people export tables that had one.
    return build(frame, head, (), limits, name=name)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _nested(value)


def _nested(value: Any) -> str:
    """JSON text of a list or an object, its numbers as they are written."""
    if isinstance(value, _Written):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_nested, cast("list[Any]", value))) + "]"
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_nested(part)}" for key, part in pairs) + "}"
    return json.dumps(value, ensure_ascii=False)
