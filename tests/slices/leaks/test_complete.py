"""Every action and every route has a recipe, and none is for what is gone."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import logic

from .building import Office
from .recipes import ACTIONS, ROUTES

NEWER = not tk.check_ckan_version(max_version="2.11.99")
ONLY_ACTIONS = {
    True: {"activity_delete", "activity_delete_all", "activity_delete_counts", "file_create", "file_delete",
           "file_owner_scan", "file_ownership_transfer", "file_pin", "file_register", "file_rename", "file_show",
           "file_unpin"},
    False: set(),
}  # fmt: skip
ONLY_ROUTES = {
    True: {"GET /ckan-admin/activities", "POST /ckan-admin/activities", "GET /datastore/api_info/<resource_id>",
           "GET /file/download/<id>", "GET /file/public-download/<storage_name>/<path:location>",
           "GET /file/trusted-download/<token>", "GET /testing/custom_form_fields", "GET /testing/dashboard",
           "POST /user/<id>/api-tokens/revoke"},
    False: {"GET /api/util/snippet/<snippet_path>", "GET /api/<int(min=1, max=2):ver>/util/snippet/<snippet_path>",
            "POST /user/<id>/api-tokens/<jti>/revoke"},
}  # fmt: skip


def agree(there: set[str], known: set[str]) -> None:
    """Every name is in both."""
    new, gone = sorted(there - known), sorted(known - there)
    assert not new, f"classify these in tests/slices/leaks/recipes: {new}"
    assert not gone, f"recipes for what is gone: {gone}"


def test_every_action_has_a_recipe(office: Office) -> None:
    tk.get_action("package_show")
    registered = set(logic._actions)
    known = set(ACTIONS) - ONLY_ACTIONS[not NEWER]
    agree(registered, known)
    assert office.places


def test_every_route_has_a_recipe(office: Office) -> None:
    rules = {
        f"{method} {rule.rule}"
        for rule in office.client.flask_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    known = set(ROUTES) - ONLY_ROUTES[not NEWER]
    agree(rules, known)
