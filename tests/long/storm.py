"""Decisions go on while the processes that carry them are killed; afterwards nothing may be lost or half done."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from ckan import model

from tests.long import pressure
from tests.long.pressure import REVIEWERS, Crowd
from tests.long.rig import MAIL, MASTER, WEB, WORKER, until
from tests.slices.workflow.conftest import engine

# What may follow, by state: (step, who may take it). For one that is published a new one is made.
NEXT: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "draft": (("submit", ("operator", "operator_dua")),),
    "revision": (("submit", ("operator", "operator_dua")),),
    "in_review": (("pass", REVIEWERS), ("pass", REVIEWERS), ("return", REVIEWERS)),
    "verified": (("publish", REVIEWERS), ("publish", REVIEWERS), ("return", REVIEWERS)),
}
VICTIMS = (MASTER, WEB, WEB, WORKER, MAIL)
# Who must be told of a step, whoever took it.
TOLD = {"submit": set(REVIEWERS), "return": {"operator", "operator_dua"}, "publish": {"operator", "operator_dua"}}


@dataclass
class Storm:
    """``steps`` decisions by ``drivers`` clients at once; at ``kills`` of them one of ``victims`` gets a SIGKILL."""

    crowd: Crowd
    steps: int
    kills: int
    datasets: int = 8
    drivers: int = 4
    victims: tuple[str, ...] = VICTIMS
    seed: int = pressure.SEED
    said_yes: list[str] = field(default_factory=list[str])  # ids of the events of requests that got a 200
    broken: int = 0  # requests whose connection broke
    killed: Counter[str] = field(default_factory=Counter[str])
    wrong: list[Any] = field(default_factory=list[Any])
    taken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Until all steps are taken."""
        chance = random.Random(self.seed)
        ids = [self.crowd.office.dataset() for _ in range(self.datasets)]
        for who in ("operator", "operator_dua", "admin", *REVIEWERS):
            self.crowd.token(who)
        model.Session.remove()
        points = sorted(chance.sample(range(1, self.steps), self.kills))
        shares = [ids[number :: self.drivers] for number in range(self.drivers)]
        threads = [
            threading.Thread(target=self._drive, args=(share, random.Random(self.seed + number)))
            for number, share in enumerate(shares)
        ]
        for thread in threads:
            thread.start()
        for point in points:
            until(lambda point=point: self.taken >= point or not _alive(threads), f"step {point}", 900)
            time.sleep(chance.random() * 0.2)
            self.killed[self.crowd.rig.kill(chance.choice(self.victims), chance)] += 1
        for thread in threads:
            thread.join()

    def _drive(self, ids: list[str], chance: random.Random) -> None:
        while self.taken < self.steps:
            dataset = chance.choice(ids)
            seen = self.crowd.rig.call(self.crowd.token("admin"), "satudata_case_show", {"id": dataset})
            if seen.status != 200:
                self._count(seen.status, seen.body)
                continue
            if seen.result["state"] == "published":
                self._another(ids, dataset, chance)
                continue
            transition, people = chance.choice(NEXT[seen.result["state"]])
            data = {"id": dataset, "transition": transition, "idempotency_key": f"{chance.random()}"}
            data.update({key: seen.result[key] for key in ("expected", "content_hash")})
            if transition == "return":
                data.update(note="Satuan salah.", reason_code="isi_data")
            self._decide(chance.choice(people), data, chance)

    def _another(self, ids: list[str], done: str, chance: random.Random) -> None:
        data = {"name": f"badai-{chance.getrandbits(48):x}", "title": "Badai", "notes": "Uji.", "owner_org": "dinkes"}
        made = self.crowd.rig.call(self.crowd.token("operator"), "package_create", data)
        self._count(made.status, made.body)
        if made.status == 200:
            ids[ids.index(done)] = made.result["id"]

    def _decide(self, who: str, data: dict[str, Any], chance: random.Random) -> None:
        answer = self.crowd.rig.call(self.crowd.token(who), "satudata_transition", data)
        if answer.status == 0 and chance.random() < 0.5:  # a client that tries again with the same key
            self.crowd.rig.wait_for_web()
            again = self.crowd.rig.call(self.crowd.token(who), "satudata_transition", data)
            answer = again if again.status != 0 else answer
        self._count(answer.status, answer.body)
        if answer.status == 200:
            with self.lock:
                self.taken += 1
                self.said_yes.append(answer.result["event_id"])

    def _count(self, status: int, body: Any) -> None:
        if status == 0:
            with self.lock:
                self.broken += 1
            time.sleep(0.3)
        elif status != 200:
            with self.lock:
                self.wrong.append((status, body))

    # Afterwards

    def assert_nothing_is_lost(self) -> None:
        """Cases, history, notices, mails, index."""
        assert not self.wrong, self.wrong[:3]
        pressure.assert_chain()
        assert len(set(self.said_yes)) == len(self.said_yes)
        assert set(self.said_yes) <= set(_column("select id from satudata_event"))
        self._assert_everybody_is_told()
        until(lambda: not _column("select 1 from satudata_outbox where state = 'waiting'"), "the mails are sent", 480)
        self._assert_mails_arrived()
        until(lambda: not _column("select 1 from satudata_reindex"), "the index follows", 120)
        self._assert_visible()

    def _assert_everybody_is_told(self) -> None:
        """Each event, also one whose sender never heard of it, has a notice for each person it concerns."""
        names = {user["id"]: name for name, user in self.crowd.office.users.items()}
        with engine().connect() as connection:
            query = "select id, transition, actor_id, from_state from satudata_event"
            events = list(connection.execute(sa.text(query)))
            notices = list(connection.execute(sa.text("select event_id, user_id from satudata_notice")))
        for event in events:
            told = {names[user_id] for event_id, user_id in notices if event_id == event.id}
            missing = TOLD.get(event.transition, set[str]()) - {names[event.actor_id]} - told
            assert not missing, (event.transition, event.from_state, missing)
        booked = Counter(_column("select user_id from satudata_outbox"))
        assert booked == Counter(user_id for _, user_id in notices)

    def _assert_mails_arrived(self) -> None:
        wanted = set(_column("select message_id from satudata_outbox"))
        arrived = Counter(str(mail["Message-Id"]) for mail in self.crowd.rig.mails())
        assert not wanted - set(arrived), "mails are lost"
        assert not set(arrived) - wanted, "a repeat cannot be recognised"

    def _assert_visible(self) -> None:
        """Everybody sees what is published, and nothing else."""
        query = "select subject_id from satudata_case where state = 'published'"
        published = set(_column(query))
        rig = self.crowd.rig
        for dataset in _column("select subject_id from satudata_case"):
            shown = rig.call("", "package_show", {"id": dataset}).status
            assert shown in ((200,) if dataset in published else (403, 404)), (dataset, shown)
        found = rig.call("", "package_search", {"rows": 1000}).result["results"]
        assert {one["id"] for one in found} == published


def _alive(threads: list[threading.Thread]) -> bool:
    return any(thread.is_alive() for thread in threads)


def _column(query: str) -> list[Any]:
    """The first column as another connection sees it."""
    with engine().connect() as connection:
        return list(connection.execute(sa.text(query)).scalars())
