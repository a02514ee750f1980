"""The named moments of a swap. Nothing happens here; the tests end the process at each of them."""

from __future__ import annotations

MOMENTS = ("begun", "content", "tables", "journal", "committed", "rows", "done", "indexed")


def reached(moment: str) -> None:
    """Say that the swap has come to ``moment``, one of ``MOMENTS``."""
    assert moment in MOMENTS
