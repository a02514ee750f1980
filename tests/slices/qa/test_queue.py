"""A check is queued with the change that asks for it, once, and never gets lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ckan import model
from redis.exceptions import ConnectionError as NoRedis

from ckanext.satudata.bridge import nudge
from ckanext.satudata.qa import jobs, queue
from ckanext.satudata.qa import model as tables
from tests.slices.qa.conftest import BAD, DICTIONARY, Office, queued_jobs, runs


def test_an_upload_queues_one_check(office: Office) -> None:
    made = office.dataset()
    (run,) = runs(made["resources"][0]["id"])
    assert (run["state"], run["package_id"]) == ("queued", made["id"])


def test_the_job_is_nudged_after_the_commit(office: Office) -> None:
    made = office.dataset()
    (run,) = runs(made["resources"][0]["id"])
    assert [job.args for job in queued_jobs() if job.func_name.endswith("jobs.check")] == [[run["id"]]]


def test_another_upload_queues_another_check(office: Office) -> None:
    resource_id = office.dataset()["resources"][0]["id"]
    office.replace(resource_id, BAD)
    first, second = runs(resource_id)
    assert first["file_key"] != second["file_key"]


def test_another_dictionary_queues_another_check(office: Office) -> None:
    resource_id = office.dataset()["resources"][0]["id"]
    changed = [{**DICTIONARY[0], "kunci": False}, *DICTIONARY[1:]]
    office.call("editor", "resource_patch", id=resource_id, kamus_data=changed)
    first, second = runs(resource_id)
    assert (first["file_key"], first["dictionary_hash"] != second["dictionary_hash"]) == (second["file_key"], True)


def test_what_no_check_asks_for_queues_nothing(office: Office) -> None:
    made = office.dataset()
    office.call("editor", "package_patch", id=made["id"], notes="Puskesmas yang melayani rawat inap.")
    assert len(runs(made["resources"][0]["id"])) == 1


def test_a_rolled_back_change_queues_nothing(office: Office) -> None:
    made = office.dataset(None)
    resource = model.Resource(package_id=made["id"], url="tabel.csv", url_type="upload")
    model.Session.add(resource)
    queue.watch(made["id"])
    model.Session.flush()
    model.Session.rollback()
    model.Session.commit()
    assert tables.rows(tables.run_table.select()) == []


def test_a_link_is_not_queued(office: Office) -> None:
    made = office.dataset(None)
    link = office.call("editor", "resource_create", package_id=made["id"], url="https://example.org/tabel.csv")
    assert runs(link["id"]) == []


def test_an_unreachable_queue_does_not_hinder_the_upload(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_redis(*_args: Any, **_options: Any) -> None:
        raise NoRedis

    monkeypatch.setattr(nudge.tk, "enqueue_job", no_redis)
    resource_id = office.dataset()["resources"][0]["id"]
    assert [run["state"] for run in runs(resource_id)] == ["queued"]


def test_the_tick_sends_a_lost_nudge_again(office: Office) -> None:
    (run,) = runs(office.dataset()["resources"][0]["id"])
    _forget_jobs()
    tables.change_run(run["id"], nudged=tables.now() - timedelta(minutes=5))
    queue.tick()
    assert [job.args for job in queued_jobs()] == [[run["id"]]]


@pytest.mark.thorough
def test_the_tick_leaves_a_fresh_nudge_alone(office: Office) -> None:
    office.dataset()
    _forget_jobs()
    queue.tick()
    assert queued_jobs() == []


def test_the_tick_takes_a_run_from_a_dead_worker(office: Office) -> None:
    (run,) = runs(office.dataset()["resources"][0]["id"])
    tables.change_run(run["id"], state="running", attempts=1, heartbeat=tables.now() - timedelta(minutes=10))
    queue.tick()
    assert runs(run["resource_id"])[0]["state"] == "queued"


def test_a_file_that_kills_every_worker_is_given_up(office: Office) -> None:
    (run,) = runs(office.dataset()["resources"][0]["id"])
    tables.change_run(run["id"], state="running", attempts=3, heartbeat=tables.now() - timedelta(minutes=10))
    queue.tick()
    (ended,) = runs(run["resource_id"])
    assert (ended["state"], ended["error"]) == ("failed", "interrupted")


def test_the_tick_finds_a_file_nobody_asked_about(office: Office) -> None:
    resource_id = office.dataset()["resources"][0]["id"]
    model.Session.execute(tables.run_table.delete())
    model.Session.commit()
    queue.tick()
    assert [run["state"] for run in runs(resource_id)] == ["queued"]


def test_the_tick_finds_a_replaced_file_nobody_asked_about(office: Office) -> None:
    """That the file before it was judged is no answer for the new one."""
    (first,) = runs(office.dataset()["resources"][0]["id"])
    tables.change_run(first["id"], state="done")
    office.replace(first["resource_id"], BAD)
    model.Session.execute(tables.run_table.delete().where(tables.run_table.c.id != first["id"]))
    model.Session.commit()
    queue.tick()
    assert [run["state"] for run in runs(first["resource_id"])] == ["done", "queued"]


def test_changed_rules_ask_again_for_what_is_not_public(office: Office) -> None:
    (run,) = runs(office.dataset()["resources"][0]["id"])
    tables.change_run(run["id"], state="done", rules_key="older")
    queue.tick()
    assert [one["state"] for one in runs(run["resource_id"])] == ["done", "queued"]


def test_two_workers_never_take_the_same_run(office: Office) -> None:
    (run,) = runs(office.dataset()["resources"][0]["id"])
    assert tables.claim_run(run["id"]) is not None
    assert tables.claim_run(run["id"]) is None


def test_a_job_for_a_run_that_is_not_there_ends_quietly(office: Office) -> None:  # noqa: ARG001
    jobs.check("no-such-run")


def _forget_jobs() -> None:
    from ckan.lib.jobs import get_queue

    get_queue().empty()
