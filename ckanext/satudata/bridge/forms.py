"""Forms of our own pages are protected on every CKAN.

CKAN 2.11 leaves the blueprints of extensions out of its protection against forged forms by default; CKAN 2.12 protects
all. A decision must never be made by a page of somebody else, so our blueprints ask for the token themselves.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Flask, current_app, g, session


def protected(blueprint: Blueprint) -> Blueprint:
    """Refuse a POST to ``blueprint`` without a valid form token (400); returns the blueprint."""

    @blueprint.before_request
    def check_token() -> Any:  # pyright: ignore[reportUnusedFunction]
        _ask_for_token()

    return blueprint


def protect_core(app: Flask) -> None:
    """Refuse a POST to CKAN's own pages or its API that comes with a session but without a form token (400).

    It is CKAN's own rule. CKAN 2.12 forgets it for a page or the API, for everybody and until the process ends, as soon
    as anybody has called that page or the API with an API token.
    """

    @app.before_request
    def check_token() -> Any:  # pyright: ignore[reportUnusedFunction]
        view = current_app.view_functions.get(tk.request.endpoint or "")
        if view is not None and view.__module__.startswith("ckan."):
            _ask_for_token()


def _ask_for_token() -> None:
    # Imported late: the application module needs a loaded plugin system.
    from ckan.config.middleware.flask_app import csrf

    # Only a session can be abused by another page: the browser sends it along. An API token is sent on purpose.
    by_session = session.get("_user_id") is not None and not g.get("login_via_auth_header")
    if tk.request.method == "POST" and by_session and current_app.config.get("WTF_CSRF_ENABLED", True):
        csrf.protect()
