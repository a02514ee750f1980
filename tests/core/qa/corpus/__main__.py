"""``./dev/run python -m tests.core.qa.corpus [--accept]``: write the pages about accuracy and raise the floors.

Where something got worse than the floors say, it is told and nothing is written; ``--accept`` writes all the same, for
a table that was added or a truth that was wrong.
"""

from __future__ import annotations

import sys

from tests.core.qa.corpus import floors
from tests.core.qa.corpus.accuracy import accuracy
from tests.core.qa.corpus.pages import PAGES, page


def main(arguments: list[str]) -> int:
    """Count, tell, write; 1 when something got worse and nobody accepted it."""
    counted = accuracy()
    for name, defect in counted.missed:
        print(f"missed  {name}: {defect}")
    for name, finding in counted.false_alarms:
        print(f"false   {name}: {finding.check}/{finding.variant} {finding.column or ''} {list(finding.rows[:5])}")
    found, right = counted.all_found, counted.all_right
    print(f"found {found.part} of {found.whole}, right {right.part} of {right.whole}")
    known = floors.load()
    losses = list(known.losses(counted))
    if losses and "--accept" not in arguments:
        print("worse than before, nothing was written:", *losses, sep="\n  ")
        return 1
    floors.save((floors.Floors() if losses else known).raised(counted))
    for language, path in PAGES.items():
        path.write_text(page(counted, language), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
