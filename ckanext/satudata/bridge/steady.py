"""A visitor's answer is made of one state of the database, also while something is being published.

CKAN asks several questions for one page: the dataset, its files, what we add. PostgreSQL answers each from what is
committed at that moment, so a page could hold the title of one version and the date of the next. A reading transaction
in *repeatable read* sees one moment from its first question to its last.

Visitors only, and only what reads: a writer would have to be ready to begin again. What is asked twice within
the moment has one answer, so :func:`once` asks it once.

CKAN sends a table of more than 32,000 rows page by page, each asked for when the reader has taken the one before. A
table that takes its place meanwhile would make the answer a mix, so the answer is finished before it is sent, and made
again when the table is another one by then. Nobody's slow line keeps a decision waiting.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import Flask, Response, current_app, g, has_request_context
from psycopg2 import extensions as driver
from sqlalchemy import event
from sqlalchemy.pool import Pool

from ckanext.satudata.bridge import unchanged

READING = ("GET", "HEAD")
DUMP = "datastore.dump"
TIMES = 5  # a table changes by a decision, not every second
IN_MEMORY, BLOCK = 1 << 20, 1 << 16
HELD, MOST_HELD = (model.Package, model.Resource), 100
WHICH = sa.text("select to_regclass(quote_ident(:id))::oid::bigint")


def read(app: Flask) -> None:
    """Begin each reading request of a visitor with a transaction that sees one moment."""
    # Around the hook in which CKAN says who asks, before other hooks ask the database more.
    hooks = app.before_request_funcs[None]
    place = [hook.__name__ for hook in hooks].index("ckan_before_request")
    hooks[place : place + 1] = [_arrived, hooks[place], _recognized]
    if not event.contains(model.Session, "after_begin", _begin):
        event.listen(model.Session, "after_begin", _begin)
        event.listen(Pool, "checkin", _end)
        event.listen(model.Session, "loaded_as_persistent", _keep)


def _arrived() -> None:
    """Who brings neither cookie nor token is a visitor: the moment begins with CKAN's own first question."""
    # of a request before, where an application context outlives it
    g.pop("satudata_moment", None)
    g.pop("satudata_held", None)
    g.satudata_reads = _reads()
    if g.satudata_reads and not tk.request.cookies and tk.config["apitoken_header_name"] not in tk.request.headers:
        g.satudata_moment = {}


def _recognized() -> None:
    visitor = not tk.current_user.is_authenticated
    if g.satudata_reads and visitor is not ("satudata_moment" in g):
        model.Session.rollback()  # what was asked on the way here began a transaction of the other kind
        g.pop("satudata_moment", None)
        if visitor:
            g.satudata_moment = {}


def _begin(session: Any, transaction: Any, connection: Any) -> None:  # noqa: ARG001 - as SQLAlchemy calls it
    """A transaction of a visitor who reads begins here, with the first question: what needs none costs nothing.

    The driver says so with its own ``BEGIN``, so it is no question more.
    """
    if not transaction.nested and has_request_context() and "satudata_moment" in g:
        connection.connection.dbapi_connection.isolation_level = driver.ISOLATION_LEVEL_REPEATABLE_READ


def _end(connection: Any, record: Any) -> None:  # noqa: ARG001 - as SQLAlchemy calls it
    """Whoever gets the connection next begins as the server does; other databases of other extensions are theirs."""
    if isinstance(connection, driver.connection) and not connection.closed and connection.isolation_level is not None:
        connection.isolation_level = None


def _keep(session: Any, loaded: Any) -> None:  # noqa: ARG001 - as SQLAlchemy calls it
    """CKAN loads the same dataset several times for one answer, because nobody holds it in between: we do."""
    if isinstance(loaded, HELD) and reads() and len(held := g.setdefault("satudata_held", [])) < MOST_HELD:
        held.append(loaded)


def reads() -> bool:
    """Whether a request is being answered that changes nothing."""
    return has_request_context() and bool(g.get("satudata_reads"))


def once(key: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """What ``ask`` gives, asked once within a visitor's moment; for others who read until something is written.

    Whoever writes asks each time: between two questions somebody else may have decided.
    """
    known: dict[tuple[Any, ...], Any] | None = g.get("satudata_moment") if has_request_context() else None
    if known is None:
        return unchanged.known(("moment", *key), ask) if reads() else ask()
    if key not in known:
        known[key] = ask()
    return known[key]


def _reads() -> bool:
    if tk.request.endpoint == "api.action":
        try:
            action = tk.get_action(str((tk.request.view_args or {}).get("logic_function")))
        except KeyError:
            return False
        return bool(getattr(action, "side_effect_free", False))
    return tk.request.method in READING and tk.request.endpoint not in (None, "static")


# -- a table that is sent in pages -------------------------------------------------------------------------------------


def dump(app: Flask) -> None:
    """Let ``/datastore/dump/<id>`` send rows of one table only; without the DataStore nothing happens."""
    if not p.plugin_loaded("datastore"):
        return

    @app.before_request
    def look() -> Any:  # pyright: ignore[reportUnusedFunction]
        if _is_dump():
            g.satudata_table = _table()

    @app.after_request
    def finish(response: Response) -> Response:  # pyright: ignore[reportUnusedFunction]
        return _whole(response) if _is_dump() and response.is_streamed else response


def _is_dump() -> bool:
    return tk.request.endpoint == DUMP and tk.request.method == "GET"


def _table() -> Any:
    """Which table has this name now: another one that took its place is another number."""
    from ckanext.datastore.backend import postgres

    name = str((tk.request.view_args or {}).get("resource_id"))
    with postgres.get_read_engine().connect() as connection:
        return connection.execute(WHICH, {"id": name}).scalar()


def _whole(response: Response) -> Response:
    for _ in range(TIMES):
        try:
            kept = _kept(response)
        except (tk.ObjectNotFound, tk.NotAuthorized):  # withdrawn between two pages
            return Response(status=404)
        now = _table()
        if now == g.satudata_table:
            response.response = _blocks(kept)
            return response
        kept.close()
        g.satudata_table = now
        view: Any = current_app.view_functions[DUMP]
        response = current_app.make_response(view(**(tk.request.view_args or {})))
        if not response.is_streamed:
            return response
    return Response(status=503, headers={"Retry-After": "10"})


def _kept(response: Response) -> IO[bytes]:
    kept: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    for part in response.iter_encoded():
        kept.write(part)
    response.close()
    kept.seek(0)
    return kept


def _blocks(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while block := kept.read(BLOCK):
            yield block
