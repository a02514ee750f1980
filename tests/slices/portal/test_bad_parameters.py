"""Every action of ours answers nonsense with a clear refusal, whoever asks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.logic import _actions
from ckan.tests import factories

# What a script may send by mistake: nothing, numbers and lists for texts, objects for lists.
NONSENSE: tuple[dict[str, Any], ...] = (
    {},
    {"id": "tidak-ada", "resource_id": "tidak-ada", "user": "tidak-ada", "limit": "banyak", "offset": -1},
    {"id": 5, "resource_id": 7.5, "user": 3, "ids": "satu", "dataset": 4, "rows": "x", "items": 9, "fields": "x"},
    {"id": ["a"], "resource_id": {"a": 1}, "user": [], "ids": {"a": 1}, "note": {"x": []}, "role": 1, "key": []},
)
REFUSALS = (tk.ValidationError, tk.ObjectNotFound, tk.NotAuthorized)


@pytest.mark.usefixtures("clean_portal")
def test_no_action_breaks_on_nonsense() -> None:
    tk.get_action("package_show")  # now they are all collected
    sysadmin = factories.Sysadmin()["name"]
    names = sorted(name for name in _actions if name.startswith("satudata_"))
    assert len(names) > 80
    broken: list[str] = []
    for name in names:
        for given in NONSENSE:
            try:
                tk.get_action(name)({"user": sysadmin, "ignore_auth": False}, dict(given))
            except REFUSALS:
                pass
            except Exception as error:  # noqa: BLE001  (that is what is looked for)
                broken.append(f"{name}({given}): {type(error).__name__}: {error}"[:300])
            model.Session.remove()
    assert not broken, "\n".join(broken)
