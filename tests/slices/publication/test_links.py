"""A file on another website becomes our copy, or stays a link that is marked and watched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge import contributions
from ckanext.satudata.publication import files
from ckanext.satudata.publication.links import fetching, taking, watching
from ckanext.satudata.publication.links.model import link

from .conftest import CSV, Portal
from .copying import Changing, use_rulebook
from .websites import Website, serving


@pytest.fixture
def website() -> Iterator[Website]:
    with serving() as site:
        yield site


@pytest.fixture
def peer(website: Website, ckan_config: Any) -> Website:
    """A website the operator allows."""
    ckan_config["ckanext.satudata.links.allow"] = "127.0.0.0/8"
    return website


def _link(portal: Portal, dataset_id: str, url: str, **values: Any) -> str:
    status, made = portal.call("editor", "resource_create", package_id=dataset_id, url=url, name="Rumah", **values)
    assert status == 200, made
    return made["id"]


def _resource(portal: Portal, resource_id: str) -> dict[str, Any]:
    status, found = portal.call("editor", "resource_show", id=resource_id)
    assert status == 200, found
    return found


def _standing(portal: Portal, resource_id: str) -> dict[str, Any]:
    status, found = portal.call("editor", "satudata_link_show", resource_id=resource_id)
    assert status == 200, found
    return found


def _reasons(dataset_id: str) -> list[tuple[str, str | None]]:
    subject = contributions.subjects()["dataset"].load(dataset_id)
    return [(one.code, one.resource_id) for one in contributions.gates()["has_resource"]("submit", subject)]


def test_a_link_is_fetched_by_a_job_and_becomes_our_file(portal: Portal, peer: Website, draft: dict[str, Any]) -> None:
    url = peer.gives("/data/rumah.csv")
    resource_id = _link(portal, draft["id"], url)
    assert peer.asked == []  # not in the request
    assert _standing(portal, resource_id)["state"] == "waiting"
    assert _reasons(draft["id"]) == [("link", resource_id)]
    (job,) = [one for one in jobs.get_queue().jobs if str(one.func_name).endswith("links.jobs.fetch")]
    job.perform()
    taking.fetch(resource_id)
    assert len(peer.asked) == 1
    found = _resource(portal, resource_id)
    assert (found["url_type"], found["tautan_asal"], found["format"], found["name"]) == ("upload", url, "CSV", "Rumah")
    assert found["url"].endswith(f"/resource/{resource_id}/download/rumah.csv")
    assert portal.get("editor", f"/dataset/{draft['id']}/resource/{resource_id}/download/rumah.csv").text == CSV
    assert portal.call("editor", "satudata_qa_show", resource_id=resource_id)[1]["state"] == "queued"
    assert _standing(portal, resource_id)["passes"]
    assert _reasons(draft["id"]) == []
    # asked for once more: new bytes take the place of the old ones, which stay known
    before = files.facts_of(resource_id)
    assert before is not None
    peer.gives("/data/rumah.csv", CSV + "Cempaka,12\n")
    assert portal.call("editor", "satudata_link_fetch", resource_id=resource_id)[1]["state"] == "waiting"
    taking.fetch(resource_id)
    after = files.facts_of(resource_id)
    assert after is not None
    assert (after.sha256 != before.sha256, _resource(portal, resource_id)["tautan_asal"]) == (True, url)


def test_another_upload_is_not_from_there_any_more(portal: Portal, peer: Website, draft: dict[str, Any]) -> None:
    resource_id = _link(portal, draft["id"], peer.gives("/a.csv"))
    taking.fetch(resource_id)
    file = FileStorage(io.BytesIO(b"Lain;1\nA;2\n"), "lain.csv", content_type="text/csv")
    assert portal.call("editor", "resource_patch", id=resource_id, upload=file)[0] == 200
    assert not _resource(portal, resource_id).get("tautan_asal")
    forged = {"id": resource_id, "tautan_asal": "https://bps.example/a.csv", "tautan_luar": "tidak_dijamin"}
    assert portal.call("editor", "resource_patch", **forged)[0] == 200
    assert not _resource(portal, resource_id).get("tautan_asal")
    assert not _resource(portal, resource_id).get("tautan_luar")


@pytest.mark.thorough
def test_an_address_in_the_place_of_the_fetched_file_is_asked_again(
    portal: Portal, peer: Website, draft: dict[str, Any]
) -> None:
    url = peer.gives("/a.csv")
    resource_id = _link(portal, draft["id"], url)
    taking.fetch(resource_id)
    assert portal.call("editor", "resource_patch", id=resource_id, url=url, url_type="")[0] == 200
    assert _standing(portal, resource_id)["state"] == "waiting"
    taking.fetch(resource_id)
    assert _resource(portal, resource_id)["url_type"] == "upload"


def test_a_dead_worker_is_replaced_by_the_clock(portal: Portal, peer: Website, draft: dict[str, Any]) -> None:
    resource_id = _link(portal, draft["id"], peer.gives("/a.csv"))
    died = sa.update(link).values(state="fetching", attempts=1, started=sa.func.now() - sa.text("interval '1 hour'"))
    model.Session.execute(died)
    model.Session.commit()
    taking.fetch(resource_id)
    assert peer.asked == []
    taking.tick()
    taking.fetch(resource_id)
    assert _standing(portal, resource_id)["state"] == "fetched"
    model.Session.execute(died.values(attempts=taking.ATTEMPTS))
    model.Session.commit()
    taking.tick()
    assert model.Session.execute(sa.select(link.c.state, link.c.code)).one() == ("failed", "lost")


def test_what_was_asked_for_before_does_not_replace_what_is_asked_for_now(
    portal: Portal, peer: Website, draft: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    resource_id = _link(portal, draft["id"], peer.gives("/lama.csv"))
    new = peer.gives("/baru.csv", "Baru;1\nA;2\n")
    fetch = fetching.fetch

    def changed_meanwhile(*given: Any, **named: Any) -> Any:
        got = fetch(*given, **named)
        monkeypatch.setattr(fetching, "fetch", fetch)
        assert portal.call("editor", "resource_patch", id=resource_id, url=new)[0] == 200
        return got

    monkeypatch.setattr(fetching, "fetch", changed_meanwhile)
    taking.fetch(resource_id)
    assert _resource(portal, resource_id)["url"] == new
    meanwhile = [FileStorage(io.BytesIO(b"Lain;1\nA;2\n"), "lain.csv", content_type="text/csv")]

    def uploaded_meanwhile(*given: Any, **named: Any) -> Any:
        got = fetch(*given, **named)
        assert portal.call("editor", "resource_patch", id=resource_id, upload=meanwhile.pop())[0] == 200
        return got

    monkeypatch.setattr(fetching, "fetch", uploaded_meanwhile)
    taking.fetch(resource_id)
    found = _resource(portal, resource_id)
    assert (found["url"].rpartition("/")[2], found.get("tautan_asal")) == ("lain.csv", None)


def test_only_who_may_change_the_file_asks_and_only_insiders_are_told(
    portal: Portal, peer: Website, draft: dict[str, Any]
) -> None:
    resource_id = _link(portal, draft["id"], peer.gives("/a.csv"))
    for who in (None, "stranger", "other", "member"):
        for action in ("satudata_link_fetch", "satudata_link_keep"):
            assert portal.call(who, action, resource_id=resource_id)[0] == 403, (who, action)
    for who in (None, "stranger", "other"):
        assert portal.call(who, "satudata_link_show", resource_id=resource_id)[0] in (403, 404), who
        assert portal.call(who, "satudata_link_list", id=draft["id"])[0] in (403, 404), who
    assert portal.call("member", "satudata_link_list", id=draft["id"])[1][0]["state"] == "waiting"
    portal.set_state(draft["id"], "published")
    for action in ("satudata_link_fetch", "satudata_link_keep"):
        assert portal.call("editor", action, resource_id=resource_id)[0] == 409, action
    assert portal.call(None, "satudata_link_show", resource_id=resource_id)[0] == 403


def test_the_page_tells_how_far_it_is_and_what_to_do(portal: Portal, peer: Website, draft: dict[str, Any]) -> None:
    form = {"url": peer.gives("/laman", "<html>", Content_Type="text/html"), "name": "Rumah"}
    place = f"/dataset/{draft['name']}/resource"
    sent = {"headers": portal.headers("editor"), "follow_redirects": False}
    saved = portal.client.post(f"{place}/new", data=form, **sent)
    page = saved.headers["Location"].partition(place)[2]
    resource_id = page.split("/")[1]
    assert page.endswith("/tautan")
    waiting = portal.get("editor", f"{place}{page}").text
    assert f'data-sd-wait="{place}{page}/kemajuan"' in waiting
    assert 'http-equiv="refresh"' in waiting
    assert portal.get("editor", f"{place}{page}/kemajuan").headers["X-Satudata-State"] == "queued"
    taking.fetch(resource_id)
    assert portal.get("editor", f"{place}{page}/kemajuan").headers["X-Satudata-State"] == "failed"
    failed = portal.get("editor", f"{place}{page}").text
    assert "halaman web, bukan file data" in failed
    assert 'value="keep"' not in failed
    for who in (None, "stranger"):
        assert portal.get(who, f"{place}{page}").status_code in (302, 403, 404), who
    peer.gives("/laman", CSV)
    assert portal.client.post(f"{place}{page}", data={"act": "fetch"}, **sent).status_code == 302
    taking.fetch(resource_id)
    assert "disimpan di sini" in portal.get("editor", f"{place}{page}").text
    assert form["url"] in portal.get("editor", f"{place}/{resource_id}").text


# -- a link that stays one ---------------------------------------------------------------------------------------------


def test_what_cannot_be_fetched_says_why_and_passes_only_where_the_portal_allows_it(
    portal: Portal, peer: Website, draft: dict[str, Any], ckan_config: Any
) -> None:
    resource_id = _link(portal, draft["id"], peer.gives("/laman", "<html>", Content_Type="text/html"))
    status, refused = portal.call("editor", "satudata_link_keep", resource_id=resource_id)
    assert (status, next(iter(refused))) == (409, "resource_id")
    ckan_config["ckanext.satudata.links.unguaranteed"] = True
    assert portal.call("editor", "satudata_link_keep", resource_id=resource_id)[0] == 409  # nobody tried yet
    taking.fetch(resource_id)
    found = _standing(portal, resource_id)
    assert (found["state"], found["finding"]["code"], found["passes"]) == ("failed", "html", False)
    assert "halaman web" in found["finding"]["problem"]
    assert "tidak dijamin" in found["why"]["id"]
    assert portal.call("editor", "satudata_link_keep", resource_id=resource_id)[1]["passes"]
    assert _resource(portal, resource_id)["tautan_luar"] == "tidak_dijamin"
    assert _reasons(draft["id"]) == []
    ckan_config["ckanext.satudata.links.unguaranteed"] = False
    assert _reasons(draft["id"]) == [("link", resource_id)]


def test_a_published_link_is_looked_at_and_its_people_are_told(
    portal: Portal, peer: Website, draft: dict[str, Any], ckan_config: Any
) -> None:
    ckan_config["ckanext.satudata.links.unguaranteed"] = True
    url = peer.gives("/laman", "<html>", Content_Type="text/html", ETag='"1"')
    resource_id = _link(portal, draft["id"], url, tautan_luar="tidak_dijamin")
    taking.fetch(resource_id)
    portal.set_state(draft["id"], "published")
    watching.begin(_event(draft["id"]))
    model.Session.commit()

    def look() -> tuple[str | None, int]:
        watching.look(resource_id)
        status, found = portal.call("reviewer", "satudata_notice_list")
        assert status == 200, found
        watch = _standing(portal, resource_id)["watch"]
        return (watch["state"] if watch else None), found["count"]

    assert look() == ("same", 0)
    peer.gives("/laman", "a;b\n1;2\n", ETag='"2"')
    assert look() == ("changed", 1)
    assert look() == ("changed", 1)
    assert peer.asked[-1][1]["If-None-Match"] == '"2"'
    del peer.answers["/laman"]
    assert look() == ("changed", 1)  # once is an outage
    assert look() == ("dead", 2)
    assert look() == ("dead", 2)
    assert portal.call("editor", "satudata_notice_list")[1]["count"] == 2
    portal.set_state(draft["id"], "archived")
    assert look() == (None, 2)
    assert model.Session.execute(sa.select(link.c.look_next)).scalar() is None


def test_a_published_link_becomes_a_file_by_a_working_copy(
    portal: Portal, peer: Website, draft: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An adopted dataset keeps its link until its next version is approved, with the file in its place."""
    use_rulebook(monkeypatch)
    url = peer.gives("/data/rumah.csv")
    linked = "update resource set url = :url, url_type = null where package_id = :id"
    model.Session.execute(sa.text(linked), {"url": url, "id": draft["id"]})
    model.Session.execute(sa.text("delete from satudata_blob"))
    model.Session.commit()
    portal.set_state(draft["id"], "published", basis="adopted")
    changing = Changing(portal, portal.show(draft["id"]))
    period = changing.open(kind="periode")  # what is public stays as it is, and is not asked for
    assert _reasons(period["id"]) == []
    assert _standing(portal, period["resources"][0]["id"])["state"] == "none"
    assert portal.call("editor", "satudata_copy_discard", id=period["id"])[0] == 200
    copy = changing.open(note="File disimpan di portal.")
    assert [code for code, _ in _reasons(copy["id"])] == ["link"]
    taking.fetch(copy["resources"][0]["id"])
    changing.publish(copy["id"])
    found = portal.call(None, "package_show", id=draft["id"])[1]["resources"][0]
    assert (found["id"], found["tautan_asal"]) == (draft["resources"][0]["id"], url)
    assert portal.get(None, f"/dataset/{draft['id']}/resource/{found['id']}/download/rumah.csv").text == CSV


def _event(dataset_id: str) -> Any:
    return SimpleNamespace(subject_id=dataset_id)
