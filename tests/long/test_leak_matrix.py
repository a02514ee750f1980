"""All of the leak matrix: every recipe as every role in every situation.

It takes long; parts run at once with ``-k actions``, ``-k pages`` or ``-k refused``. The numbers are in the report
(property ``combinations``) and, with ``-s``, on the terminal.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.slices.leaks import matrix
from tests.slices.leaks.building import Office
from tests.slices.leaks.conftest import built, office
from tests.slices.leaks.test_matrix import fingerprint, tell

__all__ = ["built", "office"]

SHARES = 4


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("pages", [False, True], ids=["actions", "pages"])
def test_nobody_is_told_what_they_may_not_read(
    office: Office, record_property: Callable[[str, object], None], pages: bool, share: int
) -> None:
    began = time.monotonic()
    chosen = [one for one in matrix.recipes(writes=False) if one.is_page is pages][share::SHARES]
    tried = matrix.run(office, matrix.cells(chosen))
    tell(record_property, tried, began)
    assert not tried.leaks, tried.told()


def test_who_is_refused_changes_nothing_and_is_told_nothing(
    office: Office, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    before = fingerprint()
    count, bad = 0, []
    for asked in matrix.recipes(writes=True):
        tried = matrix.run(office, matrix.cells([asked]))
        count += tried.count
        bad += [str(leak) for leak in tried.leaks]
        after = fingerprint()
        bad += [f"{asked.label} changed {table}" for table in before if before[table] != after[table]]
        before = after
    tell(record_property, matrix.Tried(count, []), began)
    assert not bad, "\n".join(bad[:60])
