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


def protect_api(app: Flask) -> None:
    """Refuse a POST to our actions that comes with a session but without a form token (400).

    CKAN switches its protection of the API off for everybody, until the process ends, as soon as anybody has called
    it with an API token.
    """

    @app.before_request
    def check_token() -> Any:  # pyright: ignore[reportUnusedFunction]
        wanted = tk.request.view_args or {}
        if tk.request.endpoint == "api.action" and str(wanted.get("logic_function")).startswith("satudata_"):
            _ask_for_token()


def _ask_for_token() -> None:
    # Imported late: the application module needs a loaded plugin system.
    from ckan.config.middleware.flask_app import csrf

    # Only a session can be abused by another page: the browser sends it along. An API token is sent on purpose.
    by_session = session.get("_user_id") is not None and not g.get("login_via_auth_header")
    if tk.request.method == "POST" and by_session and current_app.config.get("WTF_CSRF_ENABLED", True):
        csrf.protect()
