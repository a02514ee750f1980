"""Two versions of a table compared, beside a plain join of polars: ``./dev/run python -m benchmarks.compare``.

Both are processes of their own, started in turn, imports and reading included. The join is the least anybody has to
do: read both files, join them by the key, count what only one side has and what differs. Ours does the rest too: exact
totals by year, codes, repeated keys, the rows of a page with their place in the file. What counts is the median of the
pairs; the most memory each process held is told beside it.

``same place``: a thousandth of the rows mended, some lost at the beginning, some more at the end. ``elsewhere``: all
rows stand in another order besides.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

KEY = ("kode_desa", "tahun", "satuan")
COLUMNS: tuple[dict[str, Any], ...] = (
    {"name": "kode_provinsi"},
    {"name": "nama_provinsi"},
    {"name": "kode_kabupaten_kota", "coded": True},
    {"name": "nama_kabupaten_kota"},
    {"name": "kode_desa"},
    {"name": "tahun", "type": "integer"},
    {"name": "jumlah", "type": "integer", "amount": True},
    {"name": "satuan", "coded": True},
    {"name": "persentase", "type": "number"},
    {"name": "tanggal", "type": "date"},
)

JOIN = """
import sys, polars as pl
key = ["kode_desa", "tahun", "satuan"]
old, new = (pl.scan_csv(path, infer_schema=False) for path in sys.argv[1:3])
rest = [name for name in old.collect_schema().names() if name not in key]
both = old.with_columns(was=pl.lit(True)).join(new.with_columns(now=pl.lit(True)), on=key, how="full", coalesce=True)
differs = pl.any_horizontal(pl.col(name) != pl.col(name + "_right") for name in rest)
print(both.select(
    removed=pl.col("now").is_null().sum(),
    added=pl.col("was").is_null().sum(),
    changed=(pl.col("was") & pl.col("now") & differs).sum(),
).collect(engine="streaming").row(0))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--pairs", type=int, default=5)
    asked = parser.parse_args()
    import polars

    print(f"polars {polars.__version__}, Python {sys.version.split()[0]}, {os.cpu_count()} processors\n")
    print(f"{'':<26} {'ours s':>7} {'MB':>6} {'join s':>7} {'MB':>6}   {'least':>6} {'median':>6} {'most':>6}  (ratio)")
    for rows in asked.rows:
        for shuffled in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                _compare(Path(folder), rows, shuffled=shuffled, pairs=asked.pairs)


def _compare(folder: Path, rows: int, *, shuffled: bool, pairs: int) -> None:
    truth = make(folder, rows, shuffled=shuffled)
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for number in range(pairs):
        for which in (0, 1) if number % 2 else (1, 0):
            (ours if which == 0 else theirs).append(_ours(folder, truth) if which == 0 else _join(folder, truth))
    ratios = sorted(mine[0] / other[0] for mine, other in zip(ours, theirs, strict=True))
    name = f"{rows:,} rows, {'elsewhere' if shuffled else 'same place'}"
    print(
        f"{name:<26} {_median(ours, 0):>7.2f} {_median(ours, 1):>6.0f} {_median(theirs, 0):>7.2f}"
        f" {_median(theirs, 1):>6.0f}   {ratios[0]:>6.2f} {statistics.median(ratios):>6.2f} {ratios[-1]:>6.2f}",
        flush=True,
    )


def _median(found: list[tuple[float, float]], place: int) -> float:
    return statistics.median(one[place] for one in found)


def make(folder: Path, rows: int, *, shuffled: bool, seed: int = 7) -> dict[str, int]:
    """Write both versions with the files that name their rows; return how many rows came, went and changed."""
    import polars as pl

    dice = random.Random(seed)
    villages = [f"32.{dice.randrange(100):02}.{dice.randrange(100):02}.{number:06}" for number in range(rows // 4 + 1)]
    years = (2021, 2022, 2023, 2024)
    table = pl.DataFrame({"kode_desa": [villages[number // 4] for number in range(rows)]}).with_columns(
        kode_provinsi=pl.lit("32"),
        nama_provinsi=pl.lit("JAWA BARAT"),
        kode_kabupaten_kota=pl.col("kode_desa").str.slice(0, 5),
        nama_kabupaten_kota=pl.lit("KABUPATEN ") + pl.col("kode_desa").str.slice(3, 2),
        tahun=pl.Series([str(years[number % 4]) for number in range(rows)]),
        jumlah=pl.Series([str(dice.randrange(10_000)) for _ in range(rows)]),
        satuan=pl.lit("RUMAH"),
        persentase=pl.Series([f"{dice.random() * 100:.2f}" for _ in range(rows)]),
        tanggal=pl.lit("2024-12-31"),
    )
    table = table.select(column["name"] for column in COLUMNS)
    lost, more = max(1, rows // 10_000), max(1, rows // 100)
    fresh = table.filter(pl.col("tahun") == "2024").head(more).with_columns(tahun=pl.lit("2025"))
    mended = pl.int_range(pl.len()) % 1000 == 0
    new = table.with_columns(jumlah=pl.when(mended).then(pl.col("jumlah") + "7").otherwise("jumlah")).slice(lost)
    changed = new.height - int((new["jumlah"] == table["jumlah"].slice(lost)).sum())
    new = pl.concat([new, fresh])
    if shuffled:
        new = new.sample(fraction=1, shuffle=True, seed=seed)
    for name, frame in (("old", table), ("new", new)):
        frame.write_csv(folder / f"{name}.csv")
        frame.with_row_index("row", 2).write_csv(folder / f"{name}-cells.csv", include_header=False)
    return {"added": more, "removed": lost, "changed": changed}


def _ours(folder: Path, truth: dict[str, int]) -> tuple[float, float]:
    columns = list(COLUMNS)
    sides = {
        name: {"rows": str(folder / f"{name}.csv"), "places": str(folder / f"{name}-cells.csv"), "columns": columns}
        for name in ("old", "new")
    }
    pages = [{"kind": kind, "offset": 0, "limit": 1000} for kind in ("changed", "added", "removed")]
    job = {"format": 1, **sides, "key": list(KEY), "period": "tahun", "pages": pages, "out": str(folder / "out.json")}
    found = _process([sys.executable, "-m", "ckanext.satudata.core.compare.worker"], json.dumps(job))
    (diff, *_) = json.loads((folder / "out.json").read_text("utf-8"))["diffs"]
    assert {name: diff[name] for name in truth} == truth, "a fast wrong answer does not count"
    return found[0], found[1]


def _join(folder: Path, truth: dict[str, int]) -> tuple[float, float]:
    found = _process([sys.executable, "-c", JOIN, str(folder / "old.csv"), str(folder / "new.csv")], "")
    assert found[2].strip() == str((truth["removed"], truth["added"], truth["changed"])), found[2]
    return found[0], found[1]


def _process(command: list[str], text: str) -> tuple[float, float, str]:
    """Seconds, most memory held in MB, and what was said."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(text)
    process.stdin.close()
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"status {process.returncode}"
    return time.perf_counter() - begin, used.ru_maxrss / 1024, said


if __name__ == "__main__":
    main()
