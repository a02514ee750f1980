"""Tanda terima: producers confirm having read a decision, once each."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest

from .conftest import Office
from .levels import codes, refused, submitted, under


@pytest.fixture
def levels(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    return under(office, monkeypatch, "bertingkat")


def _returned(office: Office) -> tuple[str, str]:
    dataset = submitted(office)
    return dataset, office.decide("staf", dataset, "return", note="Satuan salah.")["event_id"]


def test_producers_confirm_a_decision_once_each(levels: Office) -> None:
    dataset, event = _returned(levels)
    before = levels.written(dataset)
    levels.call("operator", "satudata_receipt_confirm", event_id=event)
    told = levels.call("operator", "satudata_receipt_confirm", event_id=event)
    assert [one["by"] for one in told["receipts"]] == ["operator"]
    assert told["may_confirm"] is False
    levels.call("operator_dua", "satudata_receipt_confirm", event_id=event)
    (listed,) = levels.call("staf", "satudata_receipt_list", id=dataset)
    assert [(one["by"], one["role_label"]) for one in listed["receipts"]] == [
        ("operator", "Produsen Data"),
        ("operator_dua", "Produsen Data"),
    ]
    assert levels.written(dataset)[:3] == before[:3]


def test_the_history_lists_the_receipts(levels: Office) -> None:
    dataset, event = _returned(levels)
    levels.call("operator", "satudata_receipt_confirm", event_id=event)
    history = levels.call("operator", "satudata_history", id=dataset)
    entry = next(one for one in history if one["id"] == event)
    assert [one["by"] for one in entry["receipts"]] == ["operator"]


def test_only_producers_of_the_organization_confirm(levels: Office) -> None:
    _dataset, event = _returned(levels)
    for who in ("staf", "anggota", "admin"):
        assert codes(refused(levels, who, "satudata_receipt_confirm", event_id=event)) == ["receipt_not_yours"], who
    for who in ("operator_lain", "tamu", ""):
        with pytest.raises(tk.NotAuthorized):
            levels.call(who, "satudata_receipt_confirm", event_id=event)


def test_only_stages_with_a_receipt_ask_for_one(levels: Office) -> None:
    dataset = submitted(levels)
    levels.decide("staf", dataset, "pass")
    event = levels.decide("kabid", dataset, "return", note="Periksa lagi.")["event_id"]
    assert codes(refused(levels, "operator", "satudata_receipt_confirm", event_id=event)) == ["receipt_not_asked"]
    asked = levels.call("operator", "satudata_receipt_list", id=dataset)
    assert [(one["label"], one["may_confirm"]) for one in asked] == [("Disetujui", True)]


def test_an_unknown_decision_is_not_found(levels: Office) -> None:
    with pytest.raises(tk.ObjectNotFound):
        levels.call("operator", "satudata_receipt_confirm", event_id="tidak-ada")
