"""What withdrawals contribute to the other slices."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.interfaces import Effect
from ckanext.satudata.publication.withdrawals import out, removals


def effects() -> dict[str, list[Effect]]:
    """What taking from the public does to the dataset; publishing it again ends its tombstone."""
    return {out.UNPUBLISH: [out.unpublish], out.TAKEDOWN: [out.takedown], "publish": [out.published]}


def after_commit() -> list[Effect]:
    """What was asked to be erased goes at once."""
    return [out.after_commit]


def ticks() -> dict[str, Callable[[], object]]:
    """What a dead process has left is erased."""
    return {"publication_removals": removals.left_over}
