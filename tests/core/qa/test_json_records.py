"""Tables in JSON: every value as it is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ckanext.satudata.core.qa.table import Limits, Source, Unreadable, read


def source_of(tmp_path: Path, content: str | bytes) -> Source:
    path = tmp_path / "data.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path)


def test_records_keep_their_figures_as_written(tmp_path: Path) -> None:
    source = source_of(
        tmp_path, '[{"kode": "32.10", "luas": 32.10, "n": 1e3, "ada": true}, {"kode": "0012", "x": null}]'
    )
    table = source.tables[0]
    assert source.kind == "json"
    assert (table.header, table.header_rows) == (("kode", "luas", "n", "ada", "x"), (0, 0))
    assert table.rows.rows() == [(1, "32.10", "32.10", "1e3", "true", ""), (2, "0012", "", "", "", "")]


def test_lists_and_objects_in_a_record_stay_json(tmp_path: Path) -> None:
    table = source_of(tmp_path, '[{"a": 1, "b": {"c": [1.50, "é", null]}}]').tables[0]
    assert table.rows.rows() == [(1, "1", '{"c": [1.50, "é", null]}')]


def test_lines_are_the_rows_of_json_lines(tmp_path: Path) -> None:
    source = source_of(tmp_path, '{"a": 1}\n\n{"a": 2, "b": "x"}\n')
    assert source.kind == "jsonl"
    assert source.tables[0].rows.rows() == [(1, "1", ""), (3, "2", "x")]


@pytest.mark.parametrize(
    "document",
    [
        '{"help": "x", "result": {"records": [{"a": 1, "b": 2}]}}',
        '{"fields": [{"id": "a", "type": "int"}, {"id": "b"}], "records": [[1, 2]]}',
        '{"columns": ["a", "b"], "index": [0], "data": [[1, 2]]}',
        '[["a", "b"], [1, 2]]',
        "\ufeff" + '[{"a": 1, "b": 2}]',
    ],
)
def test_shapes_that_portals_and_libraries_write(document: str, tmp_path: Path) -> None:
    table = source_of(tmp_path, document).tables[0]
    assert table.header == ("a", "b")
    assert [row[1:] for row in table.rows.rows()] == [("1", "2")]


def test_several_lists_of_records_are_several_tables(tmp_path: Path) -> None:
    source = source_of(tmp_path, '{"tahun": 2023, "desa": [{"a": 1}], "isi": {"kota": [{"b": 2}, {"b": 3}]}}')
    assert [(table.name, table.height) for table in source.tables] == [("desa", 1), ("isi.kota", 2)]


def test_geojson_is_the_table_of_its_properties(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [107.1, -6.9]}
    features = [
        {"type": "Feature", "id": 7, "properties": {"nama": "Ciparay"}, "geometry": point},
        {"type": "Feature", "properties": {"nama": "Pacet", "luas": 5}, "geometry": None},
    ]
    source = source_of(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}))
    assert (source.kind, source.facts["geometries"]) == ("geojson", {"Point": 1, "-": 1})
    assert source.tables[0].header == ("id", "nama", "luas")
    assert source.tables[0].rows.rows() == [(1, "7", "Ciparay", ""), (2, "", "Pacet", "5")]


def test_the_place_of_a_fault_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        source_of(tmp_path, '[{"a": 1},\n {"a" 2}]')
    assert refused.value.code == "broken_json"
    assert refused.value.parameters["line"] == 2


def test_a_text_in_brackets_is_no_json(tmp_path: Path) -> None:
    assert source_of(tmp_path, "[Kecamatan];jumlah\nCiparay;12\n").kind == "csv"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(json_bytes=10), "json_too_big"),
        (Limits(cells=5), "too_many_cells"),
        (Limits(columns=1), "too_many_columns"),
    ],
)
def test_limits_of_json(limits: Limits, code: str, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps([{"a": n, "b": n} for n in range(10)]))
    with pytest.raises(Unreadable) as refused:
        read(path, limits=limits)
    assert refused.value.code == code


def test_half_a_pair_of_surrogates_is_a_question_mark(tmp_path: Path) -> None:
    path = tmp_path / "tabel.json"
    path.write_bytes(b'[{"kode": "\\ud800", "na\\udfffma": "x"}, {"kode": "2", "na\\udfffma": "y"}]')
    table = read(path).main()
    assert table.header == ("kode", "na?ma")
    assert table.rows.rows()[0][1:] == ("?", "x")
