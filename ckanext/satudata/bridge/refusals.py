"""What was refused stands in the log of the web server: who, which action, which dataset, why.

An attempt to decide without being allowed to is worth a line even though nothing came of it. Slips (an empty note) are
not told: their words are the reader's, and would only bury the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger(__name__)

PREFIX = "satudata_"
# The keys of a refused decision that are more than a slip.
TOLD = ("conflict", "reasons", "idempotency_key")
REFUSED = (400, 403, 405)


def logged(actions: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The actions, with a line in the log when one that writes is refused."""
    return {
        name: _logged(name, function) if _writes(name, function) else function for name, function in actions.items()
    }


def watch(app: Flask) -> None:
    """Log also what never reached an action: by GET, or without the token of the form."""
    app.after_request(_tell_request)


def _writes(name: str, function: Callable[..., Any]) -> bool:
    marked = getattr(function, "side_effect_free", False) or getattr(function, "chained_action", False)
    return name.startswith(PREFIX) and not marked


def _logged(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def action(context: Any, data_dict: Any) -> Any:
        try:
            return function(context, data_dict)
        except tk.NotAuthorized as refused:
            _tell(name, context, data_dict, f"not authorized {refused.message or ''}".rstrip())
            raise
        except tk.ValidationError as refused:
            why = _why(refused.error_dict)
            if why:
                _tell(name, context, data_dict, why)
            raise

    return action


def _why(errors: Mapping[str, Any]) -> str:
    """``conflict``, or the codes of the reasons; empty for a slip."""
    for key in TOLD:
        if key in errors:
            reasons = errors[key] if isinstance(errors[key], list) else []
            codes = [str(one["code"]) for one in reasons if isinstance(one, Mapping) and "code" in one]
            return ", ".join([key, *codes])
    return ""


def _tell(name: str, context: Mapping[str, Any], data: Any, why: str) -> None:
    step = data.get("transition") if isinstance(data, Mapping) else None
    subject = data.get("id") if isinstance(data, Mapping) else None
    _write(f"{name} {_short(step)}" if step else name, context.get("user"), subject, why)
    if has_request_context():
        g.satudata_refusal_told = True


def _tell_request(response: Response) -> Response:
    if response.status_code in REFUSED and not g.get("satudata_refusal_told") and _is_ours():
        given = (request.view_args or {}).get("id") or request.values.get("id")
        user = getattr(tk.current_user, "name", "")
        _write(f"{request.method} {_short(request.path)}", user, given, str(response.status_code))
    return response


def _is_ours() -> bool:
    endpoint = request.endpoint or ""
    if endpoint == "api.action":
        return str((request.view_args or {}).get("logic_function", "")).startswith(PREFIX)
    return request.blueprint is not None and request.blueprint.startswith("satudata")


def _write(what: str, user: Any, subject: Any, why: str) -> None:
    log.warning("refused: %s by %s on %s: %s", what, user or "nobody", _short(subject), why)


def _short(value: Any) -> str:
    """A given text on one line: what somebody sends must not look like a line of its own."""
    return ascii(str(value)[:200])[1:-1] if value else "-"
