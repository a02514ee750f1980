"""A visitor's answer is made of one state of the database, also while something is being published.

CKAN asks several questions for one page: the dataset, its files, what we add. PostgreSQL answers each from what is
committed at that moment, so a page could hold the title of one version and the date of the next. A reading transaction
in *repeatable read* sees one moment from its first question to its last. It costs no question of its own.

Visitors only, and only what reads: a writer would have to be ready to begin again.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Flask

READING = ("GET", "HEAD")


def read(app: Flask) -> None:
    """Begin each reading request of a visitor with a transaction that sees one moment."""

    @app.before_request
    def one_moment() -> Any:  # pyright: ignore[reportUnusedFunction]
        if _reads() and not tk.current_user.is_authenticated:
            model.Session.rollback()  # what was asked on the way here began a transaction of the other kind
            model.Session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _reads() -> bool:
    if tk.request.endpoint == "api.action":
        try:
            action = tk.get_action(str((tk.request.view_args or {}).get("logic_function")))
        except KeyError:
            return False
        return bool(getattr(action, "side_effect_free", False))
    return tk.request.method in READING and tk.request.endpoint not in (None, "static")
