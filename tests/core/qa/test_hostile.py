"""A share of the hostile files on every run; ``tests/long/test_hostile_files.py`` lets all of them loose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.qa.hostile.mutations import mutants
from tests.core.qa.hostile.recipe import all_recipes
from tests.core.qa.hostile.trial import Nursery, Tally, Yard, is_formula, through_worker

RECIPES, MUTANTS = 20, 20


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    made = Yard(tmp_path / "halaman")
    yield made
    made.watch.close()


def test_no_hostile_file_breaks_a_rule(yard: Yard) -> None:
    nursery = Nursery(yard)
    tally = Tally(yard)
    light = [recipe for recipe in all_recipes() if not recipe.heavy]
    for number, recipe in enumerate(light[:: len(light) // RECIPES]):
        folder = yard.place(f"r{number}")
        recipe.write(folder / "berkas", yard.watch.bait)
        tally.add(recipe.id, nursery.judge(folder, recipe.name), recipe.answers)
    for number, mutant in enumerate(mutants(MUTANTS, seed=1)):
        folder = yard.place(f"m{number}")
        (folder / "berkas").write_bytes(mutant.content)
        tally.add(mutant.id, nursery.judge(folder, mutant.name))
    nursery.close()
    print(tally)
    assert not tally.broken, "\n".join(tally.broken)


def test_there_are_enough_hostile_files() -> None:
    assert len(all_recipes()) >= 300


def test_the_guard_sees_what_a_worker_must_not_do(yard: Yard) -> None:
    """A worker that reads the bait, calls the address, runs a program or writes elsewhere is caught at each."""
    import subprocess
    import sys

    elsewhere = yard.folder / "lain.txt"
    attempts = {
        "open": f"open({str(yard.watch.bait.file)!r})",
        "write": f"open({str(elsewhere)!r}, 'w')",
        "socket": "import socket; socket.create_connection(('127.0.0.1', 9))",
        "subprocess": "import subprocess; subprocess.run(['true'])",
        "os.remove": f"import os; os.remove({str(yard.folder / 'wilayah_kemendagri.json')!r})",
    }
    for name, code in attempts.items():
        done = subprocess.run([sys.executable, "-c", code], env=yard.environment(), capture_output=True, check=False)
        assert done.returncode != 0, name
        assert yard.disturbed(), name


def test_the_bait_is_noticed_below_python(yard: Yard) -> None:
    import subprocess
    import urllib.request

    subprocess.run(["cat", str(yard.watch.bait.file)], check=True, capture_output=True)
    with pytest.raises(OSError, match=r"."):
        urllib.request.urlopen(yard.watch.bait.url, timeout=5)
    said = " ".join(yard.disturbed())
    assert "rahasia.txt" in said
    assert "called" in said


def test_the_worker_of_the_portal_under_guard(yard: Yard) -> None:
    folder = yard.place("satu")
    (folder / "berkas").write_bytes(b"kode,nama\n11,Aceh\n")
    tally = Tally(yard)
    tally.add("a good table", through_worker(yard, folder, "tabel.csv"), frozenset({""}))
    assert not tally.broken


@pytest.mark.parametrize(
    "cell", ["=1", "\t=1", " +a", "@x", "-2+3", "x;=1", "x\n=1", "x\t@y", "＝1", "\ufeff=1", "x|\u00a0=1"]
)
def test_what_counts_as_a_formula(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize("cell", ["-5", "+62", "-1.5", "-12%", "'=1+1", "a=b", "x-y", "'", "", "1-2", "x;'=1"])
def test_what_does_not(cell: str) -> None:
    assert not is_formula(cell)
