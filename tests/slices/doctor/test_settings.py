"""Each check of versions, plugins and settings finds what is broken for it, and nothing in a sound portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan
import ckan.plugins as p
import pytest
from ckan.tests import factories

from ckanext.satudata.doctor.checks import disk_space, plugin_order, processor

from .conftest import Found

SOUND = (
    "ckan_version",
    "default_secrets",
    "open_settings",
    "outside_writers",
    "plugin_order",
    "processor",
    "rulebook",
    "site_address",
    "sql_search",
    "storage",
    "table_list",
)


@pytest.mark.parametrize("check", SOUND)
def test_a_sound_portal_has_no_finding(found: Found, check: str) -> None:
    assert found(check) == []


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.11.4", ["ckan_version.not_repaired"]),
        ("2.11.5", []),
        ("2.12.0", []),
        ("2.10.10", ["ckan_version.unsupported", "ckan_version.not_repaired"]),
        ("2.13.0a0", ["ckan_version.unsupported"]),
    ],
)
def test_an_unsupported_or_unrepaired_ckan(found: Found, monkeypatch: Any, version: str, expected: list[str]) -> None:
    monkeypatch.setattr(ckan, "__version__", version)
    assert found("ckan_version") == expected


def test_an_unrepaired_ckan_with_sql_search_is_an_error(told: Any, monkeypatch: Any, ckan_config: Any) -> None:
    monkeypatch.setattr(ckan, "__version__", "2.11.3")
    assert told("ckan_version")["severity"] == "warning"
    ckan_config["ckan.datastore.sqlsearch.enabled"] = True
    assert told("ckan_version")["severity"] == "error"


def test_sql_search_is_told(found: Found, ckan_config: Any) -> None:
    ckan_config["ckan.datastore.sqlsearch.enabled"] = True
    assert found("sql_search") == ["sql_search.enabled"]


@pytest.mark.parametrize("name", ["activity", "scheming_organizations"])
def test_a_missing_plugin(found: Found, name: str) -> None:
    p.unload(name)
    try:
        assert found("plugin_order") == [f"plugin_order.no_{name}"]
    finally:
        p.unload_all()
        p.load_all()


def test_a_second_plugin_with_labels_is_ignored_and_told(found: Found) -> None:
    p.load("example_ipermissionlabels")
    try:
        assert found("plugin_order") == ["plugin_order.labels_ignored"]
    finally:
        p.unload_all()
        p.load_all()


def test_another_plugin_before_ours_is_an_error(found: Found, monkeypatch: Any) -> None:
    monkeypatch.setattr(plugin_order, "_names", lambda interface: [interface.__name__.lower(), "satudata"])
    assert found("plugin_order") == ["plugin_order.files_not_first", "plugin_order.labels_not_first"]


def test_a_dataset_without_our_schema(found: Found, monkeypatch: Any) -> None:
    monkeypatch.setitem(plugin_order.tk.h, "scheming_get_dataset_schema", lambda _kind: {"dataset_fields": []})
    assert found("plugin_order") == ["plugin_order.no_schema"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("datasetapproval", "plugin_order.other_workflow"),
        ("approvalworkflow", "plugin_order.other_workflow"),
        ("s3filestore", "plugin_order.other_storage"),
    ],
)
def test_plugins_that_do_not_go_with_ours(found: Found, monkeypatch: Any, name: str, expected: str) -> None:
    loaded = p.plugin_loaded
    monkeypatch.setattr(p, "plugin_loaded", lambda asked: asked == name or loaded(asked))
    assert found("plugin_order") == [expected]


@pytest.mark.parametrize("option", ["SECRET_KEY", "beaker.session.secret", "api_token.jwt.encode.secret"])
@pytest.mark.parametrize("value", ["", "CHANGE_ME", "string:secret", "terlalu-pendek"])
def test_a_secret_of_an_example(found: Found, ckan_config: Any, option: str, value: str) -> None:
    ckan_config[option] = value
    assert "default_secrets.key" in found("default_secrets")


def test_the_password_of_an_example(found: Found, ckan_config: Any) -> None:
    ckan_config["ckan.datastore.write_url"] = "postgresql://ckan_default:pass@localhost/datastore_default"
    assert found("default_secrets") == ["default_secrets.database"]


@pytest.mark.parametrize("password", ["test1234", "orang-admin"])
def test_an_administrator_with_a_known_password(found: Found, password: str) -> None:
    factories.Sysadmin(name="orang-lain", password="cukup-panjang-dan-acak")
    assert found("known_passwords") == []
    factories.Sysadmin(name="orang-admin", password=password)
    assert found("known_passwords") == ["known_passwords.sysadmin"]


@pytest.mark.parametrize(
    "option",
    [
        "ckan.auth.public_user_details",
        "ckan.auth.create_unowned_dataset",
        "ckan.auth.anon_create_dataset",
        "ckan.auth.create_user_via_web",
        "ckan.auth.create_user_via_api",
        "ckan.auth.user_create_organizations",
        "ckan.auth.public_activity_stream_detail",
        "debug",
    ],
)
def test_an_option_that_should_be_off(found: Found, ckan_config: Any, option: str) -> None:
    ckan_config[option] = True
    assert found("open_settings") == [f"open_settings.{option.rpartition('.')[2]}"]


def test_forms_without_protection(found: Found, ckan_config: Any) -> None:
    ckan_config["WTF_CSRF_ENABLED"] = False
    assert found("open_settings") == ["open_settings.wtf_csrf_enabled"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["site_address.missing"]),
        ("http://data.contoh.go.id", ["site_address.not_encrypted"]),
        ("https://data.contoh.go.id", []),
        ("http://127.0.0.1:5000", []),
    ],
)
def test_the_address_of_the_portal(found: Found, ckan_config: Any, address: str, expected: list[str]) -> None:
    ckan_config["ckan.site_url"] = address
    assert found("site_address") == expected


def test_no_storage(found: Found, ckan_config: Any) -> None:
    ckan_config["ckan.storage_path"] = ""
    assert found("storage") == ["storage.missing"]


def test_a_storage_that_cannot_be_written(found: Found, ckan_config: Any, tmp_path: Path) -> None:
    ckan_config["ckan.storage_path"] = str(tmp_path / "tidak-ada")
    assert found("storage") == ["storage.not_writable"]


def test_a_storage_inside_a_served_folder(found: Found, ckan_config: Any, tmp_path: Path) -> None:
    (tmp_path / "berkas").mkdir()
    ckan_config["ckan.storage_path"] = str(tmp_path / "berkas")
    assert found("storage") == []
    ckan_config["extra_public_paths"] = f"/srv/lain, {tmp_path}"
    assert found("storage") == ["storage.served"]


def test_a_storage_that_is_marked_public(found: Found, ckan_config: Any) -> None:
    ckan_config["ckan.files.storage.resources.public"] = True
    assert found("storage") == ["storage.public"]


def test_a_disk_that_is_nearly_full(told: Any, found: Found, monkeypatch: Any) -> None:
    monkeypatch.setattr(disk_space, "LITTLE_GB", 0)
    assert found("disk_space") == []
    monkeypatch.setattr(disk_space, "LITTLE_GB", 10**9)
    assert told("disk_space")["severity"] == "warning"
    monkeypatch.setattr(disk_space, "NONE_GB", 10**9)
    assert told("disk_space")["severity"] == "error"


def test_the_list_of_tables_is_public(found: Found, monkeypatch: Any) -> None:
    from ckan import logic
    from ckanext.datastore.logic.action import datastore_search

    logic.get_action("datastore_search")
    monkeypatch.setitem(logic._actions, "datastore_search", datastore_search)
    assert found("table_list") == ["table_list.public"]


def test_a_processor_without_what_the_engine_needs(found: Found, monkeypatch: Any, tmp_path: Path) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text("processor : 0\nflags : fpu sse4_2 avx\n")
    monkeypatch.setattr(processor, "FACTS", facts)
    monkeypatch.setattr(processor.platform, "machine", lambda: "x86_64")
    assert found("processor") == ["processor.too_old"]
    monkeypatch.setattr(processor, "FOR_OLD_ONES", ("polars",))
    assert found("processor") == []


def test_a_mistake_in_a_workflow(told: Any, ckan_config: Any, tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "perpres.yaml").write_text("key: perpres\nstages: rusak\n")
    ckan_config["ckanext.satudata.rulebook"] = str(tmp_path)
    finding = told("rulebook")
    assert (finding["id"], finding["severity"]) == ("rulebook.mistakes", "error")
    assert "perpres" in finding["items"][0]


def test_a_rulebook_that_is_not_there_and_no_default(found: Found, ckan_config: Any, tmp_path: Path) -> None:
    ckan_config["ckanext.satudata.rulebook"] = str(tmp_path / "tidak-ada")
    assert found("rulebook") == ["rulebook.no_folder"]
    ckan_config["ckanext.satudata.rulebook"] = ""
    ckan_config["ckanext.satudata.workflow"] = ""
    assert "rulebook.no_default" in found("rulebook")


def test_a_second_loader_of_tables_is_told(found: Found, monkeypatch: Any) -> None:
    monkeypatch.setattr(p, "plugin_loaded", lambda name: name == "xloader")
    assert found("outside_writers") == ["outside_writers.xloader"]


def test_a_harvester_without_a_known_account_is_told(found: Found, monkeypatch: Any, ckan_config: Any) -> None:
    monkeypatch.setattr(p, "plugin_loaded", lambda name: name == "harvest")
    assert found("outside_writers") == ["outside_writers.harvester"]
    ckan_config["ckanext.harvest.user_name"] = ckan_config["ckanext.satudata.arrivals"] = "pemanen"
    assert found("outside_writers") == []
    ckan_config["ckanext.satudata.arrivals"] = f"pemanen {ckan_config['ckan.site_id']}"
    assert found("outside_writers") == ["outside_writers.site_user"]
