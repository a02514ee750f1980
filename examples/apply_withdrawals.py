#!/usr/bin/env python3
"""Delete from one CKAN what another one has withdrawn.

A harvester copies what it finds and does not delete by itself. This program reads the public list of withdrawals of
the portal that was harvested and deletes the same datasets and files in the portal that harvested them, by their id
(CKAN's harvester keeps the ids). Without --apply it only says what it would do.

    export CKAN_TOKEN=…            # of a user who may delete there
    ./apply_withdrawals.py https://satudata.example.go.id https://pusat.example.go.id --state last.txt --apply

Python's standard library is enough. Exit status: 0 done, 1 something could not be deleted (it is tried again with the
next call), 2 the list could not be read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

PAGE = 500
SECONDS = 60
# Two withdrawals of the same moment may be committed one after the other: look back a little.
OVERLAP = timedelta(hours=1)


class CallError(Exception):
    """An action that did not work; ``status`` is that of HTTP, 0 when nobody answered."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status}: {words}")
        self.status = status


def call(portal: str, action: str, token: str = "", **data: Any) -> Any:
    """The result of an action of a CKAN portal."""
    headers = {"Content-Type": "application/json", "User-Agent": "apply_withdrawals"}
    if token:
        headers["Authorization"] = token
    url = f"{portal.rstrip('/')}/api/3/action/{action}"
    request = urllib.request.Request(url, json.dumps(data).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        raise CallError(error.code, error.read(2000).decode("utf-8", "replace")) from error
    except (OSError, ValueError) as error:
        raise CallError(0, str(error)) from error


def withdrawn(source: str, since: str | None) -> Iterator[dict[str, Any]]:
    """Everything in the list since a moment, the oldest first."""
    offset = 0
    while True:
        asked = {"limit": PAGE, "offset": offset, **({"since": since} if since else {})}
        found = call(source, "satudata_withdrawn_list", **asked)["results"]
        yield from found
        if len(found) < PAGE:
            return
        offset += PAGE


def what_to_delete(row: dict[str, Any]) -> tuple[str, str] | None:
    """Kind (``package``, ``resource``) and id; ``None`` for an earlier version, which a harvester does not hold."""
    if row["resource_id"]:
        return "resource", row["resource_id"]
    return None if row["version"] else ("package", row["dataset_id"])


def delete(target: str, token: str, kind: str, key: str, *, purge: bool, apply: bool) -> str:
    """Delete one thing; what was done, in one word."""
    try:
        shown = call(target, f"{kind}_show", token, id=key)
    except CallError as error:
        if error.status == 404:
            return "not there"
        raise
    if shown.get("state") == "deleted":
        return "deleted before"
    if not apply:
        return "would be deleted"
    call(target, "dataset_purge" if purge and kind == "package" else f"{kind}_delete", token, id=key)
    return "deleted"


def run(arguments: argparse.Namespace, token: str) -> int:
    """Go through the list; see the exit status above."""
    state = Path(arguments.state) if arguments.state else None
    since = state.read_text("utf-8").strip() if state is not None and state.exists() else None
    newest, failed = None, 0
    try:
        for row in withdrawn(arguments.source, since):
            newest = row["withdrawn"]
            place = what_to_delete(row)
            if place is None:
                continue
            try:
                done = delete(arguments.target, token, *place, purge=arguments.purge, apply=arguments.apply)
            except CallError as error:
                failed += 1
                done = f"FAILED {error}"
            print(f"{row['withdrawn']}  {place[0]:8} {place[1]}  {row['kind']:9}  {done}")
    except CallError as error:
        print(f"the list cannot be read: {error}", file=sys.stderr)
        return 2
    # only what was really done needs not be asked for again
    if state is not None and arguments.apply and newest is not None and not failed:
        state.write_text((datetime.fromisoformat(newest) - OVERLAP).isoformat(), "utf-8")
    return 1 if failed else 0


def main(given: list[str] | None = None) -> int:
    """Read the command line and go through the list."""
    parser = argparse.ArgumentParser(description="Delete from one CKAN what another one has withdrawn.")
    parser.add_argument("source", help="address of the portal that was harvested")
    parser.add_argument("target", help="address of the portal that harvested it; its token is in CKAN_TOKEN")
    parser.add_argument("--state", metavar="FILE", help="remember here how far the list was read")
    parser.add_argument("--purge", action="store_true", help="remove datasets for good instead of marking them deleted")
    parser.add_argument("--apply", action="store_true", help="delete; without it only say what would be done")
    return run(parser.parse_args(given), os.environ.get("CKAN_TOKEN", ""))


if __name__ == "__main__":
    raise SystemExit(main())
