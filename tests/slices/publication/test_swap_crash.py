"""A process that is killed in the middle of a swap leaves the old version or the new one, never a mix; and two
processes that publish at once publish once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine

from ckanext.satudata.publication import indexing, projection, rows
from ckanext.satudata.publication.copies import closing, journal, points
from tests.daily import cases
from tests.slices import remembered

from .copying import NEW, Changing, changing

__all__ = ["changing"]

TITLE = "Rumah tidak layak huni 2026"
# At these moments nothing was committed yet; from the next one on CKAN's transaction is.
BEFORE = ("content", "begun", "tables", "journal")
AFTER = ("committed", "rows", "done", "indexed")


def _in_child(work: Callable[[], int]) -> int:
    """The id of a process of its own that does this, with connections of its own."""
    model.Session.remove()
    for engine in (model.ensure_engine(), get_write_engine(), get_read_engine()):
        engine.dispose()
    return _forked(work)


def _beside(work: Callable[[], int]) -> int:
    """The same in the middle of a request, whose transaction goes on here: the child leaves its connection alone."""

    def alone() -> int:
        kept.append(model.Session())  # what is thrown away here would say goodbye on the parent's connection
        for engine in (model.ensure_engine(), get_write_engine(), get_read_engine()):
            kept.append(engine.pool)
            engine.dispose(close=False)
        model.Session.registry.clear()
        return work()

    kept: list[Any] = []
    return _forked(alone)


def _forked(work: Callable[[], int]) -> int:
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        status = work()
    finally:
        os._exit(status)


def _ended(child: int) -> int:
    """How a child ended: its exit status, or minus the signal."""
    _, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _kill_at(moment: str) -> Callable[[str], None]:
    def reached(name: str) -> None:
        if name == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


@pytest.fixture
def approved(changing: Changing) -> dict[str, Any]:
    """A copy that waits to be published, its table made already; another file is added, too."""
    return remembered.begin(_approve, changing=changing)


def _approve(changing: Changing) -> dict[str, Any]:
    copy = changing.open()
    changing.replace(copy["resources"][0], NEW)
    changing.portal.call("editor", "package_patch", id=copy["id"], title=TITLE)
    changing.review(copy["id"])
    assert rows.load_due() == 1
    model.Session.remove()
    return copy


def _publish(changing: Changing, copy_id: str) -> int:
    status, _ = changing.decide("reviewer", copy_id, "publish")
    return 0 if status == 200 else 1


def _publish_by_action(copy_id: str) -> int:
    """The same without a request: the one of the visitor is still open."""
    contexts: list[Any] = [{"user": "orang-reviewer"}, {"user": "orang-reviewer"}]
    case = tk.get_action("satudata_case_show")(contexts[0], {"id": copy_id})
    seen = {"expected": case["expected"], "content_hash": case["content_hash"]}
    done = tk.get_action("satudata_transition")(contexts[1], {"id": copy_id, "transition": "publish", **seen})
    return 0 if done["case"]["state"] == "published" else 1


def _repair() -> None:
    """What the clock does within a minute."""
    journal.settle()
    model.Session.execute(sa.text("update satudata_reindex set since = now() - interval '1 hour'"))
    model.Session.commit()
    indexing.index_left_over()
    closing.remove_left_over()
    model.Session.remove()


def _new(changing: Changing) -> dict[str, Any]:
    resource = changing.live["resources"][0]["id"]
    return {
        **{"title": TITLE, "name": changing.live["name"], "tags": ["rumah"], "searched": TITLE, "on_page": True},
        **{"files": {resource: NEW}, "tables": {resource: [1500, 700, 12]}},
    }


@pytest.mark.parametrize("moment", cases(*BEFORE[:1], thorough=BEFORE[1:]))
def test_killed_before_the_commit_the_old_version_is_there(
    changing: Changing, approved: dict[str, Any], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    old = changing.seen()
    with monkeypatch.context() as patched:
        patched.setattr(points, "reached", _kill_at(moment))
        assert _ended(_in_child(lambda: _publish(changing, approved["id"]))) == -signal.SIGKILL
    assert changing.seen() == old
    _repair()
    assert changing.seen() == old
    assert _publish(changing, approved["id"]) == 0
    assert changing.seen() == _new(changing)


@pytest.mark.parametrize("moment", cases(*AFTER[:1], thorough=AFTER[1:]))
def test_killed_after_the_commit_the_new_version_is_there(
    changing: Changing, approved: dict[str, Any], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    old, new = changing.seen(), _new(changing)
    with monkeypatch.context() as patched:
        patched.setattr(points, "reached", _kill_at(moment))
        assert _ended(_in_child(lambda: _publish(changing, approved["id"]))) == -signal.SIGKILL
    # the search index alone may be behind, for less than a minute; what it shows is the old version whole
    assert changing.seen() in (new, {**new, "searched": old["searched"]})
    _repair()
    assert changing.seen() == new
    assert model.Session.execute(sa.text("select state from satudata_swap")).scalars().all() == ["done"]
    left = sa.text("select count(*) from package where id = :id")
    assert model.Session.execute(left, {"id": approved["id"]}).scalar() == 0


def test_an_error_before_the_commit_undoes_both_databases(
    changing: Changing, approved: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = changing.seen()

    def fail(name: str) -> None:
        if name == "journal":
            raise RuntimeError("stop")

    with monkeypatch.context() as patched:
        patched.setattr(points, "reached", fail)
        assert changing.decide("reviewer", approved["id"], "publish")[0] == 500
    assert changing.seen() == old
    assert _publish(changing, approved["id"]) == 0
    assert changing.seen() == _new(changing)


def test_of_two_who_publish_at_once_one_does(changing: Changing, approved: dict[str, Any]) -> None:
    case = changing.portal.call("reviewer", "satudata_case_show", id=approved["id"])[1]
    data = {"transition": "publish", "expected": case["expected"], "content_hash": case["content_hash"]}
    model.Session.remove()

    def publish() -> int:
        return changing.portal.call("reviewer", "satudata_transition", id=approved["id"], **data)[0] // 100

    children = [_in_child(publish) for _ in range(2)]
    assert sorted(_ended(child) for child in children) == [2, 4]
    assert changing.seen() == _new(changing)
    listed = changing.portal.call(None, "satudata_version_list", id=changing.live["id"])[1]
    assert [one["versi"] for one in listed] == [2, 1]


@pytest.mark.parametrize("by_post", cases(False, thorough=[True]))
def test_an_answer_that_is_being_given_meanwhile_is_the_old_version_whole(
    changing: Changing, approved: dict[str, Any], monkeypatch: pytest.MonkeyPatch, by_post: bool
) -> None:
    show = projection.show

    def slowly(dataset: dict[str, Any]) -> None:
        """The decision is taken between CKAN's questions and ours."""
        monkeypatch.setattr(projection, "show", show)
        decided.append(_ended(_beside(lambda: _publish_by_action(approved["id"]))))
        show(dataset)

    decided: list[int] = []
    monkeypatch.setattr(projection, "show", slowly)
    address = f"/api/3/action/package_show?id={changing.live['id']}"
    if by_post:
        shown = changing.portal.call(None, "package_show", id=changing.live["id"])[1]
    else:
        shown = changing.portal.get(None, address).get_json()["result"]
    assert decided == [0]
    assert (shown["title"], shown["versi"]) == (changing.live["title"], 1)
    after = changing.portal.call(None, "package_show", id=changing.live["id"])[1]
    assert (after["title"], after["versi"]) == (TITLE, 2)
