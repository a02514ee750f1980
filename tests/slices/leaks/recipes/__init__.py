"""How every action and every route is asked so that it really reaches the content; or why it has none."""

from __future__ import annotations

from . import actions_of_ckan, actions_of_satudata, routes_of_ckan, routes_of_satudata
from .recipe import Recipe, Table

ACTIONS: Table = {**actions_of_ckan.READ, **actions_of_ckan.WRITE, **actions_of_satudata.ACTIONS}
ROUTES: Table = {**routes_of_ckan.ROUTES, **routes_of_satudata.ROUTES}

__all__ = ["ACTIONS", "ROUTES", "Recipe", "Table"]
