"""The life of offices: somebody leaves, an organization is renamed, merged, split, while cases run."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from ckan.lib import search

from ckanext.satudata.bridge import roles
from ckanext.satudata.publication import offices as moves
from tests.slices.workflow.conftest import engine

from .conftest import Office


def _owner(dataset: str) -> str | None:
    model.Session.expire_all()
    package = model.Package.get(dataset)
    assert package is not None
    return package.owner_org


def _group(reference: str) -> model.Group:
    group = model.Group.get(reference)
    assert group is not None
    return group


def _members(organization: str) -> dict[str, str]:
    query = sa.text(
        'select u.name, m.capacity from member m join "user" u on u.id = m.table_id'
        " where m.group_id = :id and m.table_name = 'user' and m.state = 'active' and not u.sysadmin"
    )
    return {row.name: row.capacity for row in model.Session.execute(query, {"id": organization})}


def _events(office: Office, dataset: str) -> list[str]:
    return [event["transition"] for event in office.call("admin", "satudata_history", id=dataset)]


def _merge(office: Office, **more: Any) -> dict[str, Any]:
    return office.call("admin", "satudata_office_merge", **{"from": ["dinkes"]}, into="disdik", **more)


def test_only_sysadmins_change_offices(office: Office) -> None:
    for who in ("", "walidata", "operator_dua"):
        for action, data in (
            ("satudata_office_leave", {"user": "operator"}),
            ("satudata_office_rename", {"id": "dinkes", "title": "X"}),
            ("satudata_office_merge", {"from": ["dinkes"], "into": "disdik"}),
            ("satudata_office_split", {"from": "dinkes", "into": "disdik", "match": "rumah"}),
            ("satudata_office_change_list", {}),
            ("satudata_office_move", {"id": "x", "organization": office.disdik["id"]}),
        ):
            with pytest.raises(tk.NotAuthorized):
                office.call(who, action, **data)


# -- leaving


def test_who_leaves_holds_nothing_and_what_they_began_is_listed(office: Office) -> None:
    draft = office.dataset("operator_dua")
    office.grant("operator_dua", "walidata", organization="disdik")
    told = office.call("admin", "satudata_office_leave", user="operator_dua", dry_run=True)
    assert [grant["post"] for grant in told["grants"]] == ["Walidata"]
    assert [place["capacity"] for place in told["memberships"]] == ["admin"]
    assert [one["id"] for one in told["begun"]] == [draft]
    assert roles.roles_of(office.id("operator_dua"))  # nothing was done yet
    office.call("admin", "satudata_office_leave", user="operator_dua")
    assert roles.roles_of(office.id("operator_dua")) == []
    assert roles.memberships_of(office.id("operator_dua")) == []
    again = office.call("admin", "satudata_office_leave", user="operator_dua")
    assert again["grants"] == again["memberships"] == []
    [change] = office.call("admin", "satudata_office_change_list")
    assert (change["kind"], change["user"]["name"], change["by"]["name"]) == ("leave", "operator_dua", "admin")


def test_what_somebody_held_is_free_for_others(office: Office, submitted: str) -> None:
    office.call("walidata", "satudata_claim", id=submitted)
    told = office.call("admin", "satudata_office_leave", user="walidata", dry_run=True)
    assert [one["id"] for one in told["claims"]] == [submitted]
    office.call("admin", "satudata_office_leave", user="walidata")
    assert "release" in _events(office, submitted)
    office.grant("tamu", "walidata")
    office.decide("tamu", submitted, "pass")


def test_a_transfer_ends_only_what_belongs_to_the_old_office(office: Office) -> None:
    office.grant("operator", "walidata", organization="disdik")
    told = office.call("admin", "satudata_office_leave", user="operator", organization="dinkes")
    assert told["grants"] == []
    assert roles.memberships_of(office.id("operator")) == []
    assert len(roles.roles_of(office.id("operator"))) == 1


def test_a_plh_ends_when_who_was_absent_leaves_but_a_plt_goes_on(office: Office) -> None:
    period = {"valid_until": "2099-01-01", "letter": "1/2026"}
    office.grant("anggota", "pembina_data", organization="dinkes", valid_from="2020-01-01", valid_until="2020-12-31")
    office.call("admin", "satudata_deputy_create", user="tamu", deputy_of="anggota", kind="plt", **period)
    office.grant("anggota", "walidata", organization="dinkes")
    office.call("admin", "satudata_deputy_create", user="tamu", deputy_of="anggota", kind="plh", **period)
    office.call("admin", "satudata_office_leave", user="anggota")
    assert [(grant.role, grant.deputy_kind) for grant in roles.roles_of(office.id("tamu"))] == [("pembina_data", "plt")]


def test_a_deleted_account_leaves_in_the_same_transaction(office: Office) -> None:
    with pytest.raises(tk.NotAuthorized):
        office.call("operator", "user_delete", id="walidata")
    assert roles.roles_of(office.id("walidata"))
    office.call("admin", "user_delete", id="walidata")
    [grant] = office.call("admin", "satudata_grant_list", user=office.id("walidata"), ended=True)
    assert grant["status"] == "ended"
    assert grant["ended"] is not None
    with pytest.raises(tk.ObjectNotFound):
        office.call("admin", "user_delete", id="tidak-ada")


# -- renaming


def test_a_renamed_office_is_found_by_its_new_title(office: Office) -> None:
    dataset = office.dataset()
    told = office.call("admin", "satudata_office_rename", id="dinkes", name="dinkes-baru", title="Dinas Kesehatan Baru")
    assert told["indexed"] == 1
    search.commit()
    asked = {"q": f"id:{dataset}", "include_private": True}
    [found] = office.call("admin", "package_search", **asked)["results"]
    assert found["organization"]["title"] == "Dinas Kesehatan Baru"
    assert _members(office.dinkes["id"])["operator"] == "editor"
    [change] = office.call("admin", "satudata_office_change_list")
    assert change["details"]["old_name"] == "dinkes"


def test_a_name_that_is_taken_or_none_is_refused(office: Office) -> None:
    for name in ("disdik", "Dinas Kesehatan", "x"):
        with pytest.raises(tk.ValidationError) as caught:
            office.call("admin", "satudata_office_rename", id="dinkes", name=name)
        assert "name" in caught.value.error_dict
    with pytest.raises(tk.ObjectNotFound):
        office.call("admin", "satudata_office_rename", id="tidak-ada", title="X")
    told = office.call("admin", "satudata_office_rename", id="dinkes", title="Dinas", dry_run=True)
    assert told["changed"]
    assert _group("dinkes").title == "Dinas Kesehatan"


# -- merging


def test_a_merge_moves_running_cases_as_they_stand(office: Office, submitted: str) -> None:
    draft = office.dataset()
    before = office.case(submitted)
    told = _merge(office, letter="188/5/2026")
    assert [move["done"] for move in told["moves"]] == [True]
    after = office.case(submitted)
    for key in ("state", "stage", "round", "definition", "since", "due"):
        assert after[key] == before[key]
    assert after["organization"]["title"] == "Dinas Pendidikan"
    assert _events(office, submitted) == ["office_moved", "submit"]
    assert _events(office, draft) == ["office_moved"]
    office.decide("walidata", submitted, "pass")


def test_what_is_public_stays_public_under_the_new_office(office: Office, submitted: str) -> None:
    office.decide("walidata", submitted, "pass")
    office.decide("walidata", submitted, "publish")
    _merge(office)
    search.commit()
    shown = office.call("", "package_show", id=submitted)
    assert (shown["private"], shown["organization"]["title"]) == (False, "Dinas Pendidikan")
    [found] = office.call("", "package_search", q=f"id:{submitted}")["results"]
    assert found["owner_org"] == office.disdik["id"]
    with pytest.raises(tk.ValidationError):  # the guard stands as before
        office.call("admin", "package_patch", id=submitted, title="Lain")


def test_who_stays_behind_in_a_split_reads_the_moved_draft_no_more(office: Office) -> None:
    draft = office.dataset()
    office.call("admin", "satudata_office_split", **{"from": "dinkes"}, into="disdik", datasets=[draft])
    search.commit()
    with pytest.raises(tk.NotAuthorized):
        office.call("anggota", "package_show", id=draft)
    asked = {"q": f"id:{draft}", "include_private": True}
    assert office.call("anggota", "package_search", **asked)["results"] == []
    assert office.call("operator_lain", "package_search", **asked)["count"] == 1
    office.call("operator_lain", "package_patch", id=draft, title="Milik kami sekarang")


def test_the_history_stays_whole_when_offices_change(office: Office, submitted: str) -> None:
    _merge(office)
    event = office.call("admin", "satudata_history", id=submitted)[0]
    assert (event["transition"], event["from_state"], event["to_state"]) == ("office_moved", "in_review", "in_review")
    assert event["actor"]["name"] == "admin"


def test_a_dry_run_says_what_will_move_and_moves_nothing(office: Office, submitted: str) -> None:
    office.grant("tamu", "walidata", organization="dinkes")
    told = _merge(office, dry_run=True)
    [move] = told["moves"]
    assert [one["state"] for one in move["datasets"]] == ["in_review"]
    assert [grant["user"]["name"] for grant in move["grants"]] == ["tamu"]
    assert {place["user"]["name"]: place["capacity"] for place in move["members"]} == {
        "operator": "editor",
        "operator_dua": "admin",
        "anggota": "member",
    }
    assert _owner(submitted) == office.dinkes["id"]
    assert _group("dinkes").state == "active"
    assert office.call("admin", "satudata_office_change_list") == []


def test_roles_and_members_work_on_in_the_new_office(office: Office) -> None:
    office.grant("tamu", "walidata", position="kasi", organization="dinkes", valid_until="2099-12-31", letter="9/2026")
    _merge(office)
    [grant] = roles.roles_of(office.id("tamu"))
    assert (grant.role, grant.position, grant.organization_id) == ("walidata", "kasi", office.disdik["id"])
    [listed] = office.call("admin", "satudata_grant_list", user="tamu")
    assert (listed["last_day"], listed["letter"]) == ("2099-12-31", "9/2026")
    assert _members(office.disdik["id"]) == {
        "operator": "editor",
        "operator_dua": "admin",
        "anggota": "member",
        "operator_lain": "editor",
    }


def test_the_old_office_stays_as_a_deleted_one_with_a_note(office: Office) -> None:
    _merge(office, letter="188/5/2026")
    group = _group(office.dinkes["id"])
    assert group.state == "deleted"
    assert "188/5/2026" in group.description
    [change] = office.call("admin", "satudata_office_change_list", kind="merge")
    assert (change["from"]["title"], change["into"]["title"]) == ("Dinas Kesehatan", "Dinas Pendidikan")


def test_a_merge_that_was_stopped_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = office.dataset(), office.dataset()
    move = tk.get_action("satudata_office_move")
    moved: list[str] = []

    def stopped(context: Any, data: dict[str, Any]) -> Any:
        if moved:
            raise KeyboardInterrupt
        moved.append(data["id"])
        return move(context, data)

    real = tk.get_action
    monkeypatch.setattr(tk, "get_action", lambda name: stopped if name == "satudata_office_move" else real(name))
    with pytest.raises(KeyboardInterrupt):
        _merge(office)
    monkeypatch.undo()
    model.Session.rollback()
    assert {_owner(first), _owner(second)} == {office.dinkes["id"], office.disdik["id"]}
    told = _merge(office)
    assert told["moves"][0]["done"]
    assert _owner(first) == _owner(second) == office.disdik["id"]
    assert _events(office, moved[0]) == ["office_moved"]
    assert _merge(office)["moves"] == []  # a third time there is nothing left


def test_a_dataset_somebody_is_deciding_on_is_left_for_the_next_run(
    office: Office, submitted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "LOCK_SECONDS", 1)
    with engine().begin() as connection:
        connection.execute(sa.text("select 1 from package where id = :id for update"), {"id": submitted})
        told = _merge(office)
    [move] = told["moves"]
    assert [one["id"] for one in move["failed"]] == [submitted]
    assert not move["done"]
    assert _group("dinkes").state == "active"
    assert _merge(office)["moves"][0]["done"]


def test_a_merge_that_makes_no_sense_is_refused(office: Office) -> None:
    for data in ({"from": ["disdik"]}, {"from": ["tidak-ada"]}, {"from": []}, {"from": 3}):
        with pytest.raises(tk.ValidationError) as caught:
            office.call("admin", "satudata_office_merge", **data, into="disdik")
        assert "from" in caught.value.error_dict
    with pytest.raises(tk.ValidationError):
        office.call("admin", "satudata_office_merge", **{"from": ["dinkes"]}, into="tidak-ada")


def test_offices_below_hang_below_the_new_one(kantor: Office, puskesmas: dict[str, Any]) -> None:
    _merge(kantor)
    assert roles.parents_of(puskesmas["id"]) == (kantor.disdik["id"],)


# -- splitting


def test_a_split_moves_what_was_named_or_matches(office: Office) -> None:
    houses = office.dataset(title="Jumlah Rumah")
    schools = office.dataset(title="Jumlah Sekolah Dasar")
    other = office.dataset(title="Jumlah Puskesmas")
    office.call("admin", "satudata_office_split", **{"from": "dinkes"}, into="disdik", match="sekolah")
    assert _owner(schools) == office.disdik["id"]
    data = {"from": "dinkes", "into": "disdik", "datasets": [houses]}
    office.call("admin", "satudata_office_split", **data)
    office.call("admin", "satudata_office_split", **data)  # the same list again
    assert _owner(houses) == office.disdik["id"]
    assert _owner(other) == office.dinkes["id"]
    assert _members(office.dinkes["id"])["operator"] == "editor"
    assert len(office.call("admin", "satudata_office_change_list", kind="split")) == 2


def test_a_split_of_somebody_elses_dataset_is_refused(office: Office) -> None:
    theirs = office.dataset("admin", "disdik")
    mine = office.dataset()
    third = office.call("admin", "organization_create", name="bappeda", title="Bappeda")
    for wrong in ({"datasets": [mine, theirs]}, {"datasets": []}, {"match": "tidak ada"}, {}):
        with pytest.raises(tk.ValidationError):
            office.call("admin", "satudata_office_split", **{"from": "dinkes"}, into=third["id"], **wrong)
    assert _owner(mine) == office.dinkes["id"]


# -- the command line


def test_the_command_line_shows_first_and_does_then(office: Office, submitted: str, cli: Any, tmp_path: Any) -> None:
    listing = tmp_path / "daftar.txt"
    listing.write_text(f"# yang pindah\n{submitted}\n", "utf-8")
    split = ["satudata", "office", "split", "dinkes", "disdik", "--datasets", str(listing)]
    shown = cli.invoke(ckan_command, [*split, "--dry-run"])
    assert shown.exit_code == 0, shown.output
    assert "Jumlah Rumah 1" in shown.output
    assert "dry run" in shown.output
    assert _owner(submitted) == office.dinkes["id"]
    assert cli.invoke(ckan_command, split).exit_code == 0
    assert _owner(submitted) == office.disdik["id"]
    for command in (
        ["leave", "operator", "--dry-run"],
        ["rename", "disdik", "--title", "Dinas Pendidikan dan Olahraga"],
        ["merge", "dinkes", "disdik", "--letter", "1/2026"],
        ["list"],
    ):
        done = cli.invoke(ckan_command, ["satudata", "office", *command])
        assert done.exit_code == 0, done.output
    assert "merge" in done.output
    assert cli.invoke(ckan_command, ["satudata", "office", "merge", "disdik"]).exit_code == 2
    assert cli.invoke(ckan_command, ["satudata", "office", "split", "a", "b"]).exit_code == 2
