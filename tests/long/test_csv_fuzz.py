"""Ten thousand more random files, read as ``csv.reader`` reads them, line numbers included."""

from __future__ import annotations

import pytest

from tests.core.qa.test_blocks import compare


@pytest.mark.parametrize("part", range(10))
def test_random_files_read_like_csv_reader(part: int) -> None:
    for seed in range(10_000 + part * 1_000, 11_000 + part * 1_000):
        compare(seed)
