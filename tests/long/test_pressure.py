"""Decisions under pressure, at length: many clients at once, killed processes, servers that are down.

``SATUDATA_PRESSURE_RACES``, ``SATUDATA_PRESSURE_STEPS`` and ``SATUDATA_PRESSURE_KILLS`` make a run shorter or longer,
``SATUDATA_PRESSURE_SEED`` another one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from dev.kit import solr
from dev.kit.paths import ckan_version
from tests.long import pressure
from tests.long.pressure import Crowd
from tests.long.rig import EVERYTHING, MAIL, WEB, Rig, free_port, listens, until
from tests.long.storm import Storm
from tests.slices.workflow.conftest import Office, engine

RACES = int(os.environ.get("SATUDATA_PRESSURE_RACES", "100"))
STEPS = int(os.environ.get("SATUDATA_PRESSURE_STEPS", "200"))
KILLS = int(os.environ.get("SATUDATA_PRESSURE_KILLS", "30"))
TABLE = b"kecamatan,jumlah\nSoreang,12\nBanjaran,9\n"


@pytest.fixture
def office(loaded_plugins: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: ARG001
    with pressure.empty_office(monkeypatch) as found:
        yield found


def test_of_fifty_who_decide_at_once_one_does(office: Office, tmp_path: Path) -> None:
    """A hundred times, with all kinds of steps in turn."""
    with Rig(tmp_path, settings=pressure.SETTINGS, threads=25) as rig:
        rig.start(WEB)
        crowd = Crowd(rig, office)
        for number, kind in enumerate(pressure.kinds(RACES), 1):
            crowd.race(kind)
            print(f"race {number} ({kind}): one of {pressure.CLIENTS}", flush=True)
        assert rig.log(WEB).count('" 500 ') == 0
    pressure.assert_chain()


def test_nothing_is_lost_when_processes_are_killed(office: Office, tmp_path: Path) -> None:
    with Rig(tmp_path, settings=pressure.SETTINGS) as rig:
        rig.start(*EVERYTHING)
        storm = Storm(Crowd(rig, office), STEPS, KILLS)
        storm.run()
        print(f"{storm.taken} decisions, killed: {dict(storm.killed)}, {storm.broken} broken requests")
        assert sum(storm.killed.values()) == KILLS
        storm.assert_nothing_is_lost()


# Servers that are down


@pytest.fixture
def crowd(office: Office, tmp_path: Path) -> Iterator[Crowd]:
    """A portal whose Redis, Solr and mail peer are its own and can be stopped."""
    ports = {name: free_port() for name in ("redis", "solr")}
    settings = {
        **pressure.SETTINGS,
        "ckan.redis.url": f"redis://127.0.0.1:{ports['redis']}/0",
        "solr_url": f"http://127.0.0.1:{ports['solr']}/solr/ckan",
    }
    with Rig(tmp_path, settings=settings) as rig:
        rig.ports.update(ports)
        solr.prepare_home(tmp_path / "solr")
        rig.servers["redis"] = ["redis-server", "--port", str(ports["redis"]), "--bind", "127.0.0.1", "--save", ""]
        rig.servers["solr"] = solr.command(tmp_path / "solr", ports["solr"])
        rig.start("redis", "solr")
        solr.core(tmp_path / "solr", ports["solr"], "ckan", ckan_version())
        rig.start(*EVERYTHING)
        yield Crowd(rig, office)


@pytest.mark.parametrize("server", ["redis", "solr", MAIL])
def test_decisions_go_on_without_a_server_and_what_waits_is_done_afterwards(crowd: Crowd, server: str) -> None:
    """A whole way from the draft to the publication while the server is down; then it comes back."""
    rig = crowd.rig
    dataset = crowd.office.dataset()
    for who in ("operator", "walidata"):
        crowd.token(who)
    rig.stop(server)
    until(lambda: not listens(rig.ports[server]), f"{server} is down")
    for who, transition in (("operator", "submit"), ("walidata", "pass"), ("walidata", "publish")):
        seen = rig.call(crowd.token(who), "satudata_case_show", {"id": dataset}).result
        data = {key: seen[key] for key in ("expected", "content_hash")}
        done = rig.call(crowd.token(who), "satudata_transition", {"id": dataset, "transition": transition, **data})
        assert done.status == 200, (transition, done)
    assert rig.call("", "package_show", {"id": dataset}).status == 200
    assert _one("select count(*) from satudata_outbox") > 0
    if server == MAIL:
        until(lambda: _one("select count(*) from satudata_outbox where attempts > 0") > 0, "a mail is tried")
    rig.start(server)
    until(lambda: _one("select count(*) from satudata_outbox where state <> 'sent'") == 0, "all mails are sent", 480)
    assert {str(mail["Message-Id"]) for mail in rig.mails()} >= set(_all("select message_id from satudata_outbox"))
    until(lambda: _found(rig, dataset), "the dataset is found by everybody", 120)
    pressure.assert_chain()


def test_a_file_uploaded_while_redis_is_down_is_checked_afterwards(crowd: Crowd) -> None:
    rig = crowd.rig
    dataset = crowd.office.dataset()
    token = crowd.token("operator")
    rig.stop("redis")
    until(lambda: not listens(rig.ports["redis"]), "redis is down")
    made = rig.upload(token, "resource_create", {"package_id": dataset, "name": "Tabel"}, "tabel.csv", TABLE)
    assert made.status == 200, made
    rig.start("redis")
    until(
        lambda: rig.call(token, "satudata_qa_summary", {"id": dataset}).result["state"] == "done",
        "the file is checked",
        240,
    )


def _found(rig: Rig, dataset: str) -> bool:
    answer = rig.call("", "package_search", {"fq": f"id:{dataset}"})
    return answer.status == 200 and answer.result["count"] == 1


def _one(query: str) -> int:
    with engine().connect() as connection:
        return int(connection.execute(sa.text(query)).scalar_one())


def _all(query: str) -> list[str]:
    with engine().connect() as connection:
        return list(connection.execute(sa.text(query)).scalars())
