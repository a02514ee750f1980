"""Where the operator switched it on, a search by SQL sees the tables of the public version, too."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import plugin_loaded
from ckanext.datastore.backend.postgres import get_write_engine

from ckanext.satudata.bridge import slices
from ckanext.satudata.plugin import SLICES

TABLE = 'create table "{name}" (_id serial, "Jumlah" int); insert into "{name}" ("Jumlah") values ({value});'
SWAP = """
insert into satudata_swap (id, dataset_id, copy_id, state, plan, format, created, changed)
values ('s', :dataset, 'c', 'committed', cast(:plan as jsonb), 1, now(), now())
"""


def test_a_search_by_sql_finishes_a_swap_that_was_killed(draft: dict[str, Any], ckan_config: Any) -> None:
    """CKAN's transaction is committed, the tables are not renamed yet: the process died in between."""
    assert plugin_loaded("datastore")
    name = "datastore_search_sql"
    assert name not in slices.functions(SLICES, "logic.action")  # CKAN has no such action either
    ckan_config["ckan.datastore.sqlsearch.enabled"] = True
    chained = slices.functions(SLICES, "logic.action")[name]
    public, new = draft["resources"][0]["id"], "baru"
    with get_write_engine().begin() as connection:
        for table, value in ((public, 1), (new, 2)):
            connection.execute(sa.text(TABLE.format(name=table, value=value)))
        oid = connection.execute(sa.text("select cast('baru' as regclass)::oid::bigint")).scalar()
    plan = f'{{"renamed": [{{"public": "{public}", "table": "{new}", "oid": {oid}}}], "dropped": []}}'
    model.Session.execute(sa.text(SWAP), {"dataset": draft["id"], "plan": plan})
    model.Session.commit()

    def original(context: Any, data: dict[str, Any]) -> Any:
        assert context is not None
        with get_write_engine().begin() as connection:
            return list(connection.execute(sa.text(data["sql"])).scalars())

    found = chained(original, {}, {"sql": f'select "Jumlah" from "{public}"'})
    assert found == [2]
    assert model.Session.execute(sa.text("select state from satudata_swap")).scalar() == "done"
