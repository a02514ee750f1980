"""Grants as a table that a spreadsheet opens and :mod:`importing` reads back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from ckanext.satudata.bridge import spreadsheets

COLUMNS = ("user", "role", "position", "organization", "valid_from", "valid_until", "letter")
BESIDE = ("nama", "status", "plt_plh")


def table(grants: Iterable[dict[str, Any]], names: dict[str, str]) -> str:
    """CSV with semicolons and a byte order mark, as Excel in Indonesian opens it; ``names`` of organizations by id."""
    out = io.StringIO()
    out.write(spreadsheets.MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*COLUMNS, *BESIDE])
    for grant in grants:
        organization = names.get(grant["organization"]["id"], "") if grant["organization"] else ""
        cells = (grant["user"]["name"] or "", grant["role"], grant["position"] or "", organization)
        period = (grant["first_day"], grant["last_day"] or "", grant["letter"] or "")
        beside = (grant["user"]["display_name"] or "", grant["status"], grant["deputy_kind"] or "")
        writer.writerow([spreadsheets.cell(one) for one in (*cells, *period, *beside)])
    return out.getvalue()
