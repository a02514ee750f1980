"""What the portal's procedures call roles and positions, and which of them may be given."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import g, has_request_context

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language

OPTION = "ckanext.satudata.delegable_roles"


def labels(kind: str) -> dict[str, str]:
    """Words for ``roles`` or ``positions`` by key, in the order of the procedures."""
    return {word["key"]: word["label"] for word in _words()[kind]}


def givable() -> dict[str, str]:
    """The roles that are given: all but Produsen Data, which follows from membership."""
    return {key: label for key, label in labels("roles").items() if key != roles.PRODUCER}


def delegable() -> frozenset[str]:
    """Roles that an organization's admin may give (``ckanext.satudata.delegable_roles``)."""
    configured = tk.config.get(OPTION) or []
    return frozenset(configured.split() if isinstance(configured, str) else configured)


def check(role: str, position: str | None) -> None:
    """``ValidationError`` for a role or position the procedures do not know."""
    if role == roles.PRODUCER:
        sentence = tk._("Produsen Data is not granted: make the user editor or admin of the organization.")
        raise tk.ValidationError({"role": [sentence]})
    known = givable()
    if role not in known:
        sentence = tk._("There is no such role. Roles: {roles}.").format(roles=", ".join(sorted(known)))
        raise tk.ValidationError({"role": [sentence]})
    positions = labels("positions")
    if position and position not in positions:
        sentence = tk._("There is no such position. Positions: {positions}.").format(positions=", ".join(positions))
        raise tk.ValidationError({"position": [sentence]})


def post(role: str, position: str | None, kind: str | None = None) -> str:
    """A post in words: "Walidata (Kepala Seksi)", "Plt. Walidata (Kepala Seksi)"."""
    label = labels("roles").get(role, role)
    if position:
        label = f"{label} ({labels('positions').get(position, position)})"
    return roles.deputy_title(kind, label)


def _words() -> dict[str, Any]:
    spoken = language()
    if not has_request_context():
        return tk.get_action("satudata_workflow_roles")({"ignore_auth": True}, {})
    remembered: dict[str, Any] = getattr(g, "satudata_words", {})
    if spoken not in remembered:
        remembered[spoken] = tk.get_action("satudata_workflow_roles")({"ignore_auth": True}, {})
        g.satudata_words = remembered
    return remembered[spoken]
