"""What the workflow sets in CKAN's configuration, unless the operator chose something else."""

from __future__ import annotations

from typing import Any

AFTER_LOGIN = "ckan.auth.route_after_login"
PLAIN = {None, "", "dashboard.datasets"}
GRAVATAR = "ckan.gravatar_default"


def update_config(config: Any) -> None:
    """After logging in people begin at their work, not at CKAN's dashboard."""
    if config.get(AFTER_LOGIN) in PLAIN:
        config[AFTER_LOGIN] = "satudata.start"
    # Pages load nothing from elsewhere, least of all a picture asked for by a civil servant's mail address.
    if config.get(GRAVATAR) in (None, "", "identicon"):
        config[GRAVATAR] = "disabled"
