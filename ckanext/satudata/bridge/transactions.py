"""What is written together is committed together, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckan import model


@contextmanager
def whole(*, commit: bool = True) -> Iterator[None]:
    """Commit at the end of the block; whatever ends it earlier undoes everything, and goes on.

    Without ``commit`` nothing is done: the transaction is the caller's.
    """
    finished = not commit
    try:
        yield
        if commit:
            model.Session.commit()
            finished = True
    finally:
        if not finished:
            model.Session.rollback()
