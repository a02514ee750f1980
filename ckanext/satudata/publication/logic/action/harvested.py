"""Chained actions of ckanext-harvest, where it writes past every action of CKAN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.publication import guard, words

OF_SOURCE = sa.text("""
select distinct o.package_id from harvest_object o join harvest_source s on s.id = o.harvest_source_id
 where s.id = :source and o.package_id is not null
""")


@tk.chained_action
def harvest_source_clear(up: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """As in ckanext-harvest, while none of its datasets is in review or decided; nothing is removed then.

    It deletes by SQL, after it has taken the datasets out of the index.
    """
    tk.check_access("harvest_source_clear", guard.without_transaction(context), data_dict)
    source = data_dict.get("id")
    harvested = model.Session.execute(OF_SOURCE, {"source": source}).scalars().all() if isinstance(source, str) else ()
    for dataset_id in harvested:
        found = guard.standing(dataset_id)
        if found is not None and found.enforced and found.frozen:
            raise guard.refusal(words.bulk(found.name))
    return up(context, data_dict)


harvest_source_clear.satudata_needs = "harvest"  # pyright: ignore[reportFunctionMemberAccess]
