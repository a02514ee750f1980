"""Each check of the services and of the database finds what is broken for it."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pysolr
import pytest
import rq
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from ckan import model
from ckan.common import config
from ckan.lib import jobs, redis, search
from ckan.lib.search.common import make_connection

from ckanext.satudata.bridge import clock
from ckanext.satudata.bridge.columns import at
from ckanext.satudata.doctor.checks import search_index
from ckanext.satudata.doctor.checks import worker as worker_check

from .conftest import Found, Office

OPEN = "update package set private = false where id = :id"
LONG_AGO = "update package set metadata_modified = '2024-01-02 03:04:05.678901' where id = :id"


# -- worker, clock, mail -----------------------------------------------------------------------------------------------


def _worker(queue: str = jobs.DEFAULT_QUEUE_NAME) -> Any:
    made = rq.Worker([jobs.get_queue(queue)], connection=redis.connect_to_redis())
    made.register_birth()
    return made


def test_no_worker(found: Found) -> None:
    assert found("worker") == ["worker.none"]
    _worker()
    assert found("worker") == []


def test_a_worker_of_another_queue_does_not_count(found: Found) -> None:
    _worker("lain")
    assert found("worker") == ["worker.none"]


def test_a_worker_that_fell_silent(found: Found) -> None:
    _worker()
    with at(datetime.now(UTC) + worker_check.SILENT + timedelta(minutes=1)):
        assert found("worker") == ["worker.none"]


def test_jobs_pile_up(found: Found) -> None:
    _worker()
    jobs.enqueue(print, ["x"])
    assert found("worker") == []
    with at(datetime.now(UTC) + timedelta(minutes=45)):
        assert "worker.behind" in found("worker")


def test_the_clock_never_ticked(found: Found) -> None:
    assert found("clock") == ["clock.stopped"]
    clock.tick({})
    assert found("clock") == []


def test_the_clock_stopped(found: Found) -> None:
    clock.tick({})
    with at(datetime.now(UTC) + timedelta(minutes=11)):
        assert found("clock") == ["clock.stopped"]


def test_a_part_of_the_tick_fails(found: Found, told: Any) -> None:
    def broken() -> None:
        raise OSError("rusak")

    assert clock.tick({"surel": broken, "indeks": lambda: None}) == 1
    assert found("clock") == ["clock.failing"]
    assert told("clock")["items"] == ["surel"]
    assert clock.tick({"surel": lambda: None}) == 0
    assert found("clock") == []


@pytest.fixture
def mail_server() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        controller.stop()


def test_the_mail_server_does_not_answer(found: Found, ckan_config: Any) -> None:
    ckan_config["smtp.mail_from"] = "portal@contoh.go.id"
    assert found("mail") == ["mail.no_answer"]


def test_the_mail_server_answers(found: Found, ckan_config: Any, mail_server: str) -> None:
    ckan_config["smtp.server"] = mail_server
    ckan_config["smtp.mail_from"] = "portal@contoh.go.id"
    assert found("mail") == []
    ckan_config["smtp.mail_from"] = ""
    assert found("mail") == ["mail.no_sender"]


def test_a_mail_account_that_is_refused(told: Any, ckan_config: Any, mail_server: str) -> None:
    ckan_config["smtp.server"] = mail_server
    ckan_config["smtp.mail_from"] = "portal@contoh.go.id"
    ckan_config["smtp.user"], ckan_config["smtp.password"] = "portal", "kata-rahasia"
    finding = told("mail")
    assert finding["id"] == "mail.no_answer"
    assert "kata-rahasia" not in str(finding)


# -- storage -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def web_server() -> Iterator[Callable[[Path], str]]:
    servers: list[http.server.ThreadingHTTPServer] = []

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    def serve(folder: Path) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_web_server_hands_out_the_storage(
    found: Found, told: Any, ckan_config: Any, tmp_path: Path, web_server: Callable[[Path], str]
) -> None:
    storage = tmp_path / "berkas"
    storage.mkdir()
    ckan_config["ckan.storage_path"] = str(storage)
    ckan_config["ckan.site_url"] = web_server(tmp_path)
    assert set(found("storage_reachable")) == {"storage_reachable.by_web"}
    assert "/berkas/resources/" in told("storage_reachable")["items"][0]
    (tmp_path / "situs").mkdir()
    ckan_config["ckan.site_url"] = web_server(tmp_path / "situs")
    assert found("storage_reachable") == []
    assert list(storage.iterdir()) == []


# -- database and index ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["package", "resource", "member", "package_tag"])
def test_a_table_without_the_guard(found: Found, told: Any, table: str) -> None:
    assert found("triggers") == []
    _switch(table, "satudata_guard", on=False)
    try:
        assert found("triggers") == ["triggers.guard_missing"]
        assert told("triggers")["items"] == [table]
    finally:
        _switch(table, "satudata_guard", on=True)


def test_a_history_that_can_be_rewritten(found: Found) -> None:
    _switch("satudata_event", "satudata_event_append_only", on=False)
    try:
        assert found("triggers") == ["triggers.history_missing"]
    finally:
        _switch("satudata_event", "satudata_event_append_only", on=True)


def _switch(table: str, trigger: str, *, on: bool) -> None:
    model.Session.remove()
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(f"alter table {table} {'enable' if on else 'disable'} trigger {trigger}"))


def test_public_without_approval(found: Found, told: Any, office: Office, unguarded: Any) -> None:
    made = office.dataset()
    assert found("drift") == []
    unguarded(OPEN, id=made["id"])
    assert found("drift") == ["drift.public_unapproved"]
    assert told("drift")["items"] == [made["name"]]
    unguarded(
        "insert into satudata_enforcement (organization_id, mode, since) values (:id, 'observe', now())",
        id=office.organization["id"],
    )
    assert found("drift") == []


def test_approved_but_hidden(found: Found, office: Office, unguarded: Any) -> None:
    made = office.dataset()
    unguarded("update satudata_case set state = 'published', approved = true where subject_id = :id", id=made["id"])
    assert found("drift") == ["drift.approved_hidden"]


@pytest.mark.parametrize("status", ["draft", "in_review", "rejected"])
def test_what_another_extension_hid_is_public_now(found: Found, office: Office, unguarded: Any, status: str) -> None:
    made = office.dataset(extras=[{"key": "publishing_status", "value": status}], type="panen")
    assert found("left_hidden") == []
    unguarded(OPEN, id=made["id"])
    unguarded(
        "insert into satudata_case (subject_type, subject_id, state, approved, basis)"
        " values ('dataset', :id, 'published', true, 'adopted')"
        " on conflict (subject_type, subject_id) do update set state = 'published', approved = true, basis = 'adopted'",
        id=made["id"],
    )
    assert found("left_hidden") == ["left_hidden.public"]


@pytest.mark.parametrize(
    ("state", "look", "expected"),
    [("failed", "dead", ["dead"]), ("failed", "changed", ["changed"]), ("waiting", None, ["stuck"])],
)
def test_links_to_other_websites(
    found: Found, office: Office, unguarded: Any, state: str, look: str | None, expected: list[str]
) -> None:
    made = office.dataset()
    unguarded("insert into resource (id, package_id, url, state) values ('r', :id, 'x', 'active')", id=made["id"])
    unguarded(
        "insert into satudata_link (resource_id, dataset_id, url, state, asked, look_next, look_state)"
        " values ('r', :id, 'https://data.example/a.csv', :state, now() - interval '2 hours', now(), :look)",
        id=made["id"],
        state=state,
        look=look,
    )
    assert found("outside_links") == [f"outside_links.{one}" for one in expected]


def test_an_index_that_agrees(found: Found, office: Office, unguarded: Any) -> None:
    made = office.dataset()
    unguarded(LONG_AGO, id=made["id"])
    search.rebuild(made["id"])
    search.commit()
    assert found("search_index") == []


def test_a_dataset_missing_in_the_index(found: Found, told: Any, office: Office, unguarded: Any) -> None:
    made = office.dataset()
    unguarded(LONG_AGO, id=made["id"])
    search.clear(made["id"])
    search.commit()
    assert found("search_index") == ["search_index.missing"]
    assert told("search_index")["items"] == [made["id"]]


def test_an_old_entry_in_the_index(found: Found, office: Office, unguarded: Any) -> None:
    made = office.dataset()
    unguarded(LONG_AGO, id=made["id"])
    assert found("search_index") == ["search_index.stale"]


def _document(dataset_id: str, **values: Any) -> None:
    document = {
        "index_id": dataset_id,
        "id": dataset_id,
        "name": dataset_id,
        "entity_type": "package",
        "dataset_type": "dataset",
        "state": "active",
        "site_id": config["ckan.site_id"],
        "metadata_modified": "2024-01-02T03:04:05.678Z",
        "capacity": "private",
    }
    make_connection().add([{**document, **values}], commit=True)


def test_an_entry_without_a_dataset(told: Any) -> None:
    _document("tidak-ada")
    finding = told("search_index")
    assert (finding["id"], finding["severity"]) == ("search_index.left_over", "warning")
    assert finding["command"].endswith("search-index clear tidak-ada")


def test_a_closed_dataset_that_search_shows(found: Found, office: Office, unguarded: Any) -> None:
    made = office.dataset()
    unguarded(LONG_AGO, id=made["id"])
    search.clear(made["id"])
    _document(made["id"], permission_labels=["public"])
    assert "search_index.public" in found("search_index")


def test_an_entry_that_names_reviewers_who_may_not_read_it(found: Found, office: Office, unguarded: Any) -> None:
    made = office.dataset()
    unguarded(LONG_AGO, id=made["id"])
    search.clear(made["id"])
    _document(made["id"], permission_labels=["sd-review:walidata:all"])
    assert "search_index.readers" in found("search_index")


def test_an_index_that_does_not_answer_is_a_finding_too(found: Found, monkeypatch: Any) -> None:
    nowhere = pysolr.Solr("http://127.0.0.1:1/solr/tidak-ada")
    monkeypatch.setattr(search_index, "make_connection", lambda **_options: nowhere)
    assert found("search_index") == ["search_index.broken"]


WAITING = {
    "mail": "insert into satudata_outbox (id, user_id, key, message_id, created, state)"
    " values ('a', 'b', 'returned', 'c', now() - interval '2 hours', 'waiting')",
    "mail_given_up": "insert into satudata_outbox (id, user_id, key, message_id, created, state)"
    " values ('a', 'b', 'returned', 'c', now() - interval '2 hours', 'dropped')",
    "tables": "insert into satudata_rows (resource_id, dataset_id, sha256, state, next_try, changed)"
    " values ('a', 'b', 'c', 'pending', now() - interval '1 hour', now())",
    "tables_failed": "insert into satudata_rows (resource_id, dataset_id, sha256, state, next_try, changed)"
    " values ('a', 'b', 'c', 'failed', now(), now())",
    "index": "insert into satudata_reindex (dataset_id, since) values ('a', now() - interval '1 hour')",
    "swaps": "insert into satudata_swap (id, dataset_id, copy_id, state, plan, created, changed)"
    " values ('a', 'b', 'c', 'committed', '{}', now() - interval '1 hour', now() - interval '1 hour')",
    "checks": "insert into satudata_qa_run (id, package_id, resource_id, file_key, dictionary_hash, rules_key, state,"
    " attempts, queued) values ('a', 'b', 'c', 'd', 'e', 'f', 'queued', 0, now() - interval '2 hours')",
}


@pytest.mark.parametrize("what", sorted(WAITING))
def test_work_that_waits_too_long(found: Found, unguarded: Any, what: str) -> None:
    assert found("waiting") == []
    unguarded(WAITING[what])
    assert found("waiting") == [f"waiting.{what}"]


# -- people and days ---------------------------------------------------------------------------------------------------


def test_nobody_is_walidata(found: Found, office: Office, unguarded: Any) -> None:
    assert found("walidata") == []
    unguarded("update satudata_grant set ended = now()")
    assert found("walidata") == ["walidata.nobody"]
    assert office.organization


def test_a_year_whose_holidays_nobody_knows(found: Found, told: Any) -> None:
    with at(datetime(2026, 3, 1, tzinfo=UTC)):
        assert found("national_days") == []
    with at(datetime(2070, 3, 1, tzinfo=UTC)):
        assert found("national_days") == ["national_days.unknown", "national_days.unknown"]
        assert told("national_days")["severity"] == "warning"


def test_the_region_writes_the_days_itself(found: Found, ckan_config: Any, tmp_path: Path) -> None:
    calendar = tmp_path / "kalender.yaml"
    calendar.write_text("libur: [2070-01-02, 2071-01-02]\n")
    ckan_config["ckanext.satudata.calendar"] = str(calendar)
    with at(datetime(2070, 3, 1, tzinfo=UTC)):
        assert found("national_days") == []


def test_a_calendar_that_cannot_be_read(found: Found, ckan_config: Any, tmp_path: Path) -> None:
    ckan_config["ckanext.satudata.calendar"] = str(tmp_path / "tidak-ada.yaml")
    assert found("national_days") == ["national_days.calendar"]
