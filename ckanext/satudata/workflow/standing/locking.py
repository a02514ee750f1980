"""One transaction about one case: committed whole or undone whole; a lock that is not free is told, not waited for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import OperationalError

from ckanext.satudata.bridge import transactions
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text

log = logging.getLogger(__name__)

SECONDS = 10  # how long somebody waits for another person's transaction
BUSY = Text(
    "Belum disimpan: orang lain sedang memutuskan dataset ini. Muat ulang halaman.",
    "Not saved: somebody else is deciding on this dataset right now. Reload the page.",
)


@contextmanager
def written(reference: str, *, commit: bool, busy: Text = BUSY) -> Iterator[None]:
    """What is written inside is committed at the end (with ``commit``), or undone when something fails.

    ``ValidationError`` with the key ``conflict`` and the sentence ``busy`` when a lock is not to be had, or two
    transactions waited for each other. Without ``commit`` the caller's transaction goes on.
    """
    try:
        with transactions.whole(commit=commit):
            model.Session.execute(sa.text(f"set local lock_timeout = '{SECONDS}s'"))
            yield
    except OperationalError as error:
        model.Session.rollback()
        log.warning("nothing written about %s: %s", reference, error)
        sentence = busy.render(language())
        raise tk.ValidationError({"conflict": [sentence]}, error_summary={"conflict": sentence}) from error
