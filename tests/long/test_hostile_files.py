"""Every hostile file through the worker as the portal starts it, and ten thousand spoiled ones.

``SATUDATA_MUTANTS`` and ``SATUDATA_MUTANT_SEED`` change how many and which; a line of each run's figures is printed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tests.core.qa.hostile.mutations import Mutant, mutants
from tests.core.qa.hostile.recipe import Hostile, all_recipes
from tests.core.qa.hostile.trial import Nursery, Tally, Yard, through_worker

T = TypeVar("T")
MUTANTS = int(os.environ.get("SATUDATA_MUTANTS", "10000"))
SEED = int(os.environ.get("SATUDATA_MUTANT_SEED", "2023"))
AT_ONCE = 2


def test_every_recipe(tmp_path: Path) -> None:
    def run(recipes: Sequence[Hostile], tally: Tally) -> None:
        for number, recipe in enumerate(recipes):
            folder = tally.yard.place(str(number))
            recipe.write(folder / "berkas", tally.yard.watch.bait)
            tally.add(recipe.id, through_worker(tally.yard, folder, recipe.name), recipe.answers)

    side_by_side(tmp_path, all_recipes(), run)


def test_ten_thousand_spoiled_files(tmp_path: Path) -> None:
    def run(spoiled: Sequence[Mutant], tally: Tally) -> None:
        nursery = Nursery(tally.yard)
        for number, mutant in enumerate(spoiled):
            folder = tally.yard.place(str(number))
            (folder / "berkas").write_bytes(mutant.content)
            tally.add(mutant.id, nursery.judge(folder, mutant.name))
        nursery.close()

    side_by_side(tmp_path, list(mutants(MUTANTS, SEED)), run)


def side_by_side(folder: Path, items: Sequence[T], run: Callable[[Sequence[T], Tally], None]) -> None:
    """Let ``run`` do its share of ``items`` in as many yards as there are to be at once, and tell what came of it."""
    tallies = [Tally(Yard(folder / str(number))) for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(run, items[number::AT_ONCE], tally) for number, tally in enumerate(tallies)]:
            done.result()
    for tally in tallies:
        print(tally)
        tally.yard.watch.close()
    broken = [rule for tally in tallies for rule in tally.broken]
    assert not broken, f"{len(broken)} rules broken\n" + "\n".join(broken[:200])
