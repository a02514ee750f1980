"""Of *terbatas* data everybody reads the description and those it is shared with the files; *tertutup* stays closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.bridge import access
from ckanext.satudata.interfaces import SubjectView
from ckanext.satudata.publication import effects, guard, minor, reconcile, rows
from tests.daily import cases
from tests.slices import remembered

from .conftest import CANARY, Portal
from .copying import Changing, use_rulebook

CELL = "sel9c41d2"
TABLE = f"Kecamatan;Jumlah\n{CELL};1474\nMekarsari;686\n"
OUTSIDE = (None, "collaborator")
NAMED = ("member", "partner", "holder")
LIMITED = {"klasifikasi_akses": "terbatas", "dibagikan_kepada": ["Dinas Sosial"]}
LIMITED["dibagikan_kepada_peran"] = ["pembina_data"]
OPEN = {"klasifikasi_akses": "terbuka", "license_id": "cc-by"}

# Every way to bytes, rows or cells of the file.
WAYS: dict[str, Callable[[Portal, str | None, dict[str, str]], Any]] = {
    "download": lambda portal, who, at: portal.get(who, "/dataset/{id}/resource/{file}/download/x.csv".format(**at)),
    "download bare": lambda portal, who, at: portal.get(who, "/dataset/{name}/resource/{file}/download".format(**at)),
    "tabel.csv": lambda portal, who, at: portal.get(who, "/dataset/{id}/resource/{file}/tabel.csv".format(**at)),
    "dump": lambda portal, who, at: portal.get(who, "/datastore/dump/{file}".format(**at)),
    "dataset page": lambda portal, who, at: portal.get(who, "/dataset/{name}".format(**at)),
    "file page": lambda portal, who, at: portal.get(who, "/dataset/{name}/resource/{file}".format(**at)),
    "datastore_search": lambda portal, who, at: portal.call(who, "datastore_search", resource_id=at["file"]),
    "datastore_search by id": lambda portal, who, at: portal.call(who, "datastore_search", id=at["file"]),
    "table_show": lambda portal, who, at: portal.call(who, "satudata_table_show", resource_id=at["file"]),
}
# What says something of the rows without naming a cell.
ABOUT = {
    "datastore_info": lambda at: {"id": at["file"]},
    "resource_view_show": lambda at: {"id": at["view"]},
}


@dataclass
class Shared(Changing):
    """A dataset of the class *terbatas*, shared with an organization and with a role, and who may and may not."""

    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def at(self) -> dict[str, str]:
        file = self.live["resources"][0]["id"]
        views = call_action("resource_view_list", id=file)
        return {"id": self.live["id"], "name": self.live["name"], "file": file, "view": views[0]["id"]}

    def cell_by(self, who: str | None, ways: Iterable[str] = tuple(WAYS)) -> set[str]:
        """On which of these ways somebody gets the cell."""
        at = self.at
        return {name for name in ways if CELL in _text(WAYS[name](self.portal, who, at))}

    def change(self, **values: Any) -> str:
        """A working copy with these fields becomes the public version; what the Walidata is told then."""
        made = self.open()
        status, answer = self.portal.call("editor", "package_patch", id=made["id"], **values)
        assert status == 200, answer
        told = self.publish(made["id"])["message"]
        search.commit()
        return told


def _text(answer: Any) -> str:
    return str(answer) if isinstance(answer, tuple) else answer.get_data(as_text=True)


def _begin(portal: Portal) -> Shared:
    """Through the real steps: described, submitted, passed, published, its table loaded."""
    dinsos = factories.Organization(name="dinas-sosial", title="Dinas Sosial")
    for who in ("partner", "holder", "collaborator"):
        portal.person(who)
    portal.join("partner", dinsos, "member")
    portal.grant("holder", "pembina_data", portal.dikbud["id"])
    shared = Shared(portal)
    made = portal.dataset(title="Rumah tidak layak huni", notes="Versi pertama.", tags=[], **LIMITED)
    portal.call("editor", "resource_delete", id=made["resources"][0]["id"])
    shared.table(made["id"], TABLE)
    shared.publish(made["id"])
    assert rows.load_due() == 1
    model.Session.remove()
    search.commit()
    shared.live = portal.show(made["id"])
    shared.tokens = dict(portal.tokens)
    return shared


@pytest.fixture
def limited(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Shared:
    use_rulebook(monkeypatch)
    shared = remembered.begin(_begin, portal=portal)
    shared.portal.tokens.update(shared.tokens)
    return shared


@pytest.fixture
def closed(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Changing:
    """Approved, and never seen by anybody outside; its file is no judged table."""
    use_rulebook(monkeypatch)
    changing = Changing(portal)
    changing.live = portal.dataset(klasifikasi_akses="tertutup")
    changing.publish(changing.live["id"])
    search.commit()
    return changing


@pytest.mark.parametrize(
    ("outside", "named"),
    cases((OUTSIDE, NAMED), thorough=[(("stranger", "other"), ("editor", "reviewer", "sysadmin"))]),
)
def test_limited_files_are_for_the_named_and_the_description_for_all(
    limited: Shared, monkeypatch: pytest.MonkeyPatch, outside: tuple[str | None, ...], named: tuple[str, ...]
) -> None:
    monkeypatch.setitem(tk.config, "ckan.auth.allow_dataset_collaborators", True)
    call_action("package_collaborator_create", id=limited.live["id"], user_id="orang-collaborator", capacity="editor")
    got = {who: limited.cell_by(who) for who in (*outside, *named)}
    assert got == {**{who: set() for who in outside}, **{who: set(WAYS) for who in named}}
    for who in outside:
        shown = limited.portal.call(who, "package_show", id=limited.live["id"])[1]
        assert shown["resources"][0]["name"] == "Tabel"
        assert limited.portal.call(who, "package_search", q="layak")[1]["count"] == 1


def test_who_gets_no_file_is_told_for_whom_it_is_and_whom_to_ask(limited: Shared) -> None:
    at, portal = limited.at, limited.portal
    for who in (None, "stranger"):
        download = portal.get(who, "/dataset/{id}/resource/{file}/download/x.csv".format(**at))
        assert (download.status_code, download.headers["Cache-Control"]) == (403, "private, no-store")
        words = download.get_data(as_text=True)
        assert "hanya untuk Dinas Kesehatan, Dinas Sosial, Pembina Data" in words
        for action, data in {
            "datastore_search": {"resource_id": at["file"]},
            "satudata_table_show": {"resource_id": at["file"]},
        }.items():
            status, error = portal.call(who, action, **data)
            assert (status, "Dinas Sosial" in error["message"]) == (403, True), action
        for action, data in ABOUT.items():
            assert portal.call(who, action, **data(at))[0] == 403, action
        assert portal.call(who, "resource_view_list", id=at["file"]) == (200, [])
    pages = [
        portal.get(None, "/dataset/{name}".format(**at)),
        portal.get(None, "/dataset/{name}/resource/{file}".format(**at)),
    ]
    for page in pages:
        words = page.get_data(as_text=True)
        assert "Akses terbatas" in words
        assert "/download" not in words
        assert "tabel.csv" not in words


def test_sql_reads_a_limited_table_for_the_named_only(limited: Shared) -> None:
    def ask(who: str) -> None:
        asking: Any = {"user": who, "table_names": [limited.at["file"]]}
        tk.check_access("datastore_search_sql", asking, {})

    ask("orang-partner")
    for who in ("", "orang-stranger"):
        with pytest.raises(tk.NotAuthorized, match="Dinas Sosial"):
            ask(who)


def test_a_share_ends_with_the_membership_and_the_grant(limited: Shared) -> None:
    site: Any = {"user": "orang-sysadmin"}
    call_action("organization_member_delete", site, id="dinas-sosial", username="orang-partner")
    model.Session.execute(sa.text("update satudata_grant set ended = now() where role = 'pembina_data'"))
    model.Session.commit()
    ways = ["download", "datastore_search"]
    assert limited.cell_by("partner", ways) == limited.cell_by("holder", ways) == set()


def test_the_swap_opens_files_with_the_approval_and_closes_them_at_once(limited: Shared) -> None:
    ways = {"download", "tabel.csv", "datastore_search"}
    copy = limited.open()
    limited.portal.call("editor", "package_patch", id=copy["id"], **OPEN)
    limited.review(copy["id"])
    assert limited.cell_by("stranger", ways) == set()
    limited.done("reviewer", copy["id"], "publish")
    assert limited.cell_by("stranger", ways) == ways
    limited.change(**LIMITED)
    assert limited.cell_by("stranger", ways) == set()
    assert limited.cell_by("partner", ways) == ways


def test_a_closed_dataset_is_approved_and_seen_by_its_own_only(closed: Changing) -> None:
    portal, dataset_id = closed.portal, closed.live["id"]
    download = f"/dataset/{dataset_id}/resource/{closed.live['resources'][0]['id']}/download/x.csv"
    assert not portal.is_public(dataset_id)
    assert CANARY in portal.get("reviewer", download).get_data(as_text=True)
    refused = portal.get("other", download)
    assert (refused.status_code, "Akses terbatas" in refused.get_data(as_text=True)) == (403, False)
    assert portal.call("sysadmin", "satudata_case_show", id=dataset_id)[1]["state"] == "published"
    words = portal.get("editor", f"/dataset/{closed.live['name']}/status").get_data(as_text=True)
    assert "Disetujui, dan tertutup" in words
    assert "Disetujui, tertutup</span>" in words  # where another has "Terbit"
    assert portal.call("admin", "bulk_update_public", datasets=[dataset_id], org_id=portal.dinkes["id"])[0] == 403
    # withdrawn, it leaves nothing in the public list: nobody outside ever saw it
    closed.done("reviewer", dataset_id, "unpublish", reason_code="usang", note="Usang.")
    assert portal.call(None, "satudata_withdrawn_list")[1]["count"] == 0


def test_where_a_limited_file_was_fetched_from_is_told_with_the_file(limited: Shared) -> None:
    dataset_id, origin = limited.live["id"], "https://situs.example/rumah.csv"
    with guard.passing(dataset_id):
        resource = model.Resource.get(limited.at["file"])
        assert resource is not None
        resource.extras = {**(resource.extras or {}), "tautan_asal": origin}
        model.Session.commit()
    search.rebuild(dataset_id)
    for who, expected in (("stranger", None), (None, None), *((name, origin) for name in NAMED)):
        shown = limited.portal.call(who, "package_show", id=dataset_id)[1]["resources"][0]
        assert shown.get("tautan_asal") == expected, who
        found = limited.portal.call(who, "package_search", q=f"id:{dataset_id}")[1]["results"][0]["resources"][0]
        assert found.get("tautan_asal") is None, "the index tells everybody the same"


def test_a_closed_dataset_that_drifted_to_public_is_closed_again(closed: Changing) -> None:
    model.Session.execute(sa.text("select set_config('satudata.pass', '*', true)"))
    model.Session.execute(sa.text("update package set private = false where id = :id"), {"id": closed.live["id"]})
    model.Session.commit()
    search.rebuild(closed.live["id"])
    assert closed.portal.call(None, "package_show", id=closed.live["id"])[0] == 403
    assert reconcile.mend() == [closed.live["id"]]
    assert closed.portal.row(closed.live["id"])["private"] is True


@pytest.mark.thorough
def test_a_dataset_that_becomes_closed_is_told_to_harvesters_without_its_title(limited: Shared) -> None:
    assert "Publik tidak melihatnya" in limited.change(klasifikasi_akses="tertutup")
    portal = limited.portal
    assert not portal.is_public(limited.live["id"])
    assert limited.cell_by("stranger", ["download", "datastore_search", "table_show"]) == set()
    told = portal.call(None, "satudata_withdrawn_list")[1]["results"]
    assert [(one["dataset_id"], one["title"], one["reason_code"]) for one in told] == [
        (limited.live["id"], None, "dikecualikan")
    ]
    limited.change(**OPEN)
    assert portal.is_public(limited.live["id"])
    assert portal.call(None, "satudata_withdrawn_list")[1]["count"] == 0


def test_a_share_with_somebody_unknown_is_refused_at_its_field(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    use_rulebook(monkeypatch)
    given = {"dibagikan_kepada": ["Dinas Kesehatan", "Dinas Antariksa"], "dibagikan_kepada_peran": ["presiden"]}
    status, error = portal.call(
        "editor", "package_create", name="x-1", title="X", owner_org=portal.dinkes["id"], **LIMITED | given
    )
    assert status == 409
    assert "“Dinas Antariksa” bukan organisasi" in error["dibagikan_kepada"][0]
    assert "“presiden” bukan peran" in error["dibagikan_kepada_peran"][0]


def test_limited_data_cannot_lie_at_another_site(portal: Portal) -> None:
    made = portal.dataset(klasifikasi_akses="terbatas")
    view = SubjectView("dataset", made["id"], "X", "o", "O", "h", "/dataset/x", {access.FIELD: "terbatas"})
    assert effects.publishable("publish", view) == []
    portal.call("editor", "resource_create", package_id=made["id"], url="https://contoh.go.id/x.csv", name="Tautan")
    assert [one.code for one in effects.publishable("publish", view)] == ["publication.limited_link"]


def test_for_whom_the_data_are_is_never_a_minor_change(limited: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, minor.OPTION, "dibagikan_kepada klasifikasi_akses notes")
    fields = {"klasifikasi_akses": "terbuka"}
    status, error = limited.portal.call("editor", "satudata_minor_change", id=limited.live["id"], fields=fields)
    assert (status, error["reasons"][0]["code"]) == (409, "minor.not_free")
