"""Roles from a table: every row is judged first; all are given or none."""

from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge import roles

from .conftest import Office

GOOD = (
    "user,role,position,organization,valid_from,valid_until,letter\n"
    "tamu,kepala_opd,,dinkes,,31/12/2099,800/1/2026\n"
    "anggota@contoh.go.id,Walidata,Kepala Seksi,Dinas Pendidikan,2026-01-01,,\n"
)


def _import(office: Office, text: str = GOOD, who: str = "admin", **more: Any) -> dict[str, Any]:
    return office.call(who, "satudata_grant_import", text=text, **more)


def _held(office: Office, who: str) -> list[tuple[str, str | None]]:
    return [(grant.role, grant.position) for grant in roles.roles_of(office.id(who))]


def _number() -> int:
    model.Session.commit()  # whoever commits later in the same request brings nothing along
    return int(model.Session.execute(sa.text("select count(*) from satudata_grant")).scalar_one())


def test_a_table_gives_all_its_roles(kantor: Office) -> None:
    told = _import(kantor)
    assert (told["new"], told["there"], told["wrong"], told["applied"]) == (2, 0, 0, True)
    assert told["rows"][1]["post"] == "Walidata (Kepala Seksi)"
    assert told["rows"][1]["office"] == "Dinas Pendidikan"
    assert _held(kantor, "tamu") == [("kepala_opd", None)]
    assert _held(kantor, "anggota") == [("walidata", "kasi")]
    [grant] = kantor.call("admin", "satudata_grant_list", user="tamu")
    assert (grant["last_day"], grant["letter"]) == ("2099-12-31", "800/1/2026")


def test_a_dry_run_gives_nothing(kantor: Office) -> None:
    before = _number()
    told = _import(kantor, dry_run=True)
    assert (told["new"], told["applied"]) == (2, False)
    assert _number() == before


def test_one_wrong_row_and_nothing_is_given(kantor: Office) -> None:
    before = _number()
    with pytest.raises(tk.ValidationError) as caught:
        _import(kantor, GOOD + "siapa,walidata,,,,,\n")
    errors: dict[str, Any] = caught.value.error_dict
    [row] = errors["rows"]
    assert (row["line"], row["user"]) == (4, "siapa")
    assert _number() == before


def test_the_same_table_twice_changes_nothing(kantor: Office) -> None:
    _import(kantor)
    before = _number()
    told = _import(kantor)
    assert (told["new"], told["there"]) == (0, 2)
    assert _number() == before


def test_a_row_that_stands_twice_is_given_once(kantor: Office) -> None:
    row = GOOD.splitlines()[1]
    told = _import(kantor, f"{GOOD}{row}\n")
    assert (told["new"], told["there"]) == (2, 1)


WRONG = [
    ("tamu,raja,,,,,", "no such role"),
    ("tamu,walidata,camat,,,,", "no such position"),
    ("tamu,walidata,,tidak-ada,,,", "no such organization"),
    ("tamu,walidata,,,kemarin,,", "Write the date"),
    ("tamu,walidata,,,2026-05-01,2026-04-01,", "ends before it starts"),
    ("tamu,produsen_data,,,,,", "is not granted"),
    (",walidata,,,,,", "column user is empty"),
    ("tamu,,,,,,", "column role is empty"),
    ("tamu,walidata,,,,,x,y,z", "more cells"),
    ("tamu,walidata,,,,," + "x" * 201, "At most 200"),
]


def test_each_wrong_row_says_what_is_wrong(kantor: Office) -> None:
    head = GOOD.splitlines()[0]
    told = _import(kantor, "\n".join([head, *(row for row, _ in WRONG)]), dry_run=True)
    for row, (written, sentence) in zip(told["rows"], WRONG, strict=True):
        assert any(sentence in text for text in row["errors"]), (written, row["errors"])
    assert told["wrong"] == len(WRONG)


def test_semicolons_a_byte_order_mark_and_indonesian_columns_are_understood(kantor: Office) -> None:
    text = "\ufeffPengguna;Peran;Jabatan;OPD;Mulai;Sampai;Nomor surat\r\ntamu;Walidata;;;;;\r\n\r\n"
    upload = FileStorage(io.BytesIO(text.encode()), "petugas.csv")
    kantor.call("admin", "satudata_grant_import", upload=upload)
    assert _held(kantor, "tamu") == [("walidata", None)]


def test_what_is_no_table_is_refused(kantor: Office) -> None:
    for text in (
        *("", "user,role\n", "a,b\n1,2\n", "user,user,role\nx,y,z\n", "role\nwalidata\n", 'user,role\n"x,y\n'),
        "user,role\n" + "tamu,walidata\n" * 2001,
    ):
        with pytest.raises(tk.ValidationError):
            _import(kantor, text)
    for content in (b"PK\x03\x04\x00\x00", "user,role\ntamu,ké".encode("latin-1"), b"x" * 1_000_001):
        with pytest.raises(tk.ValidationError) as caught:
            kantor.call("admin", "satudata_grant_import", upload=FileStorage(io.BytesIO(content), "x.csv"))
        assert "upload" in caught.value.error_dict


def test_an_organizations_admin_brings_roles_of_the_own_office_only(kantor: Office) -> None:
    told = _import(kantor, who="operator_dua", dry_run=True)
    assert [row["status"] for row in told["rows"]] == ["new", "wrong"]
    assert "your own organization" in told["rows"][1]["errors"][0]


def test_everybody_is_told_once_and_only_when_it_is_given(kantor: Office) -> None:
    _import(kantor, dry_run=True)
    assert kantor.call("tamu", "satudata_notice_list")["results"] == []
    _import(kantor)
    [notice] = kantor.call("tamu", "satudata_notice_list")["results"]
    assert "Kepala OPD" in notice["text"]


@pytest.mark.thorough
def test_the_command_line_brings_a_table(kantor: Office, cli: Any, tmp_path: Any) -> None:
    table = tmp_path / "petugas.csv"
    table.write_text(GOOD, "utf-8-sig")
    shown = cli.invoke(ckan_command, ["satudata", "grant", "import", str(table), "--dry-run"])
    assert shown.exit_code == 0, shown.output
    assert "2 new" in shown.output
    assert _held(kantor, "tamu") == []
    done = cli.invoke(ckan_command, ["satudata", "grant", "import", str(table)])
    assert done.exit_code == 0, done.output
    assert _held(kantor, "tamu") == [("kepala_opd", None)]
    table.write_text(GOOD + "siapa,walidata\n", "utf-8")
    wrong = cli.invoke(ckan_command, ["satudata", "grant", "import", str(table)])
    assert wrong.exit_code == 1
    assert "nothing was given" in wrong.output
