"""Call an action from the command line, as the site's own user."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import click


def given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value}


def run(action: str, data: dict[str, Any]) -> Any:
    """The answer of an action; a refusal ends the command with its sentences."""
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    try:
        return tk.get_action(action)({"user": site_user, "ignore_auth": True}, data)
    except tk.ValidationError as error:
        errors: dict[str, Any] = error.error_dict
        sentences = [f"{field}: {' '.join(map(str, found))}" for field, found in errors.items()]
        raise click.ClickException("\n".join(sentences)) from error
    except tk.ObjectNotFound as error:
        raise click.ClickException(f"not found: {error}") from error
