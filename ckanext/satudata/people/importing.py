"""Roles from a table: read it, judge every row, give all or nothing."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.people import grants, telling, vocabulary
from ckanext.satudata.people.model import GrantRow
from ckanext.satudata.people.reach import Reach

# Columns by what a table may call them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "user": ("user", "pengguna", "akun", "surel", "email"),
    "role": ("role", "peran"),
    "position": ("position", "jabatan"),
    "organization": ("organization", "organisasi", "opd"),
    "valid_from": ("valid_from", "mulai", "berlaku_mulai"),
    "valid_until": ("valid_until", "sampai", "berlaku_sampai"),
    "letter": ("letter", "surat", "nomor_surat"),
}
# What our own list says beside, so that an exported table can be sent back.
BESIDE = ("nama", "status", "plt_plh")
MOST_ROWS = 2000
MOST_BYTES = 1_000_000


@dataclass
class Line:
    """A row of the table: as it was written, and what was found out about it."""

    number: int
    written: dict[str, str]
    meant: dict[str, str | None] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    there: bool = False

    @property
    def status(self) -> str:
        if self.errors:
            return "wrong"
        return "there" if self.there else "new"


def read(data: dict[str, Any]) -> list[Line]:
    """The rows of ``upload`` or ``text``; ``ValidationError`` for a table that cannot be read."""
    upload = data.get("upload")
    if upload is not None and hasattr(upload, "read"):
        return _lines("upload", decoded(upload.read(MOST_BYTES + 1)))
    if isinstance(data.get("text"), str) and data["text"].strip():
        return _lines("text", decoded(data["text"].encode()))
    raise _unreadable("upload", tk._("Choose a file, or paste the table."))


def apply(lines: list[Line], reach: Reach, *, dry_run: bool, commit: bool) -> dict[str, Any]:
    """Give every role, each as :func:`grants.create` judges it; what a wrong row or a dry run wrote is taken back."""
    known = _Known(lines)
    with model.Session.begin_nested() as attempt:
        given = [grant for line in lines if (grant := _give(line, known, reach)) is not None]
        wrong = any(line.errors for line in lines)
        if wrong or dry_run:
            attempt.rollback()
        else:
            telling.about("grant_given", given)
    answer = _answer(lines, known, applied=not wrong and not dry_run)
    if wrong and not dry_run:
        raise tk.ValidationError({"rows": [row for row in answer["rows"] if row["status"] == "wrong"]})
    if answer["applied"] and commit:
        model.Session.commit()
    return answer


class _Known:
    """Everybody and everything a table names, looked up once."""

    def __init__(self, lines: list[Line]) -> None:
        self.roles, self.positions = vocabulary.labels("roles"), vocabulary.labels("positions")
        self.users = _users({line.written["user"].lower() for line in lines})
        self.organizations = _organizations({line.written["organization"].lower() for line in lines})

    def word(self, words: dict[str, str], written: str) -> str:
        """The key of a role or position that was written as key or in words."""
        wanted = written.lower()
        return next((key for key, label in words.items() if wanted in (key, label.lower())), written)


def _give(line: Line, known: _Known, reach: Reach) -> GrantRow | None:
    written = line.written
    for name in ("user", "role"):
        if not written[name]:
            line.errors.append(tk._("The column {column} is empty.").format(column=name))
    users = known.users.get(written["user"].lower(), [])
    offices = known.organizations.get(written["organization"].lower(), [])
    if written["user"] and len(users) != 1:
        line.errors.append(tk._("There is no account of this name or e-mail address."))
    if written["organization"] and len(offices) != 1:
        line.errors.append(
            tk._("Several organizations have this title; write the name in their address.")
            if offices
            else tk._("There is no such organization.")
        )
    if line.errors:
        return None
    line.meant = {
        "user": users[0][0],
        "person": users[0][1],
        "role": known.word(known.roles, written["role"]),
        "position": known.word(known.positions, written["position"]) or None,
        "organization": offices[0][0] if offices else None,
        "office": offices[0][1] if offices else None,
    }
    return _judged(line, reach)


def _judged(line: Line, reach: Reach) -> GrantRow | None:
    meant = line.meant
    why = reach.refusal(str(meant["role"]), meant["organization"], meant["user"])
    if why is not None:
        line.errors.append(why)
        return None
    if len(line.written["letter"]) > 200:
        line.errors.append(tk._("At most {length} characters.").format(length=200))
        return None
    period = {name: line.written[name] for name in ("valid_from", "valid_until", "letter")}
    keys = {name: meant[name] for name in ("user", "role", "position", "organization")}
    try:
        return grants.create({**keys, **period}, reach.user_id, tell=False)
    except grants.AlreadyHeld:
        line.there = True
    except tk.ValidationError as error:
        errors: dict[str, Any] = error.error_dict
        line.errors += [str(sentence) for found in errors.values() for sentence in found]
    return None


def _answer(lines: list[Line], known: _Known, *, applied: bool) -> dict[str, Any]:
    rows = [
        {
            "line": line.number,
            "status": line.status,
            **line.written,
            "person": line.meant.get("person"),
            "post": vocabulary.post(str(line.meant["role"]), line.meant["position"])
            if line.meant.get("role") in known.roles
            else None,
            "office": line.meant.get("office"),
            "errors": line.errors,
        }
        for line in lines
    ]
    counts = {status: sum(line.status == status for line in lines) for status in ("new", "there", "wrong")}
    return {"rows": rows, **counts, "applied": applied}


def decoded(content: bytes) -> str:
    """The text of a file; ``ValidationError`` for one that is too large or no text."""
    if len(content) > MOST_BYTES:
        raise _unreadable("upload", tk._("The table is larger than 1 MB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = tk._("This is no CSV file in UTF-8. In Excel choose “CSV UTF-8” when you save it.")
        raise _unreadable("upload", sentence) from error
    if "\0" in text:
        raise _unreadable("upload", tk._("This is no CSV file in UTF-8. In Excel choose “CSV UTF-8” when you save it."))
    return text


def _lines(key: str, text: str) -> list[Line]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        found = list(enumerate(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), start=1))
    except csv.Error as error:
        raise _unreadable(key, tk._("The table cannot be read: a quotation mark is not closed.")) from error
    rows = [
        (number, [cell.strip() for cell in cells]) for number, cells in found if any(cell.strip() for cell in cells)
    ]
    if len(rows) < 2:
        raise _unreadable(key, tk._("The table has no rows. The first line names the columns."))
    if len(rows) - 1 > MOST_ROWS:
        raise _unreadable(key, tk._("At most {count} rows at a time.").format(count=MOST_ROWS))
    names = _columns(key, rows[0][1])
    lines: list[Line] = []
    for number, cells in rows[1:]:
        values = dict(zip(names, cells, strict=False))
        line = Line(number, {name: values.get(name, "") for name in COLUMNS})
        if len(cells) > len(names) and any(cells[len(names) :]):
            line.errors.append(tk._("This row has more cells than the first line has columns."))
        if values.get("plt_plh"):
            line.errors.append(tk._("A deputy is appointed anew, with a letter."))
        lines.append(line)
    return lines


def _columns(key: str, cells: list[str]) -> list[str]:
    names: list[str] = []
    for cell in cells:
        wanted = cell.lower().replace(" ", "_")
        name = next((name for name, words in COLUMNS.items() if wanted in words), None)
        if name is None and wanted not in BESIDE:
            columns = ", ".join(COLUMNS)
            sentence = tk._("The column “{column}” is unknown. Columns: {columns}.").format(
                column=cell, columns=columns
            )
            raise _unreadable(key, sentence)
        if name in names:
            raise _unreadable(key, tk._("The column “{column}” is there twice.").format(column=cell))
        names.append(name or wanted)
    for name in ("user", "role"):
        if name not in names:
            raise _unreadable(key, tk._("The column “{column}” is missing.").format(column=name))
    return names


def _users(wanted: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Active users by name, id and e-mail, in lower case."""
    table = model.user_table
    query = sa.select(model.User).where(
        table.c["state"] == "active",
        sa.or_(
            sa.func.lower(table.c["name"]).in_(wanted),
            table.c["id"].in_(wanted),
            sa.func.lower(table.c["email"]).in_(wanted),
        ),
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for user in model.Session.execute(query).scalars():
        for key in {user.name.lower(), user.id, (user.email or "").lower()}:
            found.setdefault(key, []).append((user.id, user.display_name))
    return found


def _organizations(wanted: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Active organizations by name, id and title, in lower case; a name goes before a title."""
    table = model.group_table
    columns = (sa.func.lower(table.c["name"]), table.c["id"], sa.func.lower(table.c["title"]))
    query = sa.select(table.c["id"], table.c["name"], table.c["title"]).where(
        table.c["is_organization"].is_(True),
        table.c["state"] == "active",
        sa.or_(*(column.in_(wanted) for column in columns)),
    )
    named: dict[str, list[tuple[str, str]]] = {}
    titled: dict[str, list[tuple[str, str]]] = {}
    for found, name, title in model.Session.execute(query):
        for key in {found, name.lower()}:
            named.setdefault(key, []).append((found, title or name))
        titled.setdefault((title or "").lower(), []).append((found, title or name))
    return {**titled, **named}


def _unreadable(key: str, sentence: str) -> tk.ValidationError:
    return tk.ValidationError({key: [sentence]})
