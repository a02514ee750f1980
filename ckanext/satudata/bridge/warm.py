"""What CKAN gathers at the first request is gathered before it.

CKAN fills its tables of actions and of authorization functions when they are first asked for, in place, and without a
lock. A server that answers several requests at once after a start lets the second one see half a table: an action of an
extension is missing (a 500), or a rule is still CKAN's own where an extension has a stricter one.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz


def actions_and_rules() -> None:
    """Fill both tables; call it while the application is made, with all plugins loaded and before any request."""
    authz.auth_functions_list()
    tk.get_action("status_show")
